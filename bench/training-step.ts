// How long one step of training takes on a batch of a simulated shop's examples: forward, backward, Adam
// and the running average. For WebAssembly also with TensorFlow.js's own kernels in place of those in
// training/tf/wasm. The contestants take turns in one process, so that a busy machine slows all alike.
//   node bench/training-step.ts [--families pooled,transformer] [--steps 12] [--users 400] [--json]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { loadProject } from '../cli/projects/load-project.ts'
import { openData } from '../cli/storage/open-data.ts'
import { writeSimulation } from '../cli/storage/simulate-data.ts'
import { selectExamples } from '../training/examples/example-set.ts'
import type { ExampleSet } from '../training/examples/example-set.ts'
import { makeExamples } from '../training/examples/make-examples.ts'
import { createLearner } from '../training/fit/learner.ts'
import { trainingDefaults } from '../training/fit/settings.ts'
import { createHeads } from '../training/heads/create-heads.ts'
import { gradientFamilies } from '../training/models/families.ts'
import type { ModelShape } from '../training/models/family.ts'
import { startBackend } from '../training/tf/backend.ts'
import { median } from './median.ts'

const { values: options } = parseArgs({
  options: {
    families: { type: 'string', default: 'pooled,transformer' },
    steps: { type: 'string', default: '12' },
    users: { type: 'string', default: '400' },
    json: { type: 'boolean', default: false },
  },
})
const END_MS = Date.UTC(2026, 0, 1)
const WARM_UP_COUNT = 2

interface Problem {
  readonly shape: ModelShape
  readonly batch: ExampleSet
}

interface Contestant {
  readonly family: string
  readonly backend: string
  /** Makes the backend and its kernels the current ones. */
  start(): Promise<void>
  step(): void
  readonly measuredMs: number[]
}

const problem = await simulateProblem()
const contestants = [...(await inNative()), ...(await inWasm())]
for (let round = 0; round < WARM_UP_COUNT + Number(options.steps); round += 1) {
  for (const contestant of contestants) {
    await contestant.start()
    const startedAt = performance.now()
    contestant.step()
    if (round >= WARM_UP_COUNT) contestant.measuredMs.push(performance.now() - startedAt)
  }
}
const rows = contestants.map(({ family, backend, measuredMs }) => ({
  family,
  backend,
  medianMs: median(measuredMs),
  minMs: Math.min(...measuredMs),
}))
const { shape, batch } = problem
const sizes = { batch: batch.count, sequenceLength: shape.features.sequenceLength }
console.log(options.json ? JSON.stringify({ ...sizes, steps: Number(options.steps), rows }) : table())

async function inNative(): Promise<Contestant[]> {
  try {
    await startBackend('native')
  } catch (error) {
    process.stderr.write(`${String(error)}\n`)
    return []
  }
  return contestantsOn('native', async () => void (await tf.setBackend('tensorflow')))
}

/** The stock kernels are those that were there before ours took their place. */
async function inWasm(): Promise<Contestant[]> {
  const stock = new Map(tf.getKernelsForBackend('wasm').map((kernel) => [kernel.kernelName, kernel]))
  await startBackend('wasm')
  const replaced = tf.getKernelsForBackend('wasm').flatMap((own) => {
    const before = stock.get(own.kernelName)
    return before === undefined || before === own ? [] : [{ own, before }]
  })
  return [true, false].flatMap((isStock) =>
    contestantsOn(isStock ? 'wasm, stock kernels' : 'wasm', async () => {
      for (const { own, before } of replaced) {
        tf.unregisterKernel(own.kernelName, 'wasm')
        tf.registerKernel(isStock ? before : own)
      }
      await tf.setBackend('wasm')
    }),
  )
}

function contestantsOn(backend: string, start: () => Promise<void>): Contestant[] {
  return options.families
    .split(',')
    .map((family) => ({ family, backend, start, step: createStep(family), measuredMs: [] }))
}

/** A step of fit on the problem's batch, with parameters of its own on the current backend. */
function createStep(name: string): () => void {
  const family = gradientFamilies.find((candidate) => candidate.name === name)
  if (family === undefined) throw new Error(`There is no family '${name}' that learns by steps`)
  const model = family.modelWith()
  const learner = createLearner({ ...model, shape: problem.shape, train: problem.batch, seed: 1 })
  return () => void learner.takeStep(problem.batch)
}

async function simulateProblem(): Promise<Problem> {
  const folder = mkdtempSync(join(tmpdir(), 'presage-step-'))
  try {
    const userCount = Number(options.users)
    await writeSimulation({ project: 'shop', seed: 1, userCount, nowMs: END_MS, folder })
    const { project } = await loadProject('shop')
    const data = await openData({ project, path: folder, skipBadRows: false })
    const made = await makeExamples({ project, data, seed: 1 })
    data.close()
    if (!made.ok) throw new Error(`No examples: ${made.reason.code}`)
    const { train, features, newcomers } = made.value
    const heads = createHeads(project, { targets: train.targets, newcomerTargets: newcomers })
    if (!heads.ok) throw new Error('There are too few examples')
    const chosen = Array.from({ length: trainingDefaults.batchSize }, (_, place) => place)
    return { shape: { features, heads: heads.value.heads }, batch: selectExamples(train, chosen) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function table(): string {
  const lines = rows.map(
    ({ family, backend, medianMs, minMs }) =>
      `| ${family} | ${backend} | ${medianMs.toFixed(1)} | ${minMs.toFixed(1)} |`,
  )
  const head = '| family | backend | median, ms a step | min |\n|---|---|---|---|'
  return `batch ${sizes.batch}, sequence length ${sizes.sequenceLength}, ${options.steps} steps\n\n${head}\n${lines.join('\n')}`
}
