// Random arrays, and the leak check, for the tests of TensorFlow.js's kernels.
import * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'
import { createRandom } from '../../../features/random.ts'

/** Standard normal numbers; the same for the same label. */
export function normalValues(size: number, label: string): Float32Array {
  const random = createRandom(7).fork(label)
  return Float32Array.from({ length: size }, () => random.normal())
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1)
}

/** Runs something and expects that it leaves neither a tensor nor memory of the backend behind. */
export function expectNothingLeft(run: () => void): void {
  const before = { tensors: tf.memory().numTensors, data: tf.backend().numDataIds() }
  tf.tidy(run)
  expect({ tensors: tf.memory().numTensors, data: tf.backend().numDataIds() }).toEqual(before)
}
