import * as tf from '@tensorflow/tfjs'
import { beforeEach, describe, expect, it } from 'vitest'
import { createParameterAverage } from '../../../training/graph/parameter-average.ts'
import { createTfOps } from '../../../training/graph/tf-ops.ts'
import type { TfParameters } from '../../../training/graph/tf-ops.ts'
import { startBackend } from '../../../training/tf/backend.ts'

beforeEach(async () => {
  await startBackend('wasm')
})

/** One parameter of this value, and a way to change it. */
function parametersOf(value: number): { parameters: TfParameters; change: (value: number) => void } {
  const { ops, parameters } = createTfOps({ seed: 1 })
  ops.parameter('weight', { shape: [2], initial: { kind: 'values', values: [value, -value] } })
  const change = (next: number): void =>
    parameters.restore(new Map([['weight', { shape: [2], values: Float32Array.of(next, -next) }]]))
  return { parameters, change }
}

describe('createParameterAverage', () => {
  it('starts from the parameters and follows them, fast at first and then ever slower', () => {
    const { parameters, change } = parametersOf(1)
    const average = createParameterAverage(parameters, { decayMax: 0.998 })
    let expected = 1
    for (let step = 0; step < 50; step += 1) {
      change(step)
      average.update()
      const decay = (1 + step) / (10 + step)
      expected = decay * expected + (1 - decay) * step
      const values = average.snapshot().get('weight')?.values
      expect(values?.[0]).toBeCloseTo(expected, 3)
      expect(values?.[1]).toBeCloseTo(-expected, 3)
    }
    average.dispose()
    parameters.dispose()
  })

  it('forgets no faster than by a five-hundredth a step once there have been many', () => {
    const { parameters, change } = parametersOf(0)
    const average = createParameterAverage(parameters, { decayMax: 0.998 })
    for (let step = 0; step < 6_000; step += 1) average.update()
    change(1)
    average.update()
    expect(average.snapshot().get('weight')?.values[0]).toBeCloseTo(0.002, 5)
    expect(average.variables.get('weight')?.dataSync()[0]).toBeCloseTo(0.002, 5)
    average.dispose()
    parameters.dispose()
  })

  it('leaves the parameters alone, and no tensor behind', () => {
    const before = tf.memory().numTensors
    const { parameters } = parametersOf(3)
    const average = createParameterAverage(parameters, { decayMax: 0.998 })
    average.update()
    expect(parameters.snapshot().get('weight')?.values).toEqual(Float32Array.of(3, -3))
    average.dispose()
    parameters.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
