// Choosing when questions are asked, by one pass over the data: where the parts are cut, and how densely
// moments are drawn in each.
import { DAY_MS, hasEvents, labelTasksOf, longestHorizonMs } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataSet } from '../data/data-set.ts'
import { silent } from '../monitor.ts'
import type { Monitor } from '../monitor.ts'
import { countUntil, createCensusTaker, timesOf } from './census.ts'
import type { Census, CensusUser } from './census.ts'
import { createDensity } from './density.ts'
import type { MomentFault } from './moment-fault.ts'
import { commonSpan, strayCount } from './outlying.ts'
import { cutParts, partNames } from './parts.ts'
import type { Part, PartName } from './parts.ts'
import { EXAMPLES_DEFAULT } from './plan.ts'
import type { ExamplesWanted, MomentPlan, Outlying, PlannedPart } from './plan.ts'
import { readRowClasses, stratifiedParts } from './row-labels.ts'
import { planSampling } from './sampling.ts'
import { causeOfTooShort } from './received-late.ts'
import { asksRows, looksAhead } from './sources.ts'

/** Times of another unit than is said lie before: seconds read as milliseconds do until 2079. */
const NO_LOG_UNTIL_MS = 40 * DAY_MS

export interface PlanRequest {
  readonly project: Project
  readonly data: DataSet
  readonly seed: number
  /** Of moments about so many; where absent EXAMPLES_DEFAULT, and all labelled rows. */
  readonly examples?: ExamplesWanted | undefined
  readonly monitor?: Monitor | undefined
}

/** A plan for a rehearsal: three parts, by time, or of rows without a time stratified at random. */
export async function planMoments(request: PlanRequest): Promise<Result<MomentPlan, MomentFault>> {
  const { project, data, seed } = request
  const census = await takeCensus(request)
  if (!census.ok) return census
  if (!isByTime(project, census.value)) {
    const classes = await readRowClasses(project, data)
    const split = 'stratified: 70 % train, 15 % validation, 15 % test'
    return succeed({ ...planRows(stratifiedParts(classes, { seed }), seed), split })
  }
  const planned = planByTime(request, census.value, (span, passed) => {
    const cut = cutParts({ ...span, longestHorizonMs: longestHorizonMs(project), passed })
    if (!cut.ok) return cut
    const { validation, test } = cut.value
    const split = `by time: validation from ${iso(validation.fromMs)}, test from ${iso(test.fromMs)}`
    return succeed({ split, parts: cut.value })
  })
  if (planned.ok || planned.reason.code !== 'too_short' || !looksAhead(project)) return planned
  return fail(await causeOfTooShort(planned.reason, data))
}

/** A plan for a final fit: everything up to the end of the data is the train part. */
export async function planEverything(request: PlanRequest): Promise<Result<MomentPlan, MomentFault>> {
  const census = await takeCensus(request)
  if (!census.ok) return census
  if (!isByTime(request.project, census.value)) {
    const all: (PartName | undefined)[] = []
    for (const { place } of census.value.rows) all[place] = 'train'
    return succeed({ ...planRows(all, request.seed), split: 'all rows' })
  }
  return planByTime(request, census.value, ({ startMs, endMs }) =>
    succeed({
      split: `everything from ${iso(startMs)} until ${iso(endMs)}`,
      parts: { train: { fromMs: startMs, untilMs: endMs + 1 } },
    }),
  )
}

/** A plan for rows whose parts are given by their places, as folds are. */
export function planRows(partOfRow: readonly (PartName | undefined)[], seed: number): MomentPlan {
  const countOf = (part: PartName): number => partOfRow.filter((own) => own === part).length
  return {
    seed,
    split: 'by row',
    parts: {},
    partOfRow,
    knownUntilMs: Infinity,
    spanMs: 0,
    outlying: { count: 0, examples: [] },
    expected: { train: countOf('train'), validation: countOf('validation'), test: countOf('test') },
  }
}

/** Whether all lies early in 1970, and later than it is long: a log may count from its own beginning. */
function isOfAnotherUnit({ startMs, endMs }: NonNullable<DataSet['span']>): boolean {
  return endMs < NO_LOG_UNTIL_MS && startMs > endMs - startMs
}

async function takeCensus(request: PlanRequest): Promise<Result<Census, MomentFault>> {
  const { project, data, monitor = silent } = request
  if (data.span !== undefined && isOfAnotherUnit(data.span)) {
    return fail({ code: 'lies_in_1970', ...data.span })
  }
  const taker = createCensusTaker()
  const work = monitor.track({ label: 'choosing moments', total: data.userCount, unit: 'users' })
  for await (const user of data.users()) {
    taker.see(user)
    work.advance(1)
  }
  work.done()
  const census = taker.finish()
  if (looksAhead(project) && census.users.length === 0) return fail({ code: 'no_events' })
  const [label] = labelTasksOf(project)[0] ?? []
  // Where other tasks can be learned, one that no row tells of is left to the prior like any that is rare.
  if (label !== undefined && census.rows.length === 0 && !looksAhead(project)) {
    return fail({ code: 'no_labelled_rows', task: label })
  }
  const timeless = hasEvents(project) && label !== undefined && census.rows.find(({ atMs }) => atMs === null)
  if (timeless) return fail({ code: 'row_without_time', place: timeless.place })
  return succeed(census)
}

/** A table is split by time where every row has one. */
function isByTime(project: Project, { rows }: Census): boolean {
  return looksAhead(project) || rows.every(({ atMs }) => atMs !== null)
}

interface Span {
  readonly startMs: number
  readonly endMs: number
}
type Cut = (
  span: Span,
  passed: (ms: number) => number,
) => Result<
  { readonly split: string; readonly parts: Readonly<Partial<Record<PartName, Part>>> },
  MomentFault
>

function planByTime(request: PlanRequest, census: Census, cut: Cut): Result<MomentPlan, MomentFault> {
  const { project, seed, examples, monitor = silent } = request
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
    const wanted = (examples ?? EXAMPLES_DEFAULT)[name]
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
