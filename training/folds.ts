// Cross-validation: every row or user is tested once, by a model that never saw it; or every stretch of time, by
// models that knew what came before. How folds are cut is a plan each; the rest is a rehearsal of each.
import { createRandom, shuffle } from '../features/random.ts'
import { hasEvents, labelTasksOf } from '../features/project.ts'
import type { Project } from '../features/project.ts'
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import type { TaskResult } from './card.ts'
import type { DataSet } from './data/data-set.ts'
import { examplesOfPlan } from './examples/make-examples.ts'
import type { PartExamples } from './examples/make-examples.ts'
import type { Family, Settings } from './models/family.ts'
import { partNames } from './moments/parts.ts'
import type { PartName } from './moments/parts.ts'
import { planMoments, planRolling, planRows } from './moments/plan-moments.ts'
import type { PlanRequest } from './moments/plan-moments.ts'
import type { ExamplesWanted, MomentPlan } from './moments/plan.ts'
import { readRowClasses, stratifiedParts } from './moments/row-labels.ts'
import type { RowClass } from './moments/row-labels.ts'
import { userFolds } from './moments/user-folds.ts'
import { silent } from './monitor.ts'
import type { Monitor } from './monitor.ts'
import { poolTask } from './pooled-folds.ts'
import type { FoldAnswers } from './pooled-folds.ts'
import { rehearse } from './rehearse.ts'
import type { SmallClass, TrainFault } from './train-fault.ts'

/** A fold file that does not fit the data. */
export type FoldFault =
  | { readonly code: 'bad_fold'; readonly line: number; readonly found: string }
  | { readonly code: 'fold_count'; readonly lines: number; readonly rows: number }
  | { readonly code: 'one_fold' }

export interface CrossValidationRequest {
  readonly project: Project
  readonly data: DataSet
  readonly family: Family
  readonly seed: number
  readonly settings?: Settings | undefined
  /** That the fit of a fold may take. */
  readonly minutesMax?: number | undefined
  /**
   * How many folds to make, of rows in a table and of users in a log; the fold of each row in the order of the
   * file; how often the time is cut, each test after the one before (rolling origin); or plans made elsewhere.
   */
  readonly folds:
    | number
    | readonly number[]
    | { readonly origins: number }
    | { readonly plans: readonly MomentPlan[] }
  /** About so many examples a fold, where moments are drawn. */
  readonly examples?: ExamplesWanted | undefined
  readonly asked?: PlanRequest['asked']
  readonly thresholds?: readonly number[] | undefined
  /** What others answer in a fold, by their name. */
  readonly rivals?:
    | ((fold: { readonly plan: MomentPlan; readonly parts: PartExamples }) => Promise<FoldAnswers['rivals']>)
    | undefined
  readonly monitor?: Monitor | undefined
}

export interface CrossValidation {
  readonly rows: number
  readonly foldCount: number
  /** Each fold's own results, in order. */
  readonly folds: readonly Readonly<Record<string, TaskResult>>[]
  /** Mean of each metric over the folds, and its standard deviation. */
  readonly mean: Summary
  readonly deviation: Summary
  /** The means, with intervals over all folds together. */
  readonly tasks: Readonly<Record<string, TaskResult>>
  /** What was answered in each fold, and what came. */
  readonly answers: readonly FoldAnswers[]
}

type Summary = Readonly<Record<string, Pick<TaskResult, 'model' | 'prior'>>>

/** Reads a fold file: one whole number a line, in the order of the data's rows. */
export function parseFolds(text: string, rowCount: number): Result<number[], FoldFault> {
  const lines = text.trimEnd().split(/\r?\n/)
  const wrong = lines.findIndex((line) => !/^\d+$/.test(line.trim()))
  if (wrong >= 0) return fail({ code: 'bad_fold', line: wrong + 1, found: lines[wrong] ?? '' })
  if (lines.length !== rowCount) return fail({ code: 'fold_count', lines: lines.length, rows: rowCount })
  const folds = lines.map(Number)
  return new Set(folds).size < 2 ? fail({ code: 'one_fold' }) : succeed(folds)
}

