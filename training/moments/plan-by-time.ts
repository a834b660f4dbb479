// A plan whose parts are stretches of time: where they are cut, how densely moments are drawn in each, and which
// times lie so far from all others that nothing is asked there.
import { succeed } from '../../features/result.ts'
import type { Project } from '../../features/project.ts'
import type { Result } from '../../features/result.ts'
import { silent } from '../monitor.ts'
import { countUntil, timesOf } from './census.ts'
import type { Census, CensusUser } from './census.ts'
import { createDensity } from './density.ts'
import type { MomentFault } from './moment-fault.ts'
import { commonSpan, strayCount } from './outlying.ts'
import { partNames } from './parts.ts'
import type { Part, PartName } from './parts.ts'
import { examplesWithin } from './plan.ts'
import type { MomentPlan, Outlying, PlannedPart } from './plan.ts'
import type { PlanRequest } from './plan-moments.ts'
import { planSampling } from './sampling.ts'
import { asksRows, looksAhead } from './sources.ts'

interface Span {
  readonly startMs: number
  readonly endMs: number
}
/** The parts of a span, by how many moments lie at or before a time, in any unit. */
export type Cut = (
  span: Span,
  passed: (ms: number) => number,
) => Result<
  { readonly split: string; readonly parts: Readonly<Partial<Record<PartName, Part>>> },
  MomentFault
>

/** The density of moments in the parts that are cut, times far from all others left out and told. */
export function planByTime(request: PlanRequest, census: Census, cut: Cut): Result<MomentPlan, MomentFault> {
  const { project, seed, examples, minutes, monitor = silent } = request
  const times = timesOf(census, { events: looksAhead(project), rows: asksRows(project) })
  const span = commonSpan(times)
  const eventTimes = timesOf(census, { events: true, rows: false })
  const ofEvents = eventTimes.length === 0 ? { startMs: 0, endMs: 0 } : commonSpan(eventTimes)
  const spanMs = ofEvents.endMs - ofEvents.startMs
  // Rows may ask after the last event.
  const knownUntilMs = looksAhead(project) ? ofEvents.endMs : Infinity
  const outlying = outlyingOf(project, { census, span })
  if (outlying.count > 0) monitor.say(describeOutlying(outlying))
  const common = { ...census, users: withinSpan(census, span) }
  const made = cut(span, createDensity(project, { census: common, ...span }))
  if (!made.ok) return made
  const parts: Partial<Record<PartName, PlannedPart>> = {}
  const expected = { train: 0, validation: 0, test: 0 }
  for (const name of partNames) {
    const part = made.value.parts[name]
    if (part === undefined) continue
    const wanted = (examples ?? examplesWithin(minutes))[name]
    const rowsWanted = examples?.[name] ?? Infinity
    const planned = planSampling(project, { census: common, part, knownUntilMs, wanted, rowsWanted })
    parts[name] = { ...part, sampling: planned.sampling }
    expected[name] = planned.expected
  }
  return succeed({ seed, split: made.value.split, parts, knownUntilMs, spanMs, outlying, expected })
}

/** Users with their times that are not stray; those who have none are not known. */
function withinSpan({ users }: Census, { startMs, endMs }: Span): CensusUser[] {
  return users.flatMap(({ userId, times }) => {
    const own = times.subarray(countUntil(times, startMs - 1), countUntil(times, endMs))
    return own.length === 0 ? [] : [{ userId, times: own }]
  })
}

/** How many examples of outlying times are kept. */
const EXAMPLES_KEPT = 5

function outlyingOf(
  project: Project,
  { census, span }: { readonly census: Census; readonly span: Span },
): Outlying {
  // Users stand for several where there are very many, rows for themselves.
  const ofUsers = strayCount(timesOf(census, { events: looksAhead(project), rows: false }), span)
  const ofRows = strayCount(timesOf(census, { events: false, rows: asksRows(project) }), span)
  const count = census.stride * ofUsers + ofRows
  const examples: { userId: string; atMs: number }[] = []
  if (count === 0) return { count, examples }
  const isStray = (ms: number): boolean => ms < span.startMs || ms > span.endMs
  for (const { userId, times } of looksAhead(project) ? census.users : []) {
    for (const atMs of [times[0] ?? 0, times.at(-1) ?? 0]) {
      if (isStray(atMs) && examples.length < EXAMPLES_KEPT) examples.push({ userId, atMs })
    }
  }
  for (const { userId, atMs } of asksRows(project) ? census.rows : []) {
    if (atMs !== null && isStray(atMs) && examples.length < EXAMPLES_KEPT) examples.push({ userId, atMs })
  }
  return { count, examples }
}

function describeOutlying({ count, examples }: Outlying): string {
  const shown = examples.map(({ userId, atMs }) => `${userId} at ${iso(atMs)}`).join(', ')
  const what = count === 1 ? 'one time lies' : `${count} times lie`
  return `${what} far from all others, and nothing is asked there: ${shown}`
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
