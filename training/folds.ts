// Cross-validation of a table: every row is tested once, by a model that never saw it.
import { createRandom, shuffle } from '../features/random.ts'
import type { Project } from '../features/project.ts'
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import type { TaskResult } from './card.ts'
import type { LabelledRow, TableData } from './data/data-set.ts'
import { examplesOfRows, stratifiedParts } from './examples/make-examples.ts'
import { labelIndices } from './examples/table.ts'
import { silent } from './monitor.ts'
import type { Monitor } from './monitor.ts'
import { fitModel } from './train.ts'
import type { TrainFault } from './train.ts'

/** A fold file that does not fit the data. */
export interface FoldFault {
  readonly kind: 'folds'
  readonly message: string
}

export interface CrossValidationRequest {
  readonly project: Project
  readonly data: TableData
  readonly family: string
  readonly seed: number
  /** How many folds to make, or the fold of each row. */
  readonly folds: number | readonly number[]
  readonly monitor?: Monitor
}

export interface CrossValidation {
  readonly rows: number
  readonly foldCount: number
  /** Each fold's own results, in order. */
  readonly folds: readonly Readonly<Record<string, TaskResult>>[]
  /** Mean of each metric over the folds, and its standard deviation. */
  readonly mean: Readonly<Record<string, Pick<TaskResult, 'model' | 'prior'>>>
  readonly deviation: Readonly<Record<string, Pick<TaskResult, 'model' | 'prior'>>>
}

/** Reads a fold file: one whole number a line, in the order of the data's rows. */
export function parseFolds(text: string, rowCount: number): Result<number[], FoldFault> {
  const lines = text.trimEnd().split(/\r?\n/)
  const wrong = lines.findIndex((line) => !/^\d+$/.test(line.trim()))
  if (wrong >= 0) {
    const message = `Fold file, line ${wrong + 1}: expected a fold number, got '${lines[wrong] ?? ''}'`
    return fail({ kind: 'folds', message })
  }
  if (lines.length !== rowCount) {
    const message = `The fold file has ${lines.length} lines, the data ${rowCount} rows`
    return fail({ kind: 'folds', message })
  }
  const folds = lines.map(Number)
  if (new Set(folds).size < 2) return fail({ kind: 'folds', message: 'The fold file names only one fold' })
  return succeed(folds)
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

/** Share of the rows left for training that validation takes: for early stopping and calibration. */
const VALIDATION_SHARE = 0.12

/** Trains and tests once a fold. Closes the data once its rows are read. */
export async function crossValidate(
  request: CrossValidationRequest,
): Promise<Result<CrossValidation, TrainFault>> {
  const { project, data, family, seed, monitor = silent } = request
  const rows = await Array.fromAsync(data.rows())
  data.close()
  const foldOfRow =
    typeof request.folds === 'number'
      ? stratifiedFolds(firstLabels(project, rows), { foldCount: request.folds, seed })
      : request.folds
  const names = [...new Set(foldOfRow)].toSorted((a, b) => a - b)
  const results: Readonly<Record<string, TaskResult>>[] = []
  for (const fold of names) {
    monitor.say(`fold ${results.length + 1} of ${names.length}`)
    const test = rows.filter((_, index) => foldOfRow[index] === fold)
    const others = rows.filter((_, index) => foldOfRow[index] !== fold)
    const { train, validation } = stratifiedParts(project, {
      rows: others,
      seed,
      shares: { validation: VALIDATION_SHARE, test: 0 },
    })
    const fitted = await fitModel({
      project,
      data,
      family,
      seed,
      monitor,
      examples: {
        ...examplesOfRows(project, { train, validation, test }),
        split: `fold ${fold}`,
        data: { rows: rows.length, users: rows.length, skippedRows: data.skippedCount },
      },
    })
    if (!fitted.ok) return fitted
    results.push(fitted.value.card.tasks)
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

function firstLabels(project: Project, rows: readonly LabelledRow[]): Int32Array {
  const [task = ''] = Object.keys(project.tasks)
  return labelIndices(project, { task, rows })
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

type Summary = Record<string, Pick<TaskResult, 'model' | 'prior'>>

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
