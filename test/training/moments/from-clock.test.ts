import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import { momentsFromClock } from '../../../training/moments/from-clock.ts'
import { partNames } from '../../../training/moments/parts.ts'
import { buildPlan } from './build-plan.ts'

const plan = buildPlan({ clockPerMs: 50 / DAY_MS })
const chosen = momentsFromClock(10 * DAY_MS, { plan, random: createRandom(1) })

describe('momentsFromClock', () => {
  it('asks about a user from when they are known to the end of each part, evenly', () => {
    expect(Math.min(...chosen.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(10 * DAY_MS)
    for (let day = 10; day < 40; day += 5) {
      const inDays = chosen.filter(({ atMs }) => atMs >= day * DAY_MS && atMs < (day + 5) * DAY_MS).length
      expect(Math.abs(inDays - 250)).toBeLessThan(4 * Math.sqrt(250))
    }
    for (const name of partNames) {
      const { fromMs = 0, untilMs = 0 } = plan.parts[name] ?? {}
      const inside = chosen.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
      expect(new Set(inside.map(({ part }) => part))).toEqual(new Set([name]))
    }
  })

  it('knows no first moments, and asks nobody who is not known yet', () => {
    expect(chosen.some(({ isFirst }) => isFirst)).toBe(false)
    expect(momentsFromClock(41 * DAY_MS, { plan, random: createRandom(1) })).toEqual([])
    expect(momentsFromClock(Infinity, { plan, random: createRandom(1) })).toEqual([])
    expect(momentsFromClock(0, { plan: buildPlan(), random: createRandom(1) })).toEqual([])
  })
})
