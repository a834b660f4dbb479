import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../../training/tf/backend.ts'
import { expectNothingLeft, normalValues, sizeOf } from './build-tensor.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

/** Sums in double precision over the axes from `first` to `last`. */
function plainSums(values: Float32Array, shape: readonly number[], [first, last]: readonly [number, number]) {
  const rows = sizeOf(shape.slice(first, last + 1))
  const width = sizeOf(shape.slice(last + 1))
  const sums = Array.from({ length: sizeOf(shape.slice(0, first)) * width }, () => 0)
  for (const [place, value] of values.entries()) {
    const target = Math.floor(place / (rows * width)) * width + (place % width)
    sums[target] = (sums[target] ?? 0) + value
  }
  return sums
}

function expectSums(shape: readonly number[], [first, last]: readonly [number, number]): void {
  const values = normalValues(sizeOf(shape), 'sums')
  const axes = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  expectNothingLeft(() => {
    const given = tf.sum(tf.tensor(values, [...shape]), axes)
    expect(given.shape).toEqual([...shape.slice(0, first), ...shape.slice(last + 1)])
    const numbers = given.dataSync()
    for (const [place, sum] of plainSums(values, shape, [first, last]).entries()) {
      expect(numbers[place]).toBeCloseTo(sum, 3)
    }
  })
}

describe('sum in WebAssembly', () => {
  it.each([1, 3, 4, 5, 8, 17, 64])('adds rows of %d numbers up, however many there are', (width) => {
    for (const rows of [1, 2, 63, 64, 65, 257]) {
      expectSums([rows, width], [0, 0])
      expectSums([3, rows, width], [1, 1])
    }
  })

  it('adds up over several axes, the first, the middle and the last', () => {
    const shape = [3, 4, 5, 6]
    for (const [first, last] of [
      [0, 1],
      [1, 2],
      [0, 2],
      [2, 3],
      [0, 3],
    ] as const) {
      expectSums(shape, [first, last])
    }
  })

  it('adds up over axes that lie apart', () => {
    const values = normalValues(24, 'apart')
    expectNothingLeft(() => {
      const given = tf.sum(tf.tensor(values, [2, 3, 4]), [0, 2]).dataSync()
      for (let row = 0; row < 3; row += 1) {
        const members = values.filter((_, place) => Math.floor(place / 4) % 3 === row)
        expect(given[row]).toBeCloseTo(
          members.reduce((sum, value) => sum + value, 0),
          4,
        )
      }
    })
  })

  it('keeps the axes when asked to, and counts negative ones from the end', () => {
    expectNothingLeft(() => {
      const x = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2])
      const given = tf.sum(x, [-2], true)
      expect(given.shape).toEqual([2, 1, 2])
      expect(Array.from(given.dataSync())).toEqual([4, 6, 12, 14])
    })
  })

  it('is zero over no rows, and lets NaN through', () => {
    expectNothingLeft(() => {
      expect(Array.from(tf.sum(tf.zeros([0, 3]), 0).dataSync())).toEqual([0, 0, 0])
      const given = tf.sum(tf.tensor2d([1, Number.NaN, 2, 3], [2, 2]), 0).dataSync()
      expect(Array.from(given)).toEqual([3, Number.NaN])
    })
  })

  it('adds integers and truths up as the backend does', () => {
    expectNothingLeft(() => {
      expect(Array.from(tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 0).dataSync())).toEqual([4, 6])
      expect(Array.from(tf.sum(tf.tensor2d([1, 0, 1, 1], [2, 2], 'bool'), 0).dataSync())).toEqual([2, 1])
    })
  })
})
