import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import { fitFactor } from '../../../training/heads/fit-factor.ts'

/** Predictions, and amounts that are so many times as large on average. */
function draw(ratio: number, { examples, users = examples }: { examples: number; users?: number }) {
  const random = createRandom(5)
  const luck = Array.from({ length: users }, () => -Math.log(1 - random.next()))
  const predicted = Array.from({ length: examples }, () => 5 + 10 * random.next())
  return {
    predicted,
    actual: predicted.map((value, row) => ratio * value * (luck[row % users] ?? 1)),
    userIds: predicted.map((_, row) => `user-${row % users}`),
  }
}

describe('fitFactor', () => {
  it('makes many predictions add up to what came', () => {
    for (const ratio of [0.7, 1, 1.4]) {
      expect(fitFactor(draw(ratio, { examples: 20_000 })) / ratio).toBeCloseTo(1, 1)
    }
  })

  it('stays near 1 where few users, or few large amounts, are all there is', () => {
    expect(fitFactor(draw(2, { examples: 4 }))).toBeLessThan(1.3)
    expect(fitFactor(draw(2, { examples: 4_000, users: 4 }))).toBeLessThan(1.3)
    const [predicted, actual] = [1, 0].map((value) => Array.from({ length: 400 }, () => value))
    const one = { predicted: predicted ?? [], actual: [...(actual ?? []).slice(1), 1_000] }
    expect(fitFactor({ ...one, userIds: one.actual.map((_, row) => String(row)) })).toBeLessThan(1.1)
  })

  it('leaves alone what no factor can mend', () => {
    const userIds = ['a', 'b']
    for (const [predicted, actual] of [
      [
        [1, 2],
        [0, 0],
      ],
      [
        [0, 0],
        [1, 2],
      ],
      [
        [-1, -2],
        [1, 2],
      ],
    ] as const) {
      expect(fitFactor({ predicted, actual, userIds })).toBe(1)
    }
    expect(fitFactor({ predicted: [], actual: [], userIds: [] })).toBe(1)
  })
})
