import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { inputSpecs } from '../../../features/encode.ts'
import { createTfOps } from '../../../training/graph/tf-ops.ts'
import { priorLogits } from '../../../training/models/heads.ts'
import { families, familyByName } from '../../../training/models/families.ts'
import type { ModelShape } from '../../../training/models/family.ts'
import { checkOperators } from '../../../training/onnx/check.ts'
import { exportOnnx } from '../../../training/onnx/export.ts'
import { createRunner } from '../../../training/onnx/run.ts'
import { startBackend } from '../../../training/tf/backend.ts'
import { randomInputs, shapes } from './build-model.ts'

const ROWS = 7

beforeAll(async () => {
  await startBackend('wasm')
})

function tensorsOf(shape: ModelShape, inputs: ReturnType<typeof randomInputs>, rows = ROWS) {
  return Object.fromEntries(
    inputSpecs(shape.features).map((spec) => [
      spec.name,
      tf.tensor(inputs[spec.name] ?? [], [rows, ...spec.shape], spec.type),
    ]),
  )
}

/** Moves every parameter away from its start, so that zeros hide nothing. */
function disturb(world: ReturnType<typeof createTfOps>): void {
  const values = world.parameters.snapshot()
  for (const { values: numbers } of values.values()) {
    for (const place of numbers.keys()) numbers[place] = (numbers[place] ?? 0) + 0.1 * Math.sin(place + 1)
  }
  world.parameters.restore(values)
}

function runTf(world: ReturnType<typeof createTfOps>, shape: ModelShape, familyName: string) {
  const family = familyByName[familyName]
  if (family === undefined) throw new Error(familyName)
  const inputs = randomInputs(shape, ROWS)
  return tf.tidy(() => {
    const logits = family.build(world.ops, tensorsOf(shape, inputs), shape)
    return Object.fromEntries(
      Object.entries(logits).map(([task, tensor]) => [task, Array.from(tensor.dataSync())]),
    )
  })
}

describe.each(families.map((family) => [family.name, family] as const))('%s', (name, family) => {
  it.each(Object.entries(shapes))('gives the same logits through ONNX Runtime: %s', async (_, shape) => {
    const world = createTfOps({ seed: 3 })
    runTf(world, shape, name)
    disturb(world)
    const expected = runTf(world, shape, name)
    const model = exportOnnx(family, { shape, parameters: world.parameters.snapshot() })
    const runner = await createRunner(model, inputSpecs(shape.features))
    const outputs = await runner.run(randomInputs(shape, ROWS), ROWS)
    for (const { task } of shape.heads) {
      for (const [place, value] of (expected[task] ?? []).entries()) {
        expect(Number.isFinite(value)).toBe(true)
        expect(Math.abs(value - (outputs[task]?.[place] ?? Number.NaN))).toBeLessThan(1e-5)
      }
    }
    expect(checkOperators(model).length).toBeGreaterThan(0)
    await runner.release()
    world.parameters.dispose()
  })

  it('writes the same bytes for the same seed, whatever else was asked before', () => {
    const bytes = [3, 3, 4].map((seed) => {
      const world = createTfOps({ seed })
      runTf(world, shapes['log'] as ModelShape, name)
      const parameters = world.parameters.snapshot()
      world.parameters.dispose()
      return exportOnnx(family, { shape: shapes['log'] as ModelShape, parameters })
    })
    expect(bytes[0]).toEqual(bytes[1])
    if (name === 'pooled') expect(bytes[0]).not.toEqual(bytes[2])
  })

  it('starts near the prior', () => {
    const world = createTfOps({ seed: 3 })
    const shape = shapes['log'] as ModelShape
    const logits = runTf(world, shape, name)
    const wanted = priorLogits(shape.heads)
    const first = shape.heads.flatMap(({ task }) => {
      const values = logits[task] ?? []
      return values.slice(0, values.length / ROWS)
    })
    for (const [index, value] of first.entries()) expect(value).toBeCloseTo(wanted[index] ?? 0, 0)
    world.parameters.dispose()
  })

  it('leaves no tensor behind but its parameters', () => {
    const before = tf.memory().numTensors
    const world = createTfOps({ seed: 3 })
    runTf(world, shapes['log'] as ModelShape, name)
    expect(tf.memory().numTensors).toBe(before + world.parameters.variables.size)
    world.parameters.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('transformer', () => {
  it('does not look at what lies in the padding', () => {
    const shape = shapes['log'] as ModelShape
    const family = familyByName['transformer']
    const world = createTfOps({ seed: 3 })
    const inputs = randomInputs(shape, 1)
    const types = Int32Array.from([0, 0, 0, 0, 0, 2, 3, 4])
    const logitsWith = (items: readonly number[]): number[] =>
      tf.tidy(() => {
        const given = tensorsOf(shape, { ...inputs, types, items: Int32Array.from(items) }, 1)
        return Array.from(family?.build(world.ops, given, shape)['next']?.dataSync() ?? [])
      })
    logitsWith([0, 0, 0, 0, 0, 1, 2, 3])
    disturb(world)
    const base = logitsWith([0, 0, 0, 0, 0, 1, 2, 3])
    expect(logitsWith([3, 2, 4, 1, 3, 1, 2, 3])).toEqual(base)
    expect(logitsWith([0, 0, 0, 0, 0, 2, 2, 3])).not.toEqual(base)
    world.parameters.dispose()
  })
})
