import * as tf from '@tensorflow/tfjs'
import { beforeEach, describe, expect, it } from 'vitest'
import { createParameterAverage } from '../../../training/graph/parameter-average.ts'
import { createTfOps } from '../../../training/graph/tf-ops.ts'
import type { TfOps } from '../../../training/graph/tf-ops.ts'
import { startBackend } from '../../../training/tf/backend.ts'

beforeEach(async () => {
  await startBackend('wasm')
})

/** A world with one parameter of this value, and a way to change it. */
function worldOf(value: number): { world: TfOps; change: (value: number) => void } {
  const world = createTfOps({ seed: 1 })
  world.ops.parameter('weight', { shape: [2], initial: { kind: 'values', values: [value, -value] } })
  const change = (next: number): void =>
    world.parameters.restore(new Map([['weight', { shape: [2], values: Float32Array.of(next, -next) }]]))
  return { world, change }
}

describe('createParameterAverage', () => {
  it('starts from the parameters and follows them, fast at first and then ever slower', () => {
    const { world, change } = worldOf(1)
    const average = createParameterAverage(world.parameters)
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
    world.parameters.dispose()
  })

  it('forgets no faster than by a five-hundredth a step once there have been many', () => {
    const { world, change } = worldOf(0)
    const average = createParameterAverage(world.parameters)
    for (let step = 0; step < 6_000; step += 1) average.update()
    change(1)
    average.update()
    expect(average.snapshot().get('weight')?.values[0]).toBeCloseTo(0.002, 5)
    average.dispose()
    world.parameters.dispose()
  })

  it('leaves the parameters alone, and no tensor behind', () => {
    const before = tf.memory().numTensors
    const { world } = worldOf(3)
    const average = createParameterAverage(world.parameters)
    average.update()
    expect(world.parameters.snapshot().get('weight')?.values).toEqual(Float32Array.of(3, -3))
    average.dispose()
    world.parameters.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
