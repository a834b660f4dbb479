// Cross-validation of a table: every row is tested once, by a model that never saw it.
import { createRandom, shuffle } from '../features/random.ts'
import { labelTasksOf } from '../features/project.ts'
import type { Project } from '../features/project.ts'
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import type { TaskResult } from './card.ts'
import type { DataSet } from './data/data-set.ts'
import { examplesOfPlan } from './examples/make-examples.ts'
import type { Family, Settings } from './models/family.ts'
import type { PartName } from './moments/parts.ts'
import { planRows } from './moments/plan-moments.ts'
import { readRowClasses, stratifiedParts } from './moments/row-labels.ts'
import type { RowClass } from './moments/row-labels.ts'
import { silent } from './monitor.ts'
import type { Monitor } from './monitor.ts'
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
  /** How many folds to make, or the fold of each row in the order of the file. */
  readonly folds: number | readonly number[]
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

/** The fold of each row, every class of the first label spread evenly. */
export function stratifiedFolds(
  labels: ArrayLike<number>,
  { foldCount, seed }: { readonly foldCount: number; readonly seed: number },
): number[] {
  const random = createRandom(seed).fork('folds')
  const folds = Array.from({ length: labels.length }, () => 0)
  const rows = shuffle([...folds.keys()], random).toSorted((a, b) => (labels[a] ?? 0) - (labels[b] ?? 0))
  for (const [place, row] of rows.entries()) folds[row] = place % foldCount
  return folds
}

/** Share of the rows left for training that validation takes: for stopping and calibration. */
const VALIDATION_SHARE = 0.12

/** Trains and tests once a fold. */
export async function crossValidate(
  request: CrossValidationRequest,
): Promise<Result<CrossValidation, TrainFault>> {
  const { project, data, family, seed, settings, monitor = silent } = request
  const rows = await readRowClasses(project, data)
  const labels = rows.map((row) => row.class)
  const small =
    typeof request.folds === 'number' ? smallClass(project, { labels, folds: request.folds }) : undefined
  if (small !== undefined) return fail(small)
  const foldOfRow =
    typeof request.folds === 'number'
      ? stratifiedFolds(labels, { foldCount: request.folds, seed })
      : request.folds
  const names = [...new Set(foldOfRow)].toSorted((a, b) => a - b)
  const results: Readonly<Record<string, TaskResult>>[] = []
  for (const fold of names) {
    monitor.say(`fold ${results.length + 1} of ${names.length}`)
    const isTest = (rank: number): boolean => foldOfRow[rank] === fold
    const plan = { ...planRows(partsOf(rows, { isTest, seed }), seed), split: `fold ${fold}` }
    const examples = await examplesOfPlan({ project, data, plan })
    const rehearsed = await rehearse({ project, family, seed, settings, monitor, examples })
    if (!rehearsed.ok) return rehearsed
    results.push(rehearsed.value.card.tasks)
  }
  return succeed({
    rows: rows.length,
    foldCount: names.length,
    folds: results,
    mean: summarise(results, (values) => meanOf(values)),
    deviation: summarise(results, (values) => {
      const mean = meanOf(values)
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
    }),
  })
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
  const parts = stratifiedParts(others, { seed, shares: { validation: VALIDATION_SHARE, test: 0 } })
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
