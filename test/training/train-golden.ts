// Trains a small model of a simulated shop, as `presage train` does but on fewer examples, and collects
// what the parity test in workerd compares.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { longestHorizonMs } from '../../features/project.ts'
import { shop } from '../../projects/shop.ts'
import { shopSimulator } from '../../simulation/shop.ts'
import { writeBundle } from '../../training/bundle.ts'
import type { EventData, UserHistory } from '../../training/data/data-set.ts'
import type { PartExamples } from '../../training/examples/make-examples.ts'
import { splitByTime } from '../../training/examples/parts.ts'
import { replayLog } from '../../training/examples/replay.ts'
import { createRunner } from '../../training/onnx/run.ts'
import { fitModel } from '../../training/train.ts'
import type { GoldenBundle } from '../workerd/golden-bundle.ts'
import { simulatedData } from './simulated-data.ts'

const SEED = 11
const SIZES = { userCount: 250, days: 150 }
/** Few to learn from, and more to test on than a bundle has golden rows. */
const EXAMPLES_MAX = { train: 600, validation: 150, test: 1_300 }

/** A bundle written by training, its golden rows and the questions that they answer. */
export async function trainGolden(family: string): Promise<GoldenBundle> {
  const data = simulatedData({ simulator: shopSimulator, seed: SEED, endMs: Date.UTC(2026, 5, 1), ...SIZES })
  const fitted = await fitModel({
    project: shop,
    data,
    family,
    seed: SEED,
    examples: await examplesOf(data),
  })
  if (!fitted.ok) throw new Error(`Training failed: ${JSON.stringify(fitted.reason)}`)
  const { golden, manifest, model } = fitted.value
  const runner = await createRunner(model, manifest.inputs)
  const onnxNode = await runner.run(golden.examples.inputs, golden.examples.count)
  await runner.release()

  const bundlesFolder = mkdtempSync(join(tmpdir(), 'presage-golden-'))
  try {
    const { id, folder } = await writeBundle(bundlesFolder, fitted.value)
    const written = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'))
    const { userIds, atMs } = golden.examples
    return {
      id,
      modelBase64: readFileSync(join(folder, 'model.onnx')).toString('base64'),
      manifestText: readFileSync(join(folder, 'manifest.json'), 'utf8'),
      cardText: readFileSync(join(folder, 'card.json'), 'utf8'),
      rows: written.rows,
      inputs: written.inputs,
      tensorflow: written.outputs,
      onnxNode: Object.fromEntries(
        Object.entries(onnxNode).map(([task, values]) => [task, Array.from(values)]),
      ),
      questions: userIds.map((userId, row) => ({ userId, at: atMs[row] ?? Number.NaN })),
      users: await usersOf(data, new Set(userIds)),
      items: [...data.items],
    }
  } finally {
    rmSync(bundlesFolder, { recursive: true })
  }
}

async function examplesOf(data: EventData): Promise<PartExamples> {
  const { startMs, endMs } = data
  const split = splitByTime({ startMs, endMs, longestHorizonMs: longestHorizonMs(shop) })
  if (!split.ok) throw new Error('The simulated log is too short')
  const request = { project: shop, data, parts: split.value, seed: SEED, examplesMax: EXAMPLES_MAX }
  const { features, examples } = await replayLog(request)
  const about = { rows: data.eventCount, users: data.userCount, skippedRows: 0 }
  return { features, ...examples, split: 'by time', data: about }
}

async function usersOf(data: EventData, wanted: ReadonlySet<string>): Promise<GoldenBundle['users']> {
  const users: Record<string, Pick<UserHistory, 'attributes' | 'events'>> = {}
  for await (const { userId, attributes, events } of data.users()) {
    if (wanted.has(userId)) users[userId] = { attributes, events }
  }
  return users
}
