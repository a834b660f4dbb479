// Cross-validation: every row or user is tested once, by a model that never saw it; or every stretch of time, by
// models that knew what came before. How folds are cut is a plan each; the rest is a training of each.
import { createRandom, shuffle } from '../features/random.ts'
import { hasEvents, labelTasksOf } from '../features/project.ts'
import type { Project } from '../features/project.ts'
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import { answerMadeAgain } from './answer-test.ts'
import type { TaskResult } from './card.ts'
import type { DataSet } from './data/data-set.ts'
import { evaluateTasks } from './evaluate.ts'
import type { Family, Settings } from './models/family.ts'
import type { PartName } from './moments/parts.ts'
import { planMoments, planRolling, planRows } from './moments/plan-moments.ts'
import type { PlanRequest } from './moments/plan-moments.ts'
import type { ExamplesWanted, MomentPlan } from './moments/plan.ts'
import { countClasses, readRowClasses, stratifiedParts, usersOf } from './moments/row-labels.ts'
import type { RowClass } from './moments/row-labels.ts'
import { userFolds } from './moments/user-folds.ts'
import { silent } from './monitor.ts'
import type { Monitor } from './monitor.ts'
import { poolTask } from './pooled-folds.ts'
import type { FoldAnswers } from './pooled-folds.ts'
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
  /** That fitting a fold may take, about. */
  readonly minutes?: number | undefined
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
  readonly rivals?: ((plan: MomentPlan) => Promise<FoldAnswers['rivals']>) | undefined
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

/**
 * The fold of each row, every class of the first label spread evenly, as far as users allow: each goes where there
 * are fewest rows of their commonest class, those of most rows first.
 */
export function stratifiedFolds(
  labels: ArrayLike<number>,
  { foldCount, seed, userIds }: StratifyFolds,
): number[] {
  const random = createRandom(seed).fork('folds')
  const rows = Array.from(labels, (own, place) => ({
    place,
    userId: userIds?.[place] ?? String(place),
    class: own,
  }))
  const users = shuffle(usersOf(rows), random).toSorted(
    (a, b) => a.class - b.class || b.rows.length - a.rows.length,
  )
  const filled = Array.from({ length: foldCount }, (_, fold) => ({
    fold,
    all: 0,
    byClass: new Map<number, number>(),
  }))
  const folds = Array.from({ length: labels.length }, () => 0)
  for (const user of users) {
    const [least] = filled.toSorted(
      (a, b) => (a.byClass.get(user.class) ?? 0) - (b.byClass.get(user.class) ?? 0) || a.all - b.all,
    )
    if (least === undefined) throw new Error('Expected folds, got none')
    least.all += user.rows.length
    for (const [own, count] of countClasses(user.rows)) {
      least.byClass.set(own, (least.byClass.get(own) ?? 0) + count)
    }
    for (const { place } of user.rows) folds[place] = least.fold
  }
  return folds
}

/** Share of the rows left for training that validation takes: for stopping and calibration. */
export const VALIDATION_SHARE = 0.12

/**
 * Trains and tests once a fold, as a bundle would be made and deployed: choices are made on each fold's own
 * validation, which no test row is in, and the final fit learns from all but the test.
 */
export async function crossValidate(
  request: CrossValidationRequest,
): Promise<Result<CrossValidation, TrainFault>> {
  const { family, seed, settings, monitor = silent } = request
  const plans = await planFolds(request)
  if (!plans.ok) return plans
  if (typeof request.folds === 'object' && 'origins' in request.folds) {
    const [made, { origins }] = [plans.value.length, request.folds]
    if (made < origins) monitor.say(`${made} folds in place of ${origins}: the horizons fit no more often`)
  }
  const results: Readonly<Record<string, TaskResult>>[] = []
  const answers: FoldAnswers[] = []
  for (const plan of plans.value) {
    monitor.say(`fold ${results.length + 1} of ${plans.value.length}`)
    const rivals = (await request.rivals?.(plan)) ?? {}
    const recipe = { family, seed, settings, finalFit: true }
    const answered = await answerMadeAgain(recipe, { ...request, givenThresholds: request.thresholds, plan })
    if (!answered.ok) return answered
    const { heads, outputs, thresholds, examples } = answered.value
    results.push(evaluateTasks(heads, { examples, outputs, seed, thresholds, rivals }))
    const { inputs: _, ...tested } = examples
    answers.push({ heads, outputs, thresholds, rivals, examples: tested })
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
  const { project, data, folds } = request
  if (typeof folds === 'object' && 'plans' in folds) return succeed(folds.plans)
  if (typeof folds === 'object' && 'origins' in folds) return planRolling({ ...request, ...folds })
  if (typeof folds !== 'number' || !hasEvents(project)) return planRowFolds(request, folds)
  const plan = await planMoments(request)
  if (!plan.ok) return plan
  if (plan.value.parts.test === undefined) return planRowFolds(request, folds)
  if (data.userCount < folds) return fail({ code: 'few_users', users: data.userCount, folds })
  return succeed(userFolds(plan.value, { userCount: data.userCount, foldCount: folds }))
}

async function planRowFolds(
  {
    project,
    data,
    seed,
    monitor = silent,
  }: Pick<CrossValidationRequest, 'project' | 'data' | 'seed' | 'monitor'>,
  folds: number | readonly number[],
): Promise<Result<MomentPlan[], TrainFault>> {
  const rows = await readRowClasses(project, data)
  const small = typeof folds === 'number' ? smallClass(project, { rows, folds }) : undefined
  if (small !== undefined) return fail(small)
  const foldOfRow =
    typeof folds === 'number'
      ? stratifiedFolds(
          rows.map((row) => row.class),
          { foldCount: folds, seed, userIds: rows.map((row) => row.userId) },
        )
      : folds
  if (typeof folds === 'number') sayUneven(monitor, { foldOfRow, rows })
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

/** One that no row has is told where heads are made, as without folds. Rows of one user are in one fold. */
function smallClass(
  project: Project,
  { rows, folds }: { readonly rows: readonly RowClass[]; readonly folds: number },
): SmallClass | undefined {
  const [, task] = labelTasksOf(project)[0] ?? []
  const counted = (task?.values ?? []).map((value, index) => {
    const own = rows.filter((row) => row.class === index)
    return { value, rows: own.length, users: new Set(own.map(({ userId }) => userId)).size }
  })
  const least = counted
    .filter(({ users }) => users > 0 && users < folds)
    .toSorted((left, right) => left.users - right.users)[0]
  return least === undefined ? undefined : { code: 'small_class', ...least, folds }
}

/** A fold of more than twice as many rows as others counts in the means no more than they do. */
const UNEVEN = 2

function sayUneven(
  monitor: Monitor,
  { foldOfRow, rows }: { readonly foldOfRow: readonly number[]; readonly rows: readonly RowClass[] },
): void {
  const sizes = Array.from(
    Map.groupBy(foldOfRow, (fold) => fold),
    ([fold, own]) => [fold, own.length] as const,
  ).toSorted(([, a], [, b]) => b - a)
  const [[fold = 0, most = 0] = [], [, least = 0] = []] = [sizes[0], sizes.at(-1)]
  if (most <= UNEVEN * least) return
  const ofOne = usersOf(rows).reduce((greatest, user) => Math.max(greatest, user.rows.length), 0)
  monitor.say(
    `fold ${fold + 1} tests ${most} of ${rows.length} rows, another ${least}, though each counts the same: rows of a user stay together, and one has ${ofOne}`,
  )
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
