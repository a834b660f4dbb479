import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Head } from '../../../features/manifest.ts'
import { createTfOps } from '../../../training/graph/tf-ops.ts'
import { lossOf } from '../../../training/graph/loss.ts'
import { startBackend } from '../../../training/tf/backend.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

const plain = { temperature: 1, scale: 2, bias: [], prior: [] }
const choice: Head = { ...plain, task: 'next', kind: 'nextEvent', classes: ['a', 'b', 'c'] }
const amount: Head = { ...plain, task: 'spend', kind: 'total', classes: [] }
const unknown = Number.NaN

function lossAt(logits: readonly number[], head: Head, targets: readonly number[]): tf.Scalar {
  const width = head.kind === 'total' ? 1 : head.classes.length
  return lossOf({
    heads: [head],
    classWeights: { next: [1, 2, 1] },
    logits: { [head.task]: tf.tensor2d([...logits], [logits.length / width, width]) },
    targets: { [head.task]: Float32Array.from(targets) },
  })
}

/** Central differences of a scalar function. */
function slopes(at: readonly number[], f: (x: readonly number[]) => number): number[] {
  const step = 1e-2
  return at.map((_, index) => {
    const moved = (by: number) => f(at.map((value, place) => (place === index ? value + by : value)))
    return (moved(step) - moved(-step)) / (2 * step)
  })
}

function expectGradient(at: readonly number[], f: (x: tf.Tensor) => tf.Scalar): void {
  const exact = slopes(at, (x) => tf.tidy(() => f(tf.tensor1d([...x])).dataSync()[0] ?? 0))
  const given = tf.tidy(() =>
    Array.from(
      tf
        .grad((x: tf.Tensor) => f(x))(tf.tensor1d([...at]))
        .dataSync(),
    ),
  )
  for (const [index, slope] of exact.entries()) expect(given[index]).toBeCloseTo(slope, 2)
}

describe('lossOf', () => {
  it('is the weighted cross-entropy over known targets alone', () => {
    const loss = tf.tidy(() => lossAt([0, 0, 0, 9, 9, 9, 0, 0, 0], choice, [1, unknown, 0]).dataSync()[0])
    expect(loss).toBeCloseTo(((2 + 1) * Math.log(3)) / 2, 5)
  })

  it('is the Poisson deviance of a total in units of its scale', () => {
    const loss = tf.tidy(() => lossAt([0, 5], amount, [6, unknown]).dataSync()[0])
    expect(loss).toBeCloseTo(Math.log(2) - 3 * Math.log(Math.log(2)), 4)
  })

  it('is zero and finite where nothing is known', () => {
    expect(tf.tidy(() => lossAt([1, 2, 3], choice, [unknown]).dataSync()[0])).toBeCloseTo(0)
    expect(tf.tidy(() => lossAt([1], amount, [unknown]).dataSync()[0])).toBeCloseTo(0)
  })

  it('has the gradient that its values show', () => {
    const logits = [0.3, -1, 0.5, 2, 0, -0.4]
    expectGradient(logits, (x) =>
      lossOf({
        heads: [choice],
        classWeights: { next: [1, 2, 1] },
        logits: { next: tf.reshape(x, [2, 3]) },
        targets: { next: Float32Array.from([1, 0]) },
      }),
    )
    expectGradient([0.3, -2, 4], (x) =>
      lossOf({
        heads: [amount],
        classWeights: {},
        logits: { spend: tf.reshape(x, [3, 1]) },
        targets: { spend: Float32Array.from([0, 3, unknown]) },
      }),
    )
  })
})

describe('layerNorm', () => {
  it('has the gradient that its values show', () => {
    const { ops } = createTfOps({ seed: 1 })
    const affine = () => ({ gain: tf.tensor1d([1, 2, 0.5]), bias: tf.tensor1d([0, 1, 0]) })
    expectGradient([0.3, -1, 0.5, 2, 0, -0.4], (x) => {
      const y = ops.layerNorm(tf.reshape(x, [2, 3]), affine())
      return tf.sum(tf.mul(y, tf.tensor2d([1, 2, 3, -1, 0, 2], [2, 3])))
    })
  })
})
