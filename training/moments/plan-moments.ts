// Choosing when questions are asked, by one pass over the data: where the parts are cut, and how densely
// moments are drawn in each.
import { DAY_MS, hasEvents, labelTasksOf, longestHorizonMs } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataSet } from '../data/data-set.ts'
import { silent } from '../monitor.ts'
import type { Monitor } from '../monitor.ts'
import { createCensusTaker } from './census.ts'
import type { Census } from './census.ts'
import { askNightly } from './from-nights.ts'
import type { MomentFault } from './moment-fault.ts'
import { planByTime } from './plan-by-time.ts'
import type { Cut } from './plan-by-time.ts'
import { cutParts } from './parts.ts'
import type { PartName } from './parts.ts'
import { examplesWithin } from './plan.ts'
import type { ExamplesWanted, MomentPlan } from './plan.ts'
import { countClasses, readRowClasses, ROW_SHARES, stratifiedParts } from './row-labels.ts'
import type { RowClass } from './row-labels.ts'
import { causeOfTooShort } from './received-late.ts'
import { looksAhead } from './sources.ts'

/** Times of another unit than is said lie before: seconds read as milliseconds do until 2079. */
const NO_LOG_UNTIL_MS = 40 * DAY_MS

export interface PlanRequest {
  readonly project: Project
  readonly data: DataSet
  readonly seed: number
  /** Of moments about so many; where absent as many as minutes allow, and all labelled rows. */
  readonly examples?: ExamplesWanted | undefined
  /** That fitting may take, about; no bound where absent. */
  readonly minutes?: number | undefined
  /** Tests at all known users on a few dates, not as the project asks. */
  readonly asked?: 'nightly' | undefined
  /** The test is of the latest moments, over at most so long a stretch where that holds enough (parts.ts). */
  readonly testMsMax?: number | undefined
  readonly monitor?: Monitor | undefined
}

const STRATIFIED = 'stratified: 70 % train, 15 % validation, 15 % test'

/** Whether what is tested is of users who are known; nothing where no user has several rows. */
function describeTogether(together: boolean | undefined): string {
  if (together === undefined) return ''
  return together
    ? ', rows of a user together'
    : ', rows of a user in several parts, for there are too few users to test others'
}

/** Says of which values no row is tested, though there are enough, for they are of users of very many rows. */
function sayUntested(
  { project, monitor = silent }: PlanRequest,
  {
    classes,
    parts,
  }: { readonly classes: readonly RowClass[]; readonly parts: readonly (PartName | undefined)[] },
): void {
  const [, task] = labelTasksOf(project)[0] ?? []
  const tested = countClasses(classes.filter(({ place }) => parts[place] === 'test'))
  for (const [own, count] of countClasses(classes)) {
    const value = task?.values[own]
    if (value === undefined || tested.has(own) || Math.round(ROW_SHARES.test * count) < 1) continue
    monitor.say(
      `none of the ${count} rows that say '${value}' is tested: rows of a user stay together, and those who have them have too many`,
    )
  }
}

/** A plan for a rehearsal: three parts, by time, or of rows without a time stratified at random. */
export async function planMoments(request: PlanRequest): Promise<Result<MomentPlan, MomentFault>> {
  const { project, data, seed } = request
  const census = await takeCensus(request)
  if (!census.ok) return census
  if (!isByTime(project, census.value)) {
    const classes = await readRowClasses(project, data)
    const { parts, together } = stratifiedParts(classes, { seed })
    if (together === true) sayUntested(request, { classes, parts })
    return succeed({ ...planRows(parts, seed), split: `${STRATIFIED}${describeTogether(together)}` })
  }
  const planned = planByTime(request, census.value, cutInThree(request))
  if (planned.ok && request.asked === 'nightly' && looksAhead(project)) {
    const wanted = (request.examples ?? examplesWithin(request.minutes)).test
    return succeed(askNightly(project, planned.value, { users: data.userCount, wanted }))
  }
  if (planned.ok || planned.reason.code !== 'too_short' || !looksAhead(project)) return planned
  return fail(await causeOfTooShort(planned.reason, data))
}

/**
 * Plans of rehearsals one after the other, the earliest first (rolling origin): each as if the data ended where
 * the test of the next begins. So tests lie end to end, and none is known to a choice of its own plan. Fewer than
 * are wanted where the horizons fit no more often.
 */
export async function planRolling(
  request: PlanRequest & { readonly origins: number },
): Promise<Result<MomentPlan[], MomentFault>> {
  const { project, origins } = request
  const census = await takeCensus(request)
  if (!census.ok) return census
  if (!isByTime(project, census.value)) return fail({ code: 'rows_without_times' })
  const plans: MomentPlan[] = []
  let endMs = Infinity
  for (let origin = 0; origin < origins; origin += 1) {
    const untilMs = endMs
    const planned = planByTime(request, census.value, (span, passed) =>
      cutInThree(request)({ ...span, endMs: Math.min(span.endMs, untilMs) }, passed),
    )
    if (!planned.ok && plans.length === 0) return planned
    if (!planned.ok) break
    plans.unshift(planned.value)
    endMs = (planned.value.parts.test?.fromMs ?? 0) - 1
  }
  return succeed(plans)
}

function cutInThree({ project, testMsMax }: PlanRequest): Cut {
  return (span, passed) => {
    const cut = cutParts({ ...span, longestHorizonMs: longestHorizonMs(project), passed, testMsMax })
    if (!cut.ok) return cut
    const { validation, test } = cut.value
    const split = `by time: validation from ${iso(validation.fromMs)}, test from ${iso(test.fromMs)}`
    return succeed({ split, parts: cut.value })
  }
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

/** A plan for a final fit before the test of another plan: everything that was known by then is the train part. */
export async function planBeforeTest(
  request: PlanRequest,
  { parts, partOfRow, seed, heldOut }: MomentPlan,
): Promise<Result<MomentPlan, MomentFault>> {
  const { test } = parts
  if (test === undefined) {
    const before = (partOfRow ?? []).map((part) =>
      part === 'train' || part === 'validation' ? 'train' : undefined,
    )
    return succeed({ ...planRows(before, seed), split: 'all rows before the test' })
  }
  const census = await takeCensus(request)
  if (!census.ok) return census
  const planned = planByTime(request, census.value, ({ startMs }) =>
    succeed({
      split: `everything from ${iso(startMs)} until ${iso(test.fromMs)}`,
      parts: { train: { fromMs: startMs, untilMs: test.fromMs } },
    }),
  )
  return planned.ok && heldOut !== undefined ? succeed({ ...planned.value, heldOut }) : planned
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

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
