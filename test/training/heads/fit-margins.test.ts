import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import { fitMargins } from '../../../training/heads/fit-margins.ts'
import type { MarginRequest } from '../../../training/heads/fit-margins.ts'

const shareOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds))

/** Examples that are told their very probability, but for how far it is off. */
function draw(seed: number, { examples, off = 0, examplesOfUser = 1 }: World): MarginRequest {
  const random = createRandom(seed)
  const users = Array.from({ length: examples / examplesOfUser }, () => {
    const told = 1.5 * random.normal() - 1
    return { told, came: random.next() < shareOf(told + off) ? 1 : 0 }
  })
  const rows = Array.from({ length: examples }, (_, row) => Math.floor(row / examplesOfUser))
  return {
    logOdds: rows.map((user) => users[user]?.told ?? 0),
    came: rows.map((user) => users[user]?.came ?? 0),
    userIds: rows.map((user) => `user-${user}`),
  }
}

interface World {
  readonly examples: number
  readonly off?: number
  readonly examplesOfUser?: number
}

/** In how many bins the share that truly comes true lies within. */
function coverage(world: World): number {
  let [within, bins] = [0, 0]
  for (let seed = 0; seed < 20; seed += 1) {
    const margins = fitMargins(draw(seed, world))
    for (const [bin, below] of (margins?.below ?? []).entries()) {
      const { off = 0 } = world
      within += -below <= off && off <= (margins?.above[bin] ?? 0) ? 1 : 0
      bins += 1
    }
  }
  return within / bins
}

describe('fitMargins', () => {
  it.each<[string, World]>([
    ['of what is told right', { examples: 1_200 }],
    ['of what is told too low', { examples: 1_200, off: 0.5 }],
    ['of users with many moments each', { examples: 6_000, examplesOfUser: 5 }],
  ])('reaches to the share that comes true, %s, about 19 times of 20', (_, world) => {
    expect(coverage(world)).toBeGreaterThan(0.9)
  })

  it('is narrower the more examples there are, and none of too few', () => {
    const widths = [300, 3_000, 30_000].map((examples) => {
      const { below = [], above = [] } = fitMargins(draw(1, { examples })) ?? {}
      return (below[0] ?? 0) + (above[0] ?? 0)
    })
    expect(widths).toEqual(widths.toSorted((a, b) => b - a))
    expect(fitMargins(draw(1, { examples: 60 }))).toBeUndefined()
  })

  it('gives rising cuts and reaches that are not below zero, whatever is told', () => {
    const anyRow = fc.record({ told: fc.constantFrom(-40, -1, 0, 0.5, 40), came: fc.constantFrom(0, 1) })
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 100, maxLength: 600 }), (rows) => {
        const margins = fitMargins({
          logOdds: rows.map(({ told }) => told),
          came: rows.map(({ came }) => came),
          userIds: rows.map((_, row) => String(row)),
        })
        if (margins === undefined) return
        const { cuts, below, above } = margins
        expect([below.length, above.length]).toEqual([cuts.length + 1, cuts.length + 1])
        for (const [index, cut] of cuts.entries()) expect(cut).toBeGreaterThan(cuts[index - 1] ?? -Infinity)
        for (const reach of [...below, ...above]) expect(reach).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 30 },
    )
  })
})
