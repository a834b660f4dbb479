// Metrics of tasks as a person reads them: a table a task, the model beside the prior.
import { METRIC_NAMES } from '../../training/metrics/names.ts'
import { tableOf } from './table.ts'

interface Difference {
  readonly difference: number
  readonly interval: readonly [number, number]
  readonly p: number
}

/** A task as `presage evaluate --json` tells it: metrics by name, those of the prior, and how sure they are. */
export interface MeasuredTask {
  readonly examples?: number
  readonly basis?: 'model' | 'prior'
  readonly prior: Readonly<Record<string, unknown>>
  /** By metric, at 95 %. */
  readonly intervals?: Readonly<Record<string, readonly [number, number]>>
  /** By the name of another who answered the same moments, and by metric. */
  readonly against?: Readonly<Record<string, Readonly<Record<string, Difference>>>>
  readonly [metric: string]: unknown
}

/** By task, over folds. */
export type Deviations = Readonly<Record<string, { readonly model: Readonly<Record<string, unknown>> }>>

/** What is told on a terminal, by the names that the page has; --json and the card have all. */
const SHOWN = [
  'logLoss',
  'auc',
  'averagePrecision',
  'brier',
  'ece',
  'accuracy',
  'precision',
  'recall',
  'f1',
  'liftAt5',
  'deviance',
  'rmse',
  'mae',
  'predictedOverActual',
]

/** What `--thresholds` asks for. */
const AT_THRESHOLD = /^(?<of>precision|recall|f1)At(?<from>\d.*)$/

export function metricsTables(
  tasks: Readonly<Record<string, MeasuredTask>>,
  deviations: Deviations = {},
): string {
  return Object.entries(tasks)
    .map(([task, measured]) => tableOfTask(task, { measured, deviation: deviations[task]?.model }))
    .join('\n\n')
}

interface TableRequest {
  readonly measured: MeasuredTask
  readonly deviation: Readonly<Record<string, unknown>> | undefined
}

function tableOfTask(task: string, { measured, deviation }: TableRequest): string {
  const { examples, basis, prior, intervals } = measured
  const spread = deviation === undefined ? '95 %' : 'spread'
  const given = Object.keys(measured).filter((metric) => AT_THRESHOLD.test(metric))
  const rows = [...SHOWN, ...given].flatMap((metric): string[][] => {
    const value = measured[metric]
    if (typeof value !== 'number') return []
    const [interval, folds] = [intervals?.[metric], deviation?.[metric]]
    const sure =
      typeof folds === 'number'
        ? `± ${digits(folds)}`
        : interval === undefined
          ? ''
          : `${digits(interval[0])} to ${digits(interval[1])}`
    return [[nameOf(metric), digits(value), sure, digits(prior[metric])]]
  })
  const counted = examples === undefined ? '' : `, ${examples.toLocaleString('en')} examples`
  const answers = basis === 'prior' ? '; the prior answers, for want of skill' : ''
  const table = tableOf(['', 'model', spread, 'prior'], rows)
  return [`${task}${counted}${answers}`, table, ...rivalLines(measured)].join('\n')
}

/** Of a metric of SHOWN, or at a threshold: 'precision from 0.1 on'. */
function nameOf(metric: string): string {
  const { of = metric, from } = AT_THRESHOLD.exec(metric)?.groups ?? {}
  const name = METRIC_NAMES[of] ?? of
  return from === undefined ? name : `${name} from ${from} on`
}

/** A line for each other than the prior, which the table has. */
function rivalLines({ against = {} }: MeasuredTask): string[] {
  return Object.entries(against).flatMap(([rival, differences]) => {
    const metric = SHOWN.find((name) => name in differences)
    const found = metric === undefined ? undefined : differences[metric]
    if (rival === 'prior' || metric === undefined || found === undefined) return []
    const { difference, interval, p } = found
    const [low, high] = interval.map(signed)
    const chance = p <= 0.05 ? '' : ', may be chance'
    return [`less ${rival}: ${METRIC_NAMES[metric]} ${signed(difference)} (${low} to ${high}${chance})`]
  })
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${digits(Math.abs(value))}`
}

function digits(value: unknown): string {
  if (typeof value !== 'number') return '–'
  return Math.abs(value) >= 100 ? value.toFixed(1) : value.toFixed(4)
}
