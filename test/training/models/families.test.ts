import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { inputSpecs } from '../../../features/encode.ts'
import { headWidth } from '../../../features/heads/kinds.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'
import { predictOutputs, tensorsOf } from '../../../training/fit/predict.ts'
import type { ParameterValues } from '../../../training/graph/parameters.ts'
import { createTfOps } from '../../../training/graph/tf-ops.ts'
import { gradientFamilies } from '../../../training/models/families.ts'
import type { ModelShape, Outputs } from '../../../training/models/family.ts'
import { prior } from '../../../training/models/prior.ts'
import { priorOutputs } from '../../../training/models/prior-outputs.ts'
import { transformer } from '../../../training/models/transformer.ts'
import { checkModel } from '../../../training/onnx/check.ts'
import { exportOnnx } from '../../../training/onnx/export.ts'
import { createRunner } from '../../../training/onnx/run.ts'
import { startBackend } from '../../../training/tf/backend.ts'
import { randomInputs, shapes } from './build-model.ts'

const ROWS = 7
const log = shapes['log'] as ModelShape

beforeAll(async () => {
  await startBackend('wasm')
})

function examplesOf(inputs: ExampleSet['inputs'], count = ROWS): ExampleSet {
  return {
    count,
    inputs,
    targets: {},
    userIds: Array.from({ length: count }, () => 'someone'),
    atMs: new Float64Array(count),
    isFirst: new Uint8Array(count),
    from: Array.from({ length: count }, () => 'event' as const),
  }
}

type GradientFamily = (typeof gradientFamilies)[number]

/** Parameters as a model starts with them, each moved a little, so that zeros hide nothing. */
function parametersOf(family: GradientFamily, shape: ModelShape, moved = 0.1): ParameterValues {
  const { ops, parameters } = createTfOps({ seed: 3 })
  const { build } = family.modelWith()
  predictOutputs({ ops, build, shape, tasks: [] }, examplesOf(randomInputs(shape, ROWS)))
  const values = parameters.snapshot()
  parameters.dispose()
  for (const { values: numbers } of values.values()) {
    for (const place of numbers.keys()) numbers[place] = (numbers[place] ?? 0) + moved * Math.sin(place + 1)
  }
  return values
}

function answersOf(
  family: GradientFamily,
  { shape, values, inputs }: { shape: ModelShape; values: ParameterValues; inputs?: ExampleSet['inputs'] },
): Outputs {
  const { ops, parameters } = createTfOps({ seed: 0, values })
  const tasks = shape.heads.map(({ task }) => task)
  const examples = examplesOf(inputs ?? randomInputs(shape, ROWS))
  const outputs = predictOutputs({ ops, build: family.modelWith().build, shape, tasks }, examples)
  parameters.dispose()
  return outputs
}

/** What ONNX Runtime answers must be what is expected. */
async function expectSame(model: Uint8Array, expected: Outputs, shape: ModelShape): Promise<void> {
  const runner = await createRunner(model, inputSpecs(shape.features))
  const outputs = await runner.run(randomInputs(shape, ROWS), ROWS)
  await runner.release()
  expect(Object.keys(outputs)).toEqual(shape.heads.map(({ task }) => task))
  for (const head of shape.heads) {
    expect(expected[head.task]?.length).toBe(ROWS * headWidth(head))
    for (const [place, value] of (expected[head.task] ?? []).entries()) {
      expect(Number.isFinite(value)).toBe(true)
      expect(Math.abs(value - (outputs[head.task]?.[place] ?? Number.NaN))).toBeLessThan(1e-5)
    }
  }
  expect(checkModel(model)).toMatchObject({ ok: true })
}