/** One line that says what is wrong with a fold file. */
export function describeFoldFault(fault: FoldFault): string {
  switch (fault.code) {
    case 'bad_fold':
      return `Fold file, line ${fault.line}: expected a fold number, got '${fault.found}'`
    case 'fold_count':
      return `The fold file has ${fault.lines} lines, the data ${fault.rows} labelled rows`
    case 'one_fold':
      return 'The fold file names only one fold'
  }
}

export interface StratifyFolds {
  readonly foldCount: number
  readonly seed: number
  /** Of each row: rows of one user come into one fold. Each of its own where absent. */
  readonly userIds?: readonly string[]
}

/** The fold of each row, every class of the first label spread evenly, as far as users allow. */
export function stratifiedFolds(
  labels: ArrayLike<number>,
  { foldCount, seed, userIds }: StratifyFolds,
): number[] {
  const random = createRandom(seed).fork('folds')
  const folds = Array.from({ length: labels.length }, () => 0)
  const byUser = Map.groupBy([...folds.keys()], (row) => userIds?.[row] ?? row)
  const labelOf = (rows: readonly number[]): number => meanOf(rows.map((row) => labels[row] ?? 0))
  const groups = shuffle([...byUser.values()], random).toSorted(
    (a, b) => labelOf(a) - labelOf(b) || a.length - b.length,
  )
  for (const [place, rows] of groups.entries()) for (const row of rows) folds[row] = place % foldCount
  return folds
}

/** Share of the rows left for training that validation takes: for stopping and calibration. */
export const VALIDATION_SHARE = 0.12

/** Trains and tests once a fold; choices are made on each fold's own validation, which no test row is in. */
export async function crossValidate(
  request: CrossValidationRequest,
): Promise<Result<CrossValidation, TrainFault>> {
  const { project, data, family, seed, settings, minutesMax, thresholds, monitor = silent } = request
  const plans = await planFolds(request)
  if (!plans.ok) return plans
  const results: Readonly<Record<string, TaskResult>>[] = []
  const answers: FoldAnswers[] = []
  for (const plan of plans.value) {
    monitor.say(`fold ${results.length + 1} of ${plans.value.length}`)
    const examples = await examplesOfPlan({ project, data, plan })
    const empty = partNames.find((part) => examples[part].count === 0)
    if (empty !== undefined) return fail({ code: 'empty_part', part: empty })
    const rivals = (await request.rivals?.({ plan, parts: examples })) ?? {}
    const rehearsed = await rehearse({
      project,
      family,
      seed,
      settings,
      minutesMax,
      monitor,
      examples,
      thresholds,
      rivals,
    })
    if (!rehearsed.ok) return rehearsed
    const { heads, testOutputs: outputs, card } = rehearsed.value
    results.push(card.tasks)
    const { inputs: _, ...tested } = examples.test
    answers.push({ heads, outputs, thresholds: rehearsed.value.thresholds, rivals, examples: tested })
  }
  const mean = summarise(results, (values) => meanOf(values))
  return succeed({
    answers,
    rows: answers.reduce((sum, { examples }) => sum + examples.count, 0),
    foldCount: plans.value.length,
    folds: results,
    mean,
    deviation: summarise(results, (values) => {
      const middle = meanOf(values)
      return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
    }),
    tasks: Object.fromEntries(
      Object.entries(mean).map(([task, metrics]): [string, TaskResult] => {
        const pooled = poolTask(task, { folds: answers, seed })
        return [task, { ...NOTHING_POOLED, ...pooled, ...metrics }]
      }),
    ),
  })
}

const NOTHING_POOLED = {
  examples: 0,
  users: 0,
  basis: 'prior',
  intervals: {},
  against: {},
  draws: 0,
} as const

