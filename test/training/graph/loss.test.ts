import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Head } from '../../../features/heads/head.ts'
import { headWidth } from '../../../features/heads/kinds.ts'
import { nextEvent, total } from '../../../features/project.ts'
import { createTfOps } from '../../../training/graph/tf-ops.ts'
import { lossOf, meanLoss } from '../../../training/graph/loss.ts'
import { startBackend } from '../../../training/tf/backend.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

const plain = { basis: 'model', prior: [], newcomerPrior: [] } as const
const choice: Head = {
  ...plain,
  kind: 'choice',
  task: 'next',
  declaration: nextEvent({ withinDays: 7 }),
  classes: ['a', 'b', 'c'],
  temperature: 1,
  // The second class weighs twice as much.
  bias: [0, -Math.log(2), 0],
}
const declaration = total('purchase', { withinDays: 7 })
const amount: Head = {
  ...plain,
  kind: 'amount',
  task: 'spend',
  declaration,
  link: 'softplus',
  scale: 2,
  factor: 1,
}
const balance: Head = { ...amount, task: 'balance', link: 'identity' }
const unknown = Number.NaN

function lossAt(output: tf.Tensor, head: Head, targets: readonly number[]): tf.Scalar {
  const outputs = { [head.task]: tf.reshape(output, [targets.length, headWidth(head)]) }
  return lossOf([{ head, weight: 0.5 }], { outputs, targets: { [head.task]: Float32Array.from(targets) } })
}

/** As a number, for a weight of 1. */
function lossOfOutputs(outputs: readonly number[], head: Head, targets: readonly number[]): number {
  return 2 * (tf.tidy(() => lossAt(tf.tensor1d([...outputs]), head, targets).dataSync()[0]) ?? Number.NaN)
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
    const loss = lossOfOutputs([0, 0, 0, 9, 9, 9, 0, 0, 0], choice, [1, unknown, 0])
    expect(loss).toBeCloseTo(((2 + 1) * Math.log(3)) / 2, 5)
  })

  it('is half the Poisson deviance of an amount above zero, in units of its scale', () => {
    const mean = Math.log(2)
    expect(lossOfOutputs([0, 5], amount, [6, unknown])).toBeCloseTo(mean - 3 + 3 * Math.log(3 / mean), 4)
    expect(lossOfOutputs([0], amount, [0])).toBeCloseTo(mean, 4)
  })

  it('is the squared error of an amount of either sign, in units of its scale', () => {
    expect(lossOfOutputs([-1, 5], balance, [-8, unknown])).toBeCloseTo(9, 5)
  })

  it('adds up the heads, each by its weight', () => {
    const loss = tf.tidy(() =>
      lossOf(
        [
          { head: choice, weight: 2 },
          { head: balance, weight: 0.1 },
        ],
        {
          outputs: { next: tf.zeros([1, 3]), balance: tf.zeros([1, 1]) },
          targets: { next: Float32Array.of(0), balance: Float32Array.of(20) },
        },
      ).dataSync(),
    )
    expect(loss[0]).toBeCloseTo(2 * Math.log(3) + 10, 4)
  })

  it('is zero and finite where nothing is known', () => {
    expect(lossOfOutputs([1, 2, 3], choice, [unknown])).toBeCloseTo(0)
    expect(lossOfOutputs([1], amount, [unknown])).toBeCloseTo(0)
    expect(lossOfOutputs([1], balance, [unknown])).toBeCloseTo(0)
  })

  it('has the gradient that its values show', () => {
    expectGradient([0.3, -1, 0.5, 2, 0, -0.4], (x) => lossAt(x, choice, [1, 0]))
    expectGradient([0.3, -2, 4], (x) => lossAt(x, amount, [0, 3, unknown]))
    expectGradient([0.3, -2, 4], (x) => lossAt(x, balance, [0, -3, unknown]))
  })
})

describe('meanLoss', () => {
  const heads = [
    [choice, [0.3, -1, 0.5, 2, 0, -0.4], [2, 0, unknown]],
    [amount, [0.3, -2, 4], [0, 3, unknown]],
    [balance, [0.3, -2, 4], [0, -3, unknown]],
  ] as const

  it.each(heads)('is what training makes small, where no class has a weight: %#', (head, output, targets) => {
    const unweighted: Head = 'bias' in head ? { ...head, bias: [0, 0, 0] } : head
    const judged = meanLoss(unweighted, {
      output: Float32Array.from(output),
      targets: Float32Array.from(targets),
    })
    const known = targets.filter((target) => !Number.isNaN(target))
    const outputs = output.slice(0, known.length * headWidth(head))
    expect(judged).toBeCloseTo(lossOfOutputs(outputs, unweighted, known), 4)
  })

  it('undoes the weights of classes, and is undefined where nothing is known', () => {
    // Log 2 more is what a weight of 2 makes of even odds.
    const output = Float32Array.of(0, Math.log(2), 0)
    expect(meanLoss(choice, { output, targets: Float32Array.of(1) })).toBeCloseTo(Math.log(3), 5)
    expect(meanLoss(choice, { output, targets: Float32Array.of(unknown) })).toBeUndefined()
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
