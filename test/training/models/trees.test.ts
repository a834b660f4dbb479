import { assert, asyncProperty, integer, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inputSpecs } from '../../../features/encode.ts'
import { vocabularyIdCount } from '../../../features/categories.ts'
import { layoutOf } from '../../../features/layout.ts'
import { createRandom } from '../../../features/random.ts'
import { selectExamples } from '../../../training/examples/example-set.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'
import type { Fitted, ModelShape } from '../../../training/models/family.ts'
import { priorOutputs } from '../../../training/models/prior-outputs.ts'
import { trees } from '../../../training/models/trees.ts'
import { checkModel } from '../../../training/onnx/check.ts'
import { createRunner } from '../../../training/onnx/run.ts'
import { parityOf, PARITY_MAX } from '../../../training/prove.ts'
import { buildFeatures } from '../../features/generated.ts'
import { randomInputs, randomTargets, shapes } from './build-model.ts'

const log = shapes['log'] as ModelShape

/** Random inputs in which flags of missing numbers are flags, and targets that follow some of them. */
function examplesOf(shape: ModelShape, count: number, seed = 1): ExampleSet {
  const random = createRandom(seed)
  const inputs = randomInputs(shape, count)
  const { numbers } = inputs
  const width = (numbers?.length ?? 0) / count
  for (const flag of missingPlaces(shape)) {
    for (let row = 0; row < count; row += 1) {
      if (numbers === undefined) break
      const isMissing = random.next() < 0.2
      numbers[row * width + flag] = isMissing ? 1 : 0
      if (isMissing) numbers[row * width + flag - 1] = 0
    }
  }
  const targets = randomTargets(shape, count)
  const [buys] = Object.values(targets)
  const ids = inputs['categories']
  const categories = layoutOf(shape.features).filter(({ input }) => input === 'categories')
  for (const { from, baseline } of categories) {
    const size = vocabularyIdCount(shape.features.categories[from]?.values.length ?? 0)
    for (let row = 0; row < count; row += 1) {
      if (ids === undefined) break
      ids[row * categories.length + from] = (baseline[0] ?? 0) + random.integer(size)
    }
  }
  for (let row = 0; row < count; row += 1) {
    const id = ids?.[(row * ids.length) / count] ?? 0
    if (buys !== undefined && random.next() < 0.8) buys[row] = id % 3 === 0 ? 1 : 0
  }
  return {
    count,
    inputs,
    targets,
    userIds: Array.from({ length: count }, (_, row) => `user${row}`),
    atMs: new Float64Array(count),
    isFirst: new Uint8Array(count),
    from: Array.from({ length: count }, () => 'event' as const),
  }
}

function missingPlaces({ features }: ModelShape): number[] {
  const places: number[] = []
  let from = features.historyNumbers.length
  for (const { boundaries } of features.attributeNumbers) {
    places.push(from + 1)
    from += 2 + Math.max(0, boundaries.length - 1)
  }
  return places
}

async function differenceOf(fitted: Fitted, shape: ModelShape, examples: ExampleSet): Promise<number> {
  const model = fitted.export()
  expect(checkModel(model)).toMatchObject({ ok: true })
  const runner = await createRunner(model, inputSpecs(shape.features))
  const right = await runner.run(examples.inputs, examples.count).finally(() => runner.release())
  return parityOf(shape.heads, { rows: examples.count, left: await fitted.logits(examples), right })
}

function rounds({ heads }: ModelShape, count: number): { epochs: Record<string, number> } {
  return { epochs: Object.fromEntries(heads.map(({ task }) => [task, count])) }
}

/** Splits as deep as there can be, of few rows. */
const eager = { minRows: 1, rowsALeaf: 2, learningRate: 0.3, categorySmooth: 1, categoryL2: 1 }

describe('trees', () => {
  it.each(Object.entries(shapes))('give the same answers through ONNX Runtime: %s', async (_, shape) => {
    const fitted = await trees.fit({
      shape,
      train: examplesOf(shape, 300),
      stopAt: rounds(shape, 20),
      seed: 1,
      settings: eager,
    })
    expect(fitted.describe().parameters).toBeGreaterThan(50)
    expect(await differenceOf(fitted, shape, examplesOf(shape, 500, 2))).toBeLessThan(PARITY_MAX)
  })

  it('give the same answers through ONNX Runtime whatever was grown', async () => {
    await assert(
      asyncProperty(
        record({
          seed: integer({ min: 0, max: 1e6 }),
          values: integer({ min: 0, max: 300 }),
          rows: integer({ min: 20, max: 400 }),
          leavesMax: integer({ min: 2, max: 31 }),
          categoriesMax: integer({ min: 1, max: 64 }),
        }),
        async ({ seed, values, rows, leavesMax, categoriesMax }) => {
          const plan = {
            name: 'plan',
            origin: 'user' as const,
            values: Array.from({ length: values }, (_, place) => `plan${place}`),
          }
          const features = buildFeatures()
          const shape = {
            ...log,
            features: { ...features, categories: [plan, ...features.categories.slice(1)] },
          }
          const fitted = await trees.fit({
            shape,
            train: examplesOf(shape, rows, seed),
            stopAt: rounds(shape, 5),
            seed,
            settings: { ...eager, leavesMax, categoriesMax },
          })
          const difference = await differenceOf(fitted, shape, examplesOf(shape, 200, seed + 1))
          expect(difference).toBeLessThan(PARITY_MAX)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('say what the prior says where nothing is grown', async () => {
    const fitted = await trees.fit({
      shape: log,
      train: examplesOf(log, 50),
      stopAt: rounds(log, 0),
      seed: 1,
    })
    const examples = examplesOf(log, 3)
    const outputs = await fitted.logits(examples)
    for (const head of log.heads) {
      expect(outputs[head.task]).toEqual(Float32Array.from([0, 1, 2].flatMap(() => priorOutputs(head))))
    }
    expect(await differenceOf(fitted, log, examples)).toBeLessThan(PARITY_MAX)
  })

  it('stop each task where validation is best, and are the same again when told where', async () => {
    const examples = examplesOf(log, 1200)
    const rows = Array.from({ length: 1200 }, (_, row) => row)
    const train = selectExamples(examples, rows.slice(0, 800))
    const validation = selectExamples(examples, rows.slice(800))
    const settings = { patienceRounds: 20, roundsMax: 100 }
    const rehearsed = await trees.fit({ shape: log, train, validation, seed: 1, settings })
    expect(rehearsed.stoppedAt.epochs['buys']).toBe(100)
    expect(rehearsed.stoppedAt.epochs['next']).toBeLessThan(80)
    const final = await trees.fit({ shape: log, train, stopAt: rehearsed.stoppedAt, seed: 1, settings })
    expect(final.export()).toEqual(rehearsed.export())
  })

  it('are the same bytes for the same seed', async () => {
    const fit = async (seed: number) => {
      const request = { shape: log, train: examplesOf(log, 300), stopAt: rounds(log, 5), seed }
      return (await trees.fit(request)).export()
    }
    const [first, again, other] = [await fit(1), await fit(1), await fit(2)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })
})