describe.each(gradientFamilies.map((family) => [family.name, family] as const))('%s', (_name, family) => {
  const { build } = family.modelWith()

  it.each(Object.entries(shapes))('gives the same logits through ONNX Runtime: %s', async (_, shape) => {
    const values = parametersOf(family, shape)
    const tasks = shape.heads.map(({ task }) => task)
    const model = exportOnnx(shape, [{ build, parameters: values, tasks }])
    await expectSame(model, answersOf(family, { shape, values }), shape)
  })

  it('gives each task the logits of its own part of a model, through ONNX Runtime too', async () => {
    const parts = [
      { parameters: parametersOf(family, log), tasks: ['next', 'spend'] },
      { parameters: parametersOf(family, log, 0.2), tasks: ['buys', 'balance'] },
    ]
    const model = exportOnnx(
      log,
      parts.map((part) => ({ ...part, build })),
    )
    const [first, second] = parts.map((part) => answersOf(family, { shape: log, values: part.parameters }))
    expect(first?.['buys']).not.toEqual(second?.['buys'])
    const { next, spend } = first ?? {}
    const { buys, balance } = second ?? {}
    await expectSame(model, { next, spend, buys, balance } as Outputs, log)
  })

  it('starts near the prior', () => {
    const logits = answersOf(family, { shape: log, values: parametersOf(family, log, 0) })
    for (const head of log.heads) {
      for (const [index, wanted] of priorOutputs(head).entries()) {
        expect(logits[head.task]?.[index]).toBeCloseTo(wanted, 0)
      }
    }
  })

  it('leaves no tensor behind but its parameters', () => {
    const before = tf.memory().numTensors
    const { ops, parameters } = createTfOps({ seed: 3 })
    predictOutputs({ ops, build, shape: log, tasks: ['next'] }, examplesOf(randomInputs(log, ROWS)))
    expect(tf.memory().numTensors).toBe(before + parameters.variables.size)
    parameters.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('prior', () => {
  it.each(Object.entries(shapes))('gives the same through ONNX Runtime: %s', async (_, shape) => {
    const examples = examplesOf(randomInputs(shape, ROWS))
    const fitted = await prior.fit({ shape, train: examples, seed: 1 })
    await expectSame(fitted.export(), await fitted.logits(examples), shape)
  })
})

describe('exportOnnx', () => {
  it('writes nothing that no output needs', () => {
    const [softmax] = gradientFamilies
    const { build } = softmax.modelWith()
    const parameters = parametersOf(softmax, log)
    const all = exportOnnx(log, [{ build, parameters, tasks: log.heads.map(({ task }) => task) }])
    const unused = { build, parameters, tasks: [] }
    const withUnused = exportOnnx(log, [
      { build, parameters, tasks: log.heads.map(({ task }) => task) },
      unused,
    ])
    // Names are longer by 'part0/'.
    expect(withUnused.length).toBeLessThan(all.length + 1_000)
  })

  it('refuses to leave a task unanswered', () => {
    const parameters = parametersOf(transformer, log)
    const { build } = transformer.modelWith()
    expect(() => exportOnnx(log, [{ build, parameters, tasks: ['next'] }])).toThrow(
      "No part of the model answers 'buys'",
    )
  })
})

describe('transformer', () => {
  it('does not look at what lies in the padding', () => {
    const values = parametersOf(transformer, log)
    const { build } = transformer.modelWith()
    const { ops, parameters } = createTfOps({ seed: 3, values })
    const inputs = randomInputs(log, 1)
    const types = Int32Array.from([0, 0, 0, 0, 0, 2, 3, 4])
    const logitsWith = (items: readonly number[]): number[] =>
      tf.tidy(() => {
        const examples = examplesOf({ ...inputs, types, items: Int32Array.from(items) }, 1)
        return Array.from(build(ops, tensorsOf(log, examples), log)['next']?.dataSync() ?? [])
      })
    const base = logitsWith([0, 0, 0, 0, 0, 1, 2, 3])
    expect(base.length).toBe(3)
    expect(logitsWith([3, 2, 4, 1, 3, 1, 2, 3])).toEqual(base)
    expect(logitsWith([0, 0, 0, 0, 0, 2, 2, 3])).not.toEqual(base)
    parameters.dispose()
  })
})
