// Plans and times for the tests of moments.
import * as fc from 'fast-check'
import type { Event } from '../../../features/event.ts'
import { DAY_MS } from '../../../features/project.ts'
import type { MomentPlan, PlannedPart, Sampling } from '../../../training/moments/plan.ts'
import { buildEvent } from '../../features/generated.ts'

export const END_MS = 40 * DAY_MS

export function buildSampling(overrides: Partial<Sampling> = {}): Sampling {
  return { eventRate: 1, eventsOfUserMax: 1e9, clockPerMs: 0, rowRate: 1, ...overrides }
}

/** Parts of 20, 10 and 10 days, all sampled alike. */
export function buildPlan(sampling: Partial<Sampling> = {}, overrides: Partial<MomentPlan> = {}): MomentPlan {
  const part = (fromDay: number, untilDay: number): PlannedPart => ({
    fromMs: fromDay * DAY_MS,
    untilMs: untilDay * DAY_MS,
    sampling: buildSampling(sampling),
  })
  return {
    seed: 1,
    split: 'made',
    parts: { train: part(0, 20), validation: part(20, 30), test: part(30, 40) },
    knownUntilMs: END_MS - 1,
    spanMs: END_MS - 1,
    outlying: { count: 0, examples: [] },
    expected: { train: 0, validation: 0, test: 0 },
    ...overrides,
  }
}

export function eventsAt(times: readonly number[]): Event[] {
  return times
    .toSorted((a, b) => a - b)
    .map((occurredAt, place) => buildEvent({ id: `e${place}`, occurredAt, place }))
}

/** Times that often fall together, and lie close to each other and to the edges of parts. */
export const anyTime = fc.oneof(
  fc.integer({ min: 0, max: END_MS - 1 }),
  fc.integer({ min: 0, max: 40 }).map((day) => Math.min(END_MS - 1, day * DAY_MS)),
  fc.integer({ min: 0, max: 20 }).map((minute) => 20 * DAY_MS - 600_000 + minute * 60_000),
)
export const anyTimes = fc.array(anyTime, { maxLength: 40 })
