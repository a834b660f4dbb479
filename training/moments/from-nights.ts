// Moments as a nightly job asks them: everybody who is known, on a few dates. What is asked after events hears of
// busy users more than of others, so that what looks well calibrated there need not be so here.
import { DAY_MS, longestHorizonMs } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import type { Moment } from './moment.ts'
import type { MomentPlan } from './plan.ts'

/** The moments of a user who is known from a time on, in the test part. */
export function momentsFromNights(knownFromMs: number, nights: readonly number[]): Moment[] {
  return nights
    .filter((atMs) => atMs >= knownFromMs)
    .map((atMs) => ({ part: 'test', atMs, from: 'clock', isFirst: false }))
}

export interface NightsRequest {
  /** How many users there are, and about how many examples are wanted. */
  readonly users: number
  readonly wanted: number
}

/**
 * The same plan with its test at midnights (UTC) alone, spread over the test part so far as all outcomes are
 * known; as many as give the examples that are wanted, one at the least.
 */
export function askNightly(project: Project, plan: MomentPlan, { users, wanted }: NightsRequest): MomentPlan {
  const { test } = plan.parts
  if (test === undefined) return plan
  const lastMs = Math.max(
    test.fromMs,
    Math.min(test.untilMs - 1, plan.knownUntilMs) - longestHorizonMs(project),
  )
  const first = Math.ceil(test.fromMs / DAY_MS)
  const midnights = Array.from(
    { length: Math.max(0, Math.floor(lastMs / DAY_MS) - first + 1) },
    (_, night) => {
      return (first + night) * DAY_MS
    },
  )
  const all = midnights.length === 0 ? [lastMs] : midnights
  const length = Math.max(1, Math.min(all.length, Math.floor(wanted / Math.max(1, users))))
  const nights = Array.from(
    { length },
    (_, at) => all[Math.floor(((at + 0.5) * all.length) / length)] ?? lastMs,
  )
  const days = nights.map((atMs) => new Date(atMs).toISOString().slice(0, 10))
  const when = days.length === 1 ? days[0] : `${days.length} nights from ${days[0]} to ${days.at(-1)}`
  return {
    ...plan,
    nights,
    split: `${plan.split}; all known users asked on ${when}`,
    expected: { ...plan.expected, test: nights.length * users },
  }
}
