import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../../training/tf/backend.ts'
import { expectNothingLeft, normalValues } from './build-tensor.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

describe('clone in WebAssembly', () => {
  it.each(['original', 'clone'])('keeps its numbers when the %s is disposed of', (disposed) => {
    expectNothingLeft(() => {
      const original = tf.tensor1d([1, 2, 3])
      const clone = tf.clone(original)
      const [gone, kept] = disposed === 'original' ? [original, clone] : [clone, original]
      gone.dispose()
      // Takes the memory that would be free if it had been given up.
      tf.tensor1d([7, 8, 9])
      expect(Array.from(kept.dataSync())).toEqual([1, 2, 3])
    })
  })

  it('keeps its numbers when the variable it was taken from is set anew', () => {
    expectNothingLeft(() => {
      const variable = tf.variable(tf.tensor1d([1, 2]))
      const clone = variable.clone()
      variable.assign(tf.tensor1d([3, 4]))
      expect(Array.from(clone.dataSync())).toEqual([1, 2])
      expect(Array.from(variable.dataSync())).toEqual([3, 4])
      variable.dispose()
    })
  })
})

describe('transpose in WebAssembly', () => {
  const shape = [2, 1, 3, 4]
  const values = normalValues(24, 'transpose')

  it.each([
    [[0, 1, 2, 3]],
    [[1, 0, 2, 3]],
    [[0, 2, 3, 1]],
    [[0, 2, 1, 3]],
    [[0, 1, 3, 2]],
    [[3, 2, 1, 0]],
    [[2, 1, 0, 3]],
  ])('moves the axes to the order %j', (order) => {
    expectNothingLeft(() => {
      const given = tf.transpose(tf.tensor(values, shape), order)
      expect(given.shape).toEqual(order.map((axis) => shape[axis]))
      const steps = order.map((axis) => [12, 12, 4, 1][axis] ?? 0)
      const [a = 0, b = 0, c = 0, d = 0] = given.shape
      const expected = []
      for (let place = 0; place < 24; place += 1) {
        const at = [place / (b * c * d), (place / (c * d)) % b, (place / d) % c, place % d].map(Math.floor)
        expected.push(values[at.reduce((sum, index, axis) => sum + index * (steps[axis] ?? 0), 0)])
      }
      expect(a * b * c * d).toBe(24)
      expect(Array.from(given.dataSync())).toEqual(expected)
    })
  })
})
