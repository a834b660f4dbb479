// Trains a small model of a simulated shop, as `presage train` does but on fewer examples, and collects
// what the parity test in workerd compares.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inputSpecs } from '../../features/encode.ts'
import type { Result } from '../../features/result.ts'
import { shop } from '../../projects/shop.ts'
import { shopSimulator } from '../../simulation/shop.ts'
import { writeBundle } from '../../training/bundle.ts'
import type { Card } from '../../training/card.ts'
import type { DataSet } from '../../training/data/data-set.ts'
import { selectExamples } from '../../training/examples/example-set.ts'
import { makeExamples } from '../../training/examples/make-examples.ts'
import { findFamily } from '../../training/find-family.ts'
import { createHeads } from '../../training/heads/create-heads.ts'
import { createRunner } from '../../training/onnx/run.ts'
import { exportProven, PARITY_ROWS } from '../../training/prove.ts'
import type { GoldenBundle, GoldenUser } from '../workerd/golden-bundle.ts'
import { simulatedData } from './simulated-data.ts'

const SEED = 11
const SIZES = { userCount: 250, days: 150 }
/** Few to learn from, and enough to compare a thousand. */
const EXAMPLES = { train: 600, validation: 150, test: 1_300 }

/** A bundle written by training, more rows than its golden ones, and the questions behind them. */
export async function trainGolden(familyName: string): Promise<GoldenBundle> {
  const data = simulatedData({ simulator: shopSimulator, seed: SEED, endMs: Date.UTC(2026, 5, 1), ...SIZES })
  const request = { project: shop, data, seed: SEED, examples: EXAMPLES }
  const family = valueOf(findFamily(familyName))
  const { features, train, validation, test, newcomers } = valueOf(await makeExamples(request))
  const created = valueOf(createHeads(shop, { targets: train.targets, newcomerTargets: newcomers }))
  const heads = created.heads.map((head) => ({ ...head, basis: 'model' as const }))
  const fitted = await family.fit({ shape: { features, heads }, train, validation, seed: SEED })
  try {
    const { model, golden } = valueOf(await exportProven({ fitted, features, heads, examples: test }))
    const rows = Array.from({ length: PARITY_ROWS }, (_, row) => row)
    const asked = selectExamples(test, rows)
    const runner = await createRunner(model, inputSpecs(features))
    const onnxNode = await runner.run(asked.inputs, asked.count).finally(() => runner.release())
    const manifest = { project: shop.name, family: family.name, features, heads }
    // No card is read by the service but for its metrics.
    const written = await writeFiles({ model, golden, manifest, card: {} as Card })
    return {
      ...written,
      rows: asked.count,
      inputs: toNumbers(asked.inputs),
      tensorflow: toNumbers(await fitted.logits(asked)),
      onnxNode: toNumbers(onnxNode),
      questions: asked.userIds.map((userId, row) => ({ userId, atMs: asked.atMs[row] ?? Number.NaN })),
      users: await usersOf(data, new Set(asked.userIds)),
      items: [...data.items],
    }
  } finally {
    fitted.dispose()
  }
}

function valueOf<Value>(result: Result<Value, unknown>): Value {
  if (result.ok) return result.value
  throw new Error(`Training failed: ${JSON.stringify(result.reason)}`)
}

/** The files of a bundle as they are written. */
async function writeFiles(
  parts: Parameters<typeof writeBundle>[1],
): Promise<Pick<GoldenBundle, 'id' | 'files'>> {
  const bundlesFolder = mkdtempSync(join(tmpdir(), 'presage-golden-'))
  try {
    const { id, folder } = await writeBundle(bundlesFolder, parts)
    const files = readdirSync(folder).map(
      (name) => [name, readFileSync(join(folder, name), 'base64')] as const,
    )
    return { id, files: Object.fromEntries(files) }
  } finally {
    rmSync(bundlesFolder, { recursive: true })
  }
}

function toNumbers(columns: Readonly<Record<string, ArrayLike<number>>>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Array.from(values)]))
}

async function usersOf(data: DataSet, wanted: ReadonlySet<string>): Promise<GoldenBundle['users']> {
  const users: Record<string, GoldenUser> = {}
  for await (const { userId, versions, events } of data.users()) {
    if (wanted.has(userId)) users[userId] = { versions, events }
  }
  return users
}
