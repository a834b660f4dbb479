// The figures of a run.
import { excessOf, NO_LOSSES, plusLosses } from './losses.ts'
import type { Losses } from './losses.ts'
import { plotSvg } from './plot.ts'
import type { Intruder, Run, RunDay, RunRequest } from './run.ts'

const HOUR_MS = 3_600_000
/** Of the mean after the drift. */
const AFTER_DAYS = 30
/** Losses of a day are told with those of the days before. */
const SMOOTHED_DAYS = 3
const BACK_UNDER = 0.03

/** Shares over the truth's loss are in percent. */
export function figuresOf(run: Run, { days, users, driftDay, seed, family }: RunRequest) {
  const after = run.days.filter(({ day }) => day >= driftDay && day < driftDay + AFTER_DAYS)
  const states: Record<string, number> = {}
  for (const { state } of run.trainings) states[state] = (states[state] ?? 0) + 1
  return {
    days,
    users,
    seed,
    family,
    events: run.days.reduce((sum, { events }) => sum + events, 0),
    questions: run.asked,
    seconds: run.seconds,
    lossOverTruth: {
      before: bothOf(run.days.filter(({ day }) => day < driftDay)),
      after: after.length === 0 ? null : bothOf(after),
      backUnder3PercentAfterDays: after.length === 0 ? null : daysUntilBack(run.days, driftDay),
      byTask: after.length === 0 ? null : byTask(after),
    },
    unanswered: run.failed.length,
    trainings: { count: run.trainings.length, states, kills: run.kills },
    promotions: run.deployments.audit.filter(
      ({ action }: { readonly action: string }) => action === 'promote',
    ).length,
    broken: run.broken && intruderOf(run.broken, run),
    bad: run.bad && intruderOf(run.bad, run),
    alarms: run.alarms,
  }
}

/** The excess by day, as SVG. */
export function plotOf(run: Run, { driftDay, brokenDay, badDay }: RunRequest): string {
  const valuesOf = (which: 'answered' | 'frozen'): number[] =>
    run.days.map(({ day }) => 100 * smoothed(run.days, day, which))
  return plotSvg({
    title: 'Log loss over the truth’s, three days',
    series: [
      { name: 'without the loop', colour: '#c33', values: valuesOf('frozen') },
      { name: 'with the loop', colour: '#06c', values: valuesOf('answered') },
    ],
    marks: [
      { day: brokenDay, name: 'broken bundle' },
      { day: driftDay, name: 'drift' },
      { day: badDay, name: 'bad challenger' },
    ],
  })
}

function bothOf(days: readonly RunDay[]) {
  const tasks = sumOf(days)
  return { withLoop: percent(excessOf(tasks, 'answered')), without: percent(excessOf(tasks, 'frozen')) }
}

function byTask(days: readonly RunDay[]) {
  return Object.fromEntries(
    Object.entries(sumOf(days)).map(([task, losses]) => [
      task,
      {
        withLoop: percent(excessOf({ [task]: losses }, 'answered')),
        without: percent(excessOf({ [task]: losses }, 'frozen')),
      },
    ]),
  )
}

function sumOf(days: readonly RunDay[]): Record<string, Losses> {
  const sums: Record<string, Losses> = {}
  for (const { tasks } of days) {
    for (const [task, losses] of Object.entries(tasks))
      sums[task] = plusLosses(sums[task] ?? NO_LOSSES, losses)
  }
  return sums
}

/** The excess of a day and those right before, as shares. */
function smoothed(days: readonly RunDay[], day: number, which: 'answered' | 'frozen'): number {
  return excessOf(sumOf(days.filter((one) => one.day <= day && one.day > day - SMOOTHED_DAYS)), which)
}

/** Of days that lie after the drift whole; null where it never comes back. */
function daysUntilBack(days: readonly RunDay[], driftDay: number): number | null {
  const back = days.find(
    ({ day }) => day >= driftDay + SMOOTHED_DAYS - 1 && smoothed(days, day, 'answered') < BACK_UNDER,
  )
  return back === undefined ? null : back.day - driftDay
}

interface AuditRow {
  readonly at: string
  readonly action: string
  readonly bundleId: string
  readonly percent: number | null
  readonly by: string
  readonly note: string
}

function intruderOf({ id, pushedMs, isRefused }: Intruder, run: Run) {
  const audit: readonly AuditRow[] = run.deployments.audit
  const own = audit.filter(({ bundleId }) => bundleId === id)
  const back = own.find(({ action }) => action === 'rollback')
  return {
    ...(isRefused !== undefined && { isRefusedOverHttp: isRefused }),
    percentMax: Math.max(...own.map(({ percent: share }) => share ?? 0)),
    hoursUntilBack: back === undefined ? null : (Date.parse(back.at) - pushedMs) / HOUR_MS,
    by: back?.by ?? null,
    why: back?.note ?? null,
    answers: run.answersBy[id] ?? 0,
  }
}

function percent(share: number): number {
  return Math.round(share * 10_000) / 100
}
