import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { occurs, total } from '../../../features/project.ts'
import type { Head } from '../../../features/heads/head.ts'
import { createTfOps } from '../../../training/graph/tf-ops.ts'
import { meanOfMembers, repeatTargets } from '../../../training/models/members.ts'
import { startBackend } from '../../../training/tf/backend.ts'

const yes: Head = {
  task: 'buys',
  declaration: occurs('purchase', { withinDays: 7 }),
  kind: 'probability',
  basis: 'model',
  classes: ['no', 'yes'],
  prior: [0.5, 0.5],
  newcomerPrior: [0.5, 0.5],
  temperature: 1,
  bias: [0, 0],
}
const amount: Head = {
  task: 'spend',
  declaration: total('purchase', { withinDays: 7 }),
  kind: 'amount',
  basis: 'model',
  prior: [1],
  newcomerPrior: [1],
  link: 'identity',
  scale: 1,
  factor: 1,
}

beforeAll(async () => {
  await startBackend('wasm')
})

describe('meanOfMembers', () => {
  it('answers classes by the mean of the members’ probabilities, and amounts by the mean of what they say', () => {
    const { ops } = createTfOps({ seed: 1 })
    const odds = (share: number) => [0, Math.log(share / (1 - share))]
    const mixed = meanOfMembers(
      ops,
      {
        // Two examples of two members each.
        buys: tf.tensor2d([odds(0.9), odds(0.5), odds(0.2), odds(0.2)]),
        spend: tf.tensor2d([[1], [3], [-2], [2]]),
      },
      { heads: [yes, amount], members: 2 },
    )
    const [first, second] = tf.softmax(mixed['buys'] as tf.Tensor2D).arraySync() as [number[], number[]]
    expect(first[1]).toBeCloseTo(0.7, 5)
    expect(second[1]).toBeCloseTo(0.2, 5)
    expect(mixed['spend']?.arraySync()).toEqual([[2], [0]])
  })
})

describe('repeatTargets', () => {
  it('gives each example’s target to each member, unknown ones too', () => {
    const targets = { buys: Float32Array.of(1, Number.NaN) }
    expect(repeatTargets(targets, 2)).toEqual({ buys: Float32Array.of(1, 1, Number.NaN, Number.NaN) })
    expect(repeatTargets(targets, 1)).toBe(targets)
  })
})
