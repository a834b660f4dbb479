import { describe, expect, it } from 'vitest'
import { latestLevel, residualsByDay } from '../../../training/heads/latest-level.ts'
import type { DayResidual } from '../../../training/heads/latest-level.ts'
import { createRandom } from '../../../features/random.ts'
import type { Random } from '../../../features/random.ts'

const DAY_MS = 86_400_000

/** Days on which log-odds stand off by so much, as about fifty answers a day see it. */
function observed(levels: readonly number[], random: Random): DayResidual[] {
  const variance = 0.1
  return levels.map((level) => ({ shift: level + Math.sqrt(variance) * random.normal(), variance }))
}

describe('the latest level', () => {
  it('is none where nothing moves, but one time in twenty at most', () => {
    const still = Array.from({ length: 200 }, (_, seed) =>
      latestLevel(
        observed(
          Array.from({ length: 100 }, () => 0),
          createRandom(seed),
        ),
      ),
    )
    expect(still.filter((level) => level !== 0).length).toBeLessThanOrEqual(10)
  })

  it('follows within days what has moved', () => {
    // A model of a hundred days says their mean: too little before, too much after.
    const moved = Array.from({ length: 100 }, (_, day) => (day < 93 ? 0.05 : -0.65))
    const found = Array.from({ length: 50 }, (_, seed) => latestLevel(observed(moved, createRandom(seed))))
    const mean = found.reduce((sum, level) => sum + level, 0) / found.length
    expect(mean).toBeLessThan(-0.35)
    expect(mean).toBeGreaterThan(-0.75)
  })

  it('is none of a few days, and of days of which nothing is known', () => {
    const random = createRandom(1)
    expect(latestLevel(observed([0, 0, 0, 3, 3, 3], random))).toBe(0)
    expect(latestLevel(Array.from({ length: 100 }, () => ({ shift: 5, variance: Infinity })))).toBe(0)
  })

  it('reads residuals off what was said and what came, day by day', () => {
    const random = createRandom(2)
    const rows = Array.from({ length: 20_000 }, (_, row) => ({
      atMs: Math.floor(row / 1_000) * DAY_MS,
      came: random.next() < (row < 10_000 ? 0.2 : 0.3),
      userId: `user-${row}`,
    }))
    const days = residualsByDay({
      said: () => 0.2,
      came: (row) => rows[row]?.came === true,
      atMs: Float64Array.from(rows, ({ atMs }) => atMs),
      userIds: rows.map(({ userId }) => userId),
    })
    expect(days.length).toBe(20)
    const mean = (some: readonly DayResidual[]): number =>
      some.reduce((sum, { shift }) => sum + shift, 0) / some.length
    expect(Math.abs(mean(days.slice(0, 10)))).toBeLessThan(0.1)
    expect(mean(days.slice(10))).toBeCloseTo(0.1 / 0.16, 1)
  })

  it('counts many answers about one user as little more than one', () => {
    const of = (userIds: readonly string[]) =>
      residualsByDay({
        said: () => 0.5,
        came: () => true,
        atMs: new Float64Array(userIds.length),
        userIds,
      })[0]?.variance ?? 0
    const [one, many] = [
      Array.from({ length: 40 }, () => 'one'),
      Array.from({ length: 40 }, (_, n) => `${n}`),
    ]
    expect(of(one)).toBeGreaterThan(10 * of(many))
  })
})