/** By rows of a table, by users of a log, or one after the other in time. */
async function planFolds(
  request: CrossValidationRequest,
): Promise<Result<readonly MomentPlan[], TrainFault>> {
  const { project, data, seed, folds } = request
  if (typeof folds === 'object' && 'plans' in folds) return succeed(folds.plans)
  if (typeof folds === 'object' && 'origins' in folds) return planRolling({ ...request, ...folds })
  if (typeof folds !== 'number' || !hasEvents(project)) return planRowFolds(request, folds)
  const plan = await planMoments(request)
  if (!plan.ok) return plan
  if (plan.value.parts.test === undefined) return planRowFolds({ project, data, seed }, folds)
  return succeed(userFolds(plan.value, { userCount: data.userCount, foldCount: folds }))
}

async function planRowFolds(
  { project, data, seed }: Pick<CrossValidationRequest, 'project' | 'data' | 'seed'>,
  folds: number | readonly number[],
): Promise<Result<MomentPlan[], TrainFault>> {
  const rows = await readRowClasses(project, data)
  const labels = rows.map((row) => row.class)
  const small = typeof folds === 'number' ? smallClass(project, { labels, folds }) : undefined
  if (small !== undefined) return fail(small)
  const foldOfRow =
    typeof folds === 'number'
      ? stratifiedFolds(labels, { foldCount: folds, seed, userIds: rows.map((row) => row.userId) })
      : folds
  const names = [...new Set(foldOfRow)].toSorted((a, b) => a - b)
  const nameOf = (fold: number): string =>
    typeof folds === 'number' ? `fold ${fold + 1}` : `fold ${fold} of the file`
  return succeed(
    names.map((fold) => {
      const isTest = (rank: number): boolean => foldOfRow[rank] === fold
      return { ...planRows(partsOf(rows, { isTest, seed }), seed), split: nameOf(fold) }
    }),
  )
}

/** One that no row has is told where heads are made, as without folds. */
function smallClass(
  project: Project,
  { labels, folds }: { readonly labels: readonly number[]; readonly folds: number },
): SmallClass | undefined {
  const [, task] = labelTasksOf(project)[0] ?? []
  const counted = (task?.values ?? []).map((value, index) => ({
    value,
    rows: labels.filter((label) => label === index).length,
  }))
  const least = counted
    .filter(({ rows }) => rows > 0 && rows < folds)
    .toSorted((left, right) => left.rows - right.rows)[0]
  return least === undefined ? undefined : { code: 'small_class', ...least, folds }
}

/** The part of each row by its place, where rows are tested by their rank in the file. */
function partsOf(
  rows: readonly RowClass[],
  { isTest, seed }: { readonly isTest: (rank: number) => boolean; readonly seed: number },
): (PartName | undefined)[] {
  const others = rows.filter((_, rank) => !isTest(rank))
  const { parts } = stratifiedParts(others, { seed, shares: { validation: VALIDATION_SHARE, test: 0 } })
  for (const [rank, { place }] of rows.entries()) if (isTest(rank)) parts[place] = 'test'
  return parts
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Each metric that is a number in every fold. */
function summarise(
  results: readonly Readonly<Record<string, TaskResult>>[],
  summary: (values: readonly number[]) => number,
): Summary {
  const tasks = Object.keys(results[0] ?? {})
  return Object.fromEntries(
    tasks.map((task) => [task, { model: metricsOf(task, 'model'), prior: metricsOf(task, 'prior') }]),
  )

  function metricsOf(task: string, of: 'model' | 'prior'): Record<string, number> {
    return Object.fromEntries(
      Object.keys(results[0]?.[task]?.[of] ?? {}).flatMap((name) => {
        const values = results.map((result) => result[task]?.[of][name])
        return values.every((value) => typeof value === 'number') ? [[name, summary(values)]] : []
      }),
    )
  }
}
