import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTfOps } from '../../../training/graph/tf-ops.ts'
import { startBackend } from '../../../training/tf/backend.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

describe('sum', () => {
  it.each([
    [0, [1, 2, 3, 1, 2, 3]],
    [1, [1, 1, 1, 2, 2, 2]],
  ])('has over axis %d the gradient of a sum', (axis, expected) => {
    const { ops } = createTfOps({ seed: 1 })
    const given = tf.tidy(() => {
      const weighted = (x: tf.Tensor): tf.Scalar => {
        const sums = ops.sum(x, axis)
        return tf.sum(tf.mul(sums, tf.range(1, 1 + sums.size)))
      }
      return Array.from(
        tf
          .grad(weighted)(tf.zeros([2, 3]))
          .dataSync(),
      )
    })
    expect(given).toEqual(expected)
  })
})

describe('dropout', () => {
  const droppedFrom = (seed: number, rate: number): number[] =>
    tf.tidy(() => {
      const tfOps = createTfOps({ seed })
      tfOps.setTraining(true)
      return Array.from(tfOps.ops.dropout(tf.ones([40, 50]), rate).dataSync())
    })

  it('drops about its share and scales up the rest', () => {
    const kept = droppedFrom(1, 0.2).filter((value) => value !== 0)
    expect(kept.length / 2000).toBeCloseTo(0.8, 1)
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.8)]))
  })

  it('depends on the seed alone', () => {
    expect(droppedFrom(1, 0.2)).toEqual(droppedFrom(1, 0.2))
    expect(droppedFrom(1, 0.2)).not.toEqual(droppedFrom(2, 0.2))
  })

  it('leaves everything as it is outside of training', () => {
    const { ops } = createTfOps({ seed: 1 })
    const x = tf.ones([4])
    expect(ops.dropout(x, 0.5)).toBe(x)
    x.dispose()
  })
})
