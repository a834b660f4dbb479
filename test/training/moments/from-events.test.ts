import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import {
  expectedOf,
  expectedOfUser,
  momentsFromEvents,
  rateFor,
} from '../../../training/moments/from-events.ts'
import { heardTimes } from '../../../training/moments/history-window.ts'
import type { Moment } from '../../../training/moments/moment.ts'
import type { Sampling } from '../../../training/moments/plan.ts'
import { END_MS, anyTime, anyTimes, buildPlan, buildSampling, eventsAt } from './build-plan.ts'

/** The same random stream each time: what differs is the times and the sampling alone. */
function choose(times: readonly number[], sampling: Partial<Sampling> = {}): Moment[] {
  return momentsFromEvents(heardTimes(eventsAt(times)), {
    plan: buildPlan(sampling),
    random: createRandom(1),
  })
}

describe('momentsFromEvents', () => {
  it('takes a moment by nothing that comes after it', () => {
    const sampling = { eventRate: 0.5, eventsOfUserMax: 6 }
    fc.assert(
      fc.property(anyTimes, anyTimes, anyTime, (times, others, nowMs) => {
        const past = times.filter((time) => time <= nowMs)
        const chosenWith = (later: readonly number[]): Moment[] =>
          choose([...past, ...later], sampling).filter(({ atMs }) => atMs <= nowMs)
        const chosen = chosenWith(times.filter((time) => time > nowMs))
        expect(chosenWith(others.filter((time) => time > nowMs))).toEqual(chosen)
        expect(chosenWith([])).toEqual(chosen)
      }),
      { numRuns: 300 },
    )
  })

  it('asks once after the events of one moment, and knows the first', () => {
    fc.assert(
      fc.property(anyTimes, (times) => {
        const distinct = [...new Set(times)].toSorted((a, b) => a - b)
        expect(choose(times).map(({ atMs }) => atMs)).toEqual(distinct)
        expect(choose(times).map(({ isFirst }) => isFirst)).toEqual(distinct.map((_, place) => place === 0))
      }),
    )
  })

  it('asks when an event was heard, for before that nothing of it can be seen', () => {
    const [event] = eventsAt([1_000])
    if (event === undefined) throw new Error('Expected an event')
    const heard = heardTimes([{ ...event, receivedAt: 5_000 }])
    const moments = momentsFromEvents(heard, { plan: buildPlan(), random: createRandom(1) })
    expect(moments.map(({ atMs }) => atMs)).toEqual([5_000])
  })

  it('takes the share that is wanted', () => {
    const times = Array.from({ length: 4_000 }, (_, place) => (place * END_MS) / 4_000)
    const taken = choose(times, { eventRate: 0.3 }).length
    expect(Math.abs(taken - 1_200)).toBeLessThan(4 * Math.sqrt(4_000 * 0.3 * 0.7))
  })

  it('takes of one user no more than one may give, and from all over the part', () => {
    const times = Array.from({ length: 20_000 }, (_, place) => place * 1_000)
    const chosen = choose(times, { eventRate: 0.5, eventsOfUserMax: 200 })
    expect(chosen.length).toBeGreaterThan(150)
    expect(chosen.length).toBeLessThan(200 + 4 * Math.sqrt(200))
    expect(chosen.filter(({ atMs }) => atMs > 1_000_000).length).toBeGreaterThan(5)
  })
})

describe('rateFor', () => {
  it('gives the examples wanted where there are enough, and all where there are not', () => {
    const anyCounts = fc.array(fc.nat(2_000), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(anyCounts, fc.integer({ min: 1, max: 20_000 }), (counts, wanted) => {
        const limits = { wanted, eventsOfUserMax: 100 }
        const eventRate = rateFor(counts, limits)
        const expected = expectedOf(counts, { ...limits, eventRate })
        expect(expected).toBeLessThanOrEqual(wanted * (1 + 1e-6))
        if (eventRate < 1) expect(expected).toBeGreaterThan(wanted * (1 - 1e-6))
      }),
    )
  })

  it('expects as many of a user as are drawn', () => {
    const sampling = buildSampling({ eventRate: 0.2, eventsOfUserMax: 60 })
    const times = Array.from({ length: 3_000 }, (_, place) => place * 1_000)
    const heard = heardTimes(eventsAt(times))
    const plan = buildPlan(sampling)
    const drawn = Array.from(
      { length: 200 },
      (_, seed) => momentsFromEvents(heard, { plan, random: createRandom(seed) }).length,
    )
    const mean = drawn.reduce((sum, count) => sum + count) / drawn.length
    expect(Math.abs(mean - expectedOfUser(times.length, sampling))).toBeLessThan(2)
  })
})
