import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import { planCoalitions } from '../../../features/reasons/coalitions.ts'

type Game = (told: readonly boolean[]) => number

function play(game: Game, partCount: number, { seed = 1, coalitionsMax = 256 } = {}) {
  const plan = planCoalitions(partCount, { coalitionsMax, random: createRandom(seed) })
  return { plan, values: plan.contributions(plan.coalitions.map(game)) }
}

/** Any game: a number for each set of parts, the same for the same set. */
const anyGame = fc
  .record({ partCount: fc.integer({ min: 0, max: 12 }), seed: fc.integer() })
  .map(({ partCount, seed }) => ({
    partCount,
    game: (told: readonly boolean[]) => createRandom(seed).fork(told.map(Number).join('')).normal(),
  }))

/** By the definition: over all sets without the part, weighted. */
function shapley(game: Game, partCount: number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  return Array.from({ length: partCount }, (_, part) => {
    let sum = 0
    for (let set = 0; set < 2 ** partCount; set += 1) {
      const told = Array.from({ length: partCount }, (_member, index) => ((set >> index) & 1) === 1)
      if (told[part] === true) continue
      const size = told.filter(Boolean).length
      const weight = (factorial(size) * factorial(partCount - size - 1)) / factorial(partCount)
      sum += weight * (game(told.with(part, true)) - game(told))
    }
    return sum
  })
}

describe('planCoalitions', () => {
  it('gives contributions that sum to the last score less the first, whatever the game', () => {
    fc.assert(
      fc.property(anyGame, ({ partCount, game }) => {
        const { plan, values } = play(game, partCount)
        const whole = game(plan.coalitions.at(-1) ?? []) - game(plan.coalitions[0] ?? [])
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(whole, 10)
      }),
    )
  })

  it('gives the values of the definition where parts are few', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer(), (partCount, seed) => {
        const game: Game = (told) => createRandom(seed).fork(told.map(Number).join('')).normal()
        const { values } = play(game, partCount)
        for (const [part, value] of shapley(game, partCount).entries()) {
          expect(values[part]).toBeCloseTo(value, 10)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('gives each part its own effect where effects only add up, and nothing to one without', () => {
    const effects = Array.from({ length: 20 }, (_, part) => (part === 3 ? 0 : part - 8))
    const game: Game = (told) =>
      effects.reduce((sum, effect, part) => sum + (told[part] === true ? effect : 0), 5)
    const { values } = play(game, 20)
    for (const [part, effect] of effects.entries()) expect(values[part]).toBeCloseTo(effect, 10)
  })

  it('shares what two do together between them, exactly so by an order and its reverse', () => {
    const game: Game = (told) => (told[0] === true && told[1] === true ? 1 : 0)
    const { values } = play(game, 15)
    expect(values[0]).toBeCloseTo(0.5, 10)
    expect(values[1]).toBeCloseTo(0.5, 10)
  })

  it('asks each coalition once, none first and all last, and no more of them than it may', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), (partCount) => {
        const { coalitions } = planCoalitions(partCount, { coalitionsMax: 256, random: createRandom(2) })
        const keys = coalitions.map((told) => told.map(Number).join(''))
        if (partCount > 0) expect(new Set(keys).size).toBe(keys.length)
        expect(coalitions[0]?.some(Boolean)).toBe(false)
        expect(coalitions.at(-1)?.every(Boolean)).toBe(true)
        expect(coalitions.length).toBeLessThanOrEqual(256)
      }),
    )
  })
})
