import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../../features/event.ts'
import { DAY_MS } from '../../../features/project.ts'
import type { Asked } from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import { chooseCutoffs, partAt } from '../../../training/examples/cutoffs.ts'
import type { Cutoff, CutoffRequest } from '../../../training/examples/cutoffs.ts'
import { partNames } from '../../../training/examples/parts.ts'
import { buildEvent } from '../../features/generated.ts'

const END_MS = 40 * DAY_MS
const parts = {
  train: { fromMs: 0, untilMs: 20 * DAY_MS },
  validation: { fromMs: 20 * DAY_MS, untilMs: 30 * DAY_MS },
  test: { fromMs: 30 * DAY_MS, untilMs: END_MS },
}
const all = { train: 1, validation: 1, test: 1 }

/** The same random stream each time: what differs is the request alone. */
function choose(overrides: Partial<CutoffRequest> = {}): Cutoff[] {
  return chooseCutoffs({
    events: [],
    parts,
    rates: all,
    asked: 'anytime',
    longestHorizonMs: 7 * DAY_MS,
    random: createRandom(1),
    ...overrides,
  })
}

function eventsAt(times: readonly number[]): Event[] {
  return times
    .toSorted((a, b) => a - b)
    .map((occurredAt, index) => buildEvent({ id: `e${String(index).padStart(6, '0')}`, occurredAt }))
}

/** Times that often fall together, and lie close to each other and to the edges of parts. */
const anyTime = fc.oneof(
  fc.integer({ min: 0, max: END_MS - 1 }),
  fc.integer({ min: 0, max: 40 }).map((day) => Math.min(END_MS - 1, day * DAY_MS)),
  fc.integer({ min: 0, max: 20 }).map((minute) => 20 * DAY_MS - 600_000 + minute * 60_000),
)
const anyTimes = fc.array(anyTime, { maxLength: 40 })
const anyAsked = fc.constantFrom<Asked>('anytime', 'afterEvents')

describe('chooseCutoffs', () => {
  it('chooses a moment by nothing that comes after it', () => {
    const rates = { train: 0.5, validation: 0.5, test: 0.5 }
    fc.assert(
      fc.property(anyTimes, anyTimes, anyTime, anyAsked, (times, otherTimes, nowMs, asked) => {
        const past = times.filter((time) => time <= nowMs)
        const chosenBy = (later: readonly number[]): Cutoff[] =>
          choose({ events: eventsAt([...past, ...later]), rates, asked }).filter(({ atMs }) => atMs <= nowMs)
        const chosen = chosenBy(times.filter((time) => time > nowMs))
        expect(chosenBy(otherTimes.filter((time) => time > nowMs))).toEqual(chosen)
        expect(chosenBy([])).toEqual(chosen)
      }),
      { numRuns: 500 },
    )
  })

  it('asks once after the events of one moment, where questions follow events', () => {
    fc.assert(
      fc.property(anyTimes, (times) => {
        const chosen = choose({ events: eventsAt(times), asked: 'afterEvents' })
        expect(chosen.map(({ atMs }) => atMs)).toEqual([...new Set(times)].toSorted((a, b) => a - b))
      }),
    )
  })

  it('never asks before the first event or outside of the part', () => {
    fc.assert(
      fc.property(anyTimes, anyAsked, (times, asked) => {
        for (const { part, atMs } of choose({ events: eventsAt(times), asked })) {
          expect(atMs).toBeGreaterThanOrEqual(Math.min(...times))
          expect(atMs).toBeGreaterThanOrEqual(parts[part].fromMs)
          expect(atMs).toBeLessThan(parts[part].untilMs)
        }
      }),
    )
  })

  it('takes of each part the share that is wanted', () => {
    const rates = { train: 0.3, validation: 1, test: 0 }
    const events = eventsAt(Array.from({ length: 4_000 }, (_, index) => (index * END_MS) / 4_000))
    const chosen = choose({ events, rates, asked: 'afterEvents' })
    const countOf = (part: string): number => chosen.filter((cutoff) => cutoff.part === part).length
    expect(Math.abs(countOf('train') - 600)).toBeLessThan(4 * Math.sqrt(2_000 * 0.3 * 0.7))
    expect(countOf('validation')).toBe(1_000)
    expect(countOf('test')).toBe(0)
  })

  it('asks at any time both right after events and a while later', () => {
    const times = Array.from({ length: 1_000 }, (_, index) => index * 1_000)
    const chosen = choose({ events: eventsAt(times) }).map(({ atMs }) => atMs)
    const known = new Set(times)
    expect(chosen.filter((atMs) => known.has(atMs)).length).toBeGreaterThan(200)
    const later = chosen.filter((atMs) => atMs > 1_000_000 + DAY_MS / 24)
    expect(later.length).toBeGreaterThan(20)
  })
})

describe('partAt', () => {
  it('knows the part of each moment of the log, and none outside', () => {
    for (const name of partNames) {
      const { fromMs, untilMs } = parts[name]
      expect([partAt(parts, fromMs), partAt(parts, untilMs - 1)]).toEqual([name, name])
    }
    expect([partAt(parts, -1), partAt(parts, END_MS)]).toEqual([undefined, undefined])
  })
})
