// How many moments lie at or before a time, over all sources that a project asks: the parts are cut by it.
import type { Project } from '../../features/project.ts'
import { countUntil, timesOf } from './census.ts'
import type { Census } from './census.ts'
import { asksRows, looksAhead, sharesOf } from './sources.ts'

interface DensityRequest {
  readonly census: Census
  readonly startMs: number
  readonly endMs: number
}

/** A rising function of time; each source counts as much as it is asked, in units of its own whole. */
export function createDensity(project: Project, request: DensityRequest): (ms: number) => number {
  const { census, startMs, endMs } = request
  const shares = looksAhead(project) ? sharesOf(project) : { events: 0, clock: 0 }
  const sources = [
    { share: shares.events, passed: countOf(timesOf(census, { events: true, rows: false })) },
    { share: shares.clock, passed: knownTimeOf(census, request) },
    {
      share: asksRows(project) ? 1 : 0,
      passed: countOf(timesOf(census, { events: false, rows: true })),
    },
  ].filter(({ share }) => share > 0)
  const scaled = sources.map(({ share, passed }) => {
    const [before, whole] = [passed(startMs - 1), passed(endMs)]
    return (ms: number): number => (share * (passed(ms) - before)) / Math.max(1, whole - before)
  })
  return (ms) => {
    const withinMs = Math.max(startMs - 1, Math.min(endMs, ms))
    return scaled.reduce((sum, passed) => sum + passed(withinMs), 0)
  }
}

function countOf(rising: Float64Array): (ms: number) => number {
  return (ms) => countUntil(rising, ms)
}

/** The time for which users were known, all added up. */
function knownTimeOf({ users }: Census, { startMs }: DensityRequest): (ms: number) => number {
  const from = Float64Array.from(users, ({ times }) => Math.max(startMs, times[0] ?? Infinity)).toSorted()
  const sums = new Float64Array(from.length + 1)
  for (const [place, ms] of from.entries()) sums[place + 1] = (sums[place] ?? 0) + (ms - startMs)
  return (ms) => {
    const known = countUntil(from, ms)
    return known * (ms - startMs) - (sums[known] ?? 0)
  }
}
