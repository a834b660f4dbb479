import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../../training/tf/backend.ts'
import { expectNothingLeft, normalValues } from './build-tensor.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

/** Eight rows of [2, 3] numbers. */
const table = normalValues(48, 'table')

function rowsOf(values: Float32Array, ids: readonly number[]): number[] {
  return ids.flatMap((id) => Array.from(values.subarray(id * 6, id * 6 + 6)))
}

describe('gather in WebAssembly', () => {
  it('copies whole rows, in the order and shape of the indices', () => {
    const ids = [7, 0, 3, 3, 1, 7]
    expectNothingLeft(() => {
      const gathered = tf.gather(tf.tensor3d(table, [8, 2, 3]), tf.tensor2d(ids, [2, 3], 'int32'))
      expect(gathered.shape).toEqual([2, 3, 2, 3])
      expect(Array.from(gathered.dataSync())).toEqual(rowsOf(table, ids))
    })
  })

  it('takes columns where another axis is asked for', () => {
    expectNothingLeft(() => {
      const gathered = tf.gather(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), tf.tensor1d([2, 0], 'int32'), 1)
      expect(Array.from(gathered.dataSync())).toEqual([3, 1, 6, 4])
    })
  })

  it('takes integers', () => {
    expectNothingLeft(() => {
      const gathered = tf.gather(tf.tensor1d([5, 6, 7], 'int32'), tf.tensor1d([2, 0], 'int32'))
      expect(Array.from(gathered.dataSync())).toEqual([7, 5])
    })
  })
})

describe('unsortedSegmentSum in WebAssembly', () => {
  it('adds rows up by their segment', () => {
    expectNothingLeft(() => {
      const ids = tf.tensor1d([2, 0, 2, 3, 0, 2, 3, 2], 'int32')
      const sums = tf.unsortedSegmentSum(tf.tensor2d(table, [8, 6]), ids, 4)
      expect(sums.shape).toEqual([4, 6])
      const expected = Array.from({ length: 24 }, (_, place) => {
        const members = [[1, 4], [], [0, 2, 5, 7], [3, 6]][Math.floor(place / 6)] ?? []
        return members.reduce((sum, row) => Math.fround(sum + (table[row * 6 + (place % 6)] ?? 0)), 0)
      })
      expect(Array.from(sums.dataSync())).toEqual(expected)
    })
  })

  it('leaves out rows without a segment', () => {
    expectNothingLeft(() => {
      const sums = tf.unsortedSegmentSum(tf.tensor1d([1, 2, 4]), tf.tensor1d([-1, 1, 2], 'int32'), 2)
      expect(Array.from(sums.dataSync())).toEqual([0, 2])
    })
  })

  it('is the gradient of gather', () => {
    expectNothingLeft(() => {
      const ids = tf.tensor1d([1, 1, 0], 'int32')
      const slope = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(tf.gather(x, ids), tf.tensor2d([[1], [2], [4]]))))
      expect(Array.from(slope(tf.zeros([3, 2])).dataSync())).toEqual([4, 4, 3, 3, 0, 0])
    })
  })
})
