import * as tf from '@tensorflow/tfjs'
import { beforeEach, describe, expect, it } from 'vitest'
import { probabilitiesOf } from '../../features/calibration.ts'
import { selectExamples } from '../../training/examples/example-set.ts'
import type { ExampleSet } from '../../training/examples/example-set.ts'
import { createHeads } from '../../training/examples/heads.ts'
import { examplesOfRows, makeExamples } from '../../training/examples/make-examples.ts'
import { fit } from '../../training/fit.ts'
import type { Fit } from '../../training/fit.ts'
import { familyByName } from '../../training/models/families.ts'
import type { Family, ModelShape } from '../../training/models/family.ts'
import { startBackend } from '../../training/tf/backend.ts'
import { buildRows, kindsOf, smallTable } from './build-table.ts'
import { buildLog, smallShop } from './examples/build-log.ts'

const learning = ['softmax', 'pooled', 'transformer']

beforeEach(async () => {
  await startBackend('wasm')
})

interface Problem {
  readonly shape: ModelShape
  readonly train: ExampleSet
  readonly validation: ExampleSet
}

/** Rows whose colour tells their kind but for one in fifteen. */
function tableProblem(): Problem {
  const kinds = kindsOf({ a: 80, b: 80, c: 80 })
  const made = examplesOfRows(smallTable, {
    train: buildRows(kinds, 1),
    validation: buildRows(kinds, 2),
    test: [],
  })
  const heads = createHeads(smallTable, made.train)
  if (!heads.ok) throw new Error('There are too few rows')
  return { ...made, shape: { features: made.features, heads: heads.value } }
}

/** The same rows with the kinds told wrongly: learning from the one set harms on the other. */
function contradiction(): Problem {
  const problem = tableProblem()
  const wrong = problem.validation.targets['kind']?.map((kind) => (kind + 1) % 3) ?? new Float32Array(0)
  return { ...problem, validation: { ...problem.validation, targets: { kind: wrong } } }
}

function familyNamed(name: string): Family {
  const family = familyByName[name]
  if (family === undefined) throw new Error(`There is no family '${name}'`)
  return family
}

/** Mean −log of the probability of what came true, computed from the logits. */
function logLossOf(fitted: Fit, examples: ExampleSet): number {
  const logits = fitted.predict(examples)['kind'] ?? new Float32Array(0)
  const bias = [0, 0, 0]
  const losses = Array.from(examples.targets['kind'] ?? [], (kind, row) => {
    const probabilities = probabilitiesOf(logits.subarray(3 * row, 3 * row + 3), { temperature: 1, bias })
    return -Math.log(probabilities[kind] ?? 0)
  })
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
}

describe.each(learning)('fit of %s', (name) => {
  const family = familyNamed(name)

  it('learns what can be told apart', () => {
    const problem = tableProblem()
    const fitted = fit({ family, ...problem, seed: 1, epochsMax: 120 })
    // The prior's loss is log 3; the irreducible one about 0.3.
    expect(logLossOf(fitted, problem.validation)).toBeLessThan(0.6 * Math.log(3))
    fitted.dispose()
  })

  it('keeps the parameters of the best epoch', () => {
    const problem = tableProblem()
    const fitted = fit({ family, ...problem, seed: 1, epochsMax: 8 })
    const best = Math.min(...fitted.epochs.map(({ validationLoss }) => validationLoss))
    expect(logLossOf(fitted, problem.validation)).toBeCloseTo(best, 4)
    fitted.dispose()
  })

  it('keeps the parameters it began with where every epoch makes validation worse', () => {
    const problem = contradiction()
    const fitted = fit({ family, ...problem, seed: 1 })
    const untrained = fit({ family, ...problem, seed: 1, epochsMax: 0 })
    expect(fitted.epochs.length).toBeGreaterThan(0)
    expect(fitted.epochs.length).toBeLessThan(10)
    const before = logLossOf(untrained, problem.validation)
    for (const { validationLoss } of fitted.epochs) expect(validationLoss).toBeGreaterThan(before)
    expect(fitted.parameters).toEqual(untrained.parameters)
    expect(fitted.predict(problem.validation)).toEqual(untrained.predict(problem.validation))
    fitted.dispose()
    untrained.dispose()
  })

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors
    const problem = contradiction()
    const fitted = fit({ family, ...problem, seed: 1, epochsMax: 3 })
    fitted.predict(problem.train)
    fitted.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('learns alike in native TensorFlow and in WebAssembly, step by step', async (test) => {
    const failure = await startBackend('native').then(
      () => undefined,
      (error: unknown) => String(error),
    )
    test.skip(failure !== undefined, failure)
    const problem = await logProblem(name === 'transformer' ? 12 : 128)
    const losses = async (backend: 'wasm' | 'native'): Promise<number[]> => {
      await startBackend(backend)
      // All examples are one batch: an epoch is a step.
      const fitted = fit({ family, ...problem, seed: 2, epochsMax: 20 })
      fitted.dispose()
      return fitted.epochs.flatMap(({ trainLoss, validationLoss }) => [trainLoss, validationLoss])
    }
    const [inWasm, inNative] = [await losses('wasm'), await losses('native')]
    expect(inWasm.length).toBe(40)
    expect(inNative.length).toBe(40)
    expect(inWasm.at(-1)).toBeLessThan(0.9 * (inWasm[0] ?? 0))
    for (const [place, loss] of inWasm.entries()) {
      // Both compute in float32, 6e-8 a rounding, but sum in other orders; what a step adds to the
      // difference stays below ten roundings, and is carried along by the steps that follow.
      const tolerance = 6e-7 * (1 + Math.floor(place / 2))
      expect(Math.abs((inNative[place] ?? Number.NaN) - loss) / loss).toBeLessThan(tolerance)
    }
  })
})

describe('fit of prior', () => {
  it('learns nothing by steps and answers everybody with the shares in training', () => {
    const problem = tableProblem()
    const fitted = fit({ family: familyNamed('prior'), ...problem, seed: 1 })
    expect(fitted.epochs).toEqual([])
    expect(logLossOf(fitted, problem.validation)).toBeCloseTo(Math.log(3), 5)
    fitted.dispose()
  })
})

/** Questions about a log, with every kind of head; validation is on the same ones. */
async function logProblem(count: number): Promise<Problem> {
  const data = buildLog({ userCount: 60, days: 20 })
  const made = await makeExamples({ project: smallShop, data, seed: 1 })
  if (!made.ok) throw new Error(`No examples: ${made.reason.kind}`)
  const { train, features } = made.value
  const heads = createHeads(smallShop, train)
  if (!heads.ok) throw new Error('There are too few examples')
  const few = selectExamples(
    train,
    Array.from({ length: count }, (_, row) => Math.floor((row * train.count) / count)),
  )
  return { shape: { features, heads: heads.value }, train: few, validation: few }
}
