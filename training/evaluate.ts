// How good answers are on examples the model has not seen: with intervals, and always beside the prior's.
import type { Head } from '../features/heads/head.ts'
import { readerOf } from '../features/heads/kinds.ts'
import { createRandom } from '../features/random.ts'
import type { TaskResult } from './card.ts'
import type { ExampleSet } from './examples/example-set.ts'
import { trainingKindOf } from './heads/kinds.ts'
import { givenNumbers, knownExamplesOf, repeated } from './heads/known-examples.ts'
import type { Judged, Thresholds } from './heads/training-kind.ts'
import { differencesOf, drawsFor, intervalsOf, resample } from './metrics/bootstrap.ts'
import type { Measured } from './metrics/measure.ts'
import type { Metrics } from './metrics/metrics.ts'
import { alike, userWeights } from './metrics/weights.ts'
import type { Outputs } from './models/family.ts'

export interface Answered {
  readonly examples: Omit<ExampleSet, 'inputs'>
  readonly outputs: Outputs
  /** Of the users whom the intervals draw. */
  readonly seed: number
  /** Of each task, from which probabilities of "yes" on it is said. */
  readonly thresholds?: Readonly<Record<string, Thresholds>> | undefined
  /** By name, the raw outputs of others on the same examples, each by its own heads. */
  readonly rivals?: Readonly<Record<string, Answerer>> | undefined
}

/** Who answers: heads, and raw outputs on a whole set of examples. */
export interface Answerer {
  readonly heads: readonly Head[]
  readonly outputs: Outputs
}

/** Metrics of every task over the examples whose target is known, of the answers as they are given. */
export function evaluateTasks(heads: readonly Head[], answered: Answered): Record<string, TaskResult> {
  return Object.fromEntries(heads.map((head) => [head.task, evaluateTask(head, answered)]))
}

/** Beyond so many numbers, examples by classes, no interval is told of what needs them in order: it costs too much. */
const RANKED_MAX = 1_000_000

function evaluateTask(head: Head, answered: Answered): TaskResult {
  const { rows, known } = knownExamplesOf(answered.examples, head.task)
  const { basis } = head
  const common = { examples: rows.length, users: new Set(known.userIds).size, basis }
  if (rows.length === 0) return { ...common, model: {}, prior: {}, intervals: {}, against: {}, draws: 0 }
  const { width } = readerOf(head)
  const kind = trainingKindOf(head)
  const judge = (numbers: Float64Array): Judged => {
    return { numbers, known, thresholds: answered.thresholds?.[head.task] }
  }
  const own = judge(givenNumbers(head, { outputs: answered.outputs, rows }))
  const ofPrior = judge(repeated(head.prior, rows.length))
  const ranked = rows.length * width <= RANKED_MAX
  // All by one yardstick: the unit of an amount is learned, and differs between fits.
  const opponents = [
    ...(basis === 'prior'
      ? []
      : [{ name: 'prior', measure: kind.measure(head, ofPrior, { ranked: false }) }]),
    ...rivalsOf(head, { answered, rows }).map(({ name, numbers }) => {
      return { name, measure: kind.measure(head, judge(numbers), { ranked }) }
    }),
  ]
  const measure = kind.measure(head, own, { ranked })
  const draws = drawsFor({ count: rows.length, width })
  const [drawn = new Map(), ...opponentsDrawn] = resample({
    userIds: known.userIds,
    measures: [measure, ...opponents.map((opponent) => opponent.measure)],
    draws,
    random: createRandom(answered.seed).fork(`intervals/${head.task}`),
  })
  const all = alike(rows.length)
  const measured = measure(all)
  return {
    ...common,
    model: reportOf(head, own),
    prior: reportOf(head, ofPrior),
    intervals: intervalsOf(measured, drawn),
    against: Object.fromEntries(
      opponents.map((opponent, at) => {
        const other = { measured: opponent.measure(all), draws: opponentsDrawn[at] ?? new Map() }
        return [opponent.name, differencesOf({ measured, draws: drawn }, other)]
      }),
    ),
    draws,
  }
}

/** What those others answer who answer this task, too. */
function rivalsOf(
  head: Head,
  { answered, rows }: { readonly answered: Answered; readonly rows: readonly number[] },
): { readonly name: string; readonly numbers: Float64Array }[] {
  return Object.entries(answered.rivals ?? {}).flatMap(([name, { heads, outputs }]) => {
    const its = heads.find(({ task }) => task === head.task)
    return its === undefined ? [] : [{ name, numbers: givenNumbers(its, { outputs, rows }) }]
  })
}

/** What is told of users alike, whose moments are many or few. */
const PER_USER = ['logLoss', 'brier', 'auc', 'averagePrecision', 'ece', 'deviance', 'mae', 'rmse']

/** Metrics per moment and per user, and what this kind of head tells beside them. */
function reportOf(head: Head, judged: Judged): Metrics {
  const kind = trainingKindOf(head)
  const measure = kind.measure(head, judged)
  const perUser = measure(userWeights(judged.known.userIds))
  const measured = measure(alike(judged.known.targets.length))
  return {
    ...measured,
    ...thresholdsOf(judged, measured),
    perUser: Object.fromEntries(PER_USER.flatMap((name) => (name in perUser ? [[name, perUser[name]]] : []))),
    ...kind.details(head, judged),
  }
}

/** Those that this kind of answers is judged at. */
function thresholdsOf({ thresholds }: Judged, measured: Measured): Measured {
  return Object.fromEntries(
    Object.entries(thresholds ?? {})
      .filter(([name]) => `f1At${name}` in measured)
      .map(([name, threshold]) => [`threshold${name}`, threshold]),
  )
}

/** The thresholds that were chosen, and beside them those that somebody asks about. */
export function withGiven(
  heads: readonly Head[],
  {
    chosen,
    given,
  }: { readonly chosen: Readonly<Record<string, Thresholds>>; readonly given: readonly number[] },
): Record<string, Thresholds> {
  const asked = Object.fromEntries(given.map((threshold) => [String(threshold), threshold]))
  return Object.fromEntries(heads.map(({ task }) => [task, { ...chosen[task], ...asked }]))
}
