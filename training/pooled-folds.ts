// Metrics over folds with one interval: the mean of the folds' metrics, users being drawn over all folds at once.
// Each fold is measured by itself, for scores of different models have no common order.
import type { Head } from '../features/heads/head.ts'
import { readerOf } from '../features/heads/kinds.ts'
import { createRandom } from '../features/random.ts'
import type { TaskResult } from './card.ts'
import type { Answerer } from './evaluate.ts'
import type { ExampleSet } from './examples/example-set.ts'
import { trainingKindOf } from './heads/kinds.ts'
import { givenNumbers, knownExamplesOf, repeated } from './heads/known-examples.ts'
import type { Judged, Thresholds } from './heads/training-kind.ts'
import { differencesOf, drawsFor, intervalsOf, resample } from './metrics/bootstrap.ts'
import type { Measure } from './metrics/measure.ts'
import { alike } from './metrics/weights.ts'

/** What one fold answered on its test. */
export interface FoldAnswers extends Answerer {
  readonly examples: Omit<ExampleSet, 'inputs'>
  readonly thresholds: Readonly<Record<string, Thresholds>>
  readonly rivals: Readonly<Record<string, Answerer>>
}

export type Pooled = Pick<TaskResult, 'examples' | 'users' | 'basis' | 'intervals' | 'against' | 'draws'>

/** Of a task that every fold has examples of; undefined of others. */
export function poolTask(
  task: string,
  { folds, seed }: { readonly folds: readonly FoldAnswers[]; readonly seed: number },
): Pooled | undefined {
  const parts = folds.flatMap((fold) => partOf(task, fold) ?? [])
  const [first] = parts
  if (first === undefined || parts.length < folds.length) return undefined
  const userIds = parts.flatMap(({ judged }) => judged.known.userIds)
  const counts = parts.map(({ judged }) => judged.known.targets.length)
  const combine = (measureOf: (part: Part) => Measure): Measure => meanOf(parts.map(measureOf), counts)
  const rivalNames = Object.keys(first.rivals).filter((name) => parts.every(({ rivals }) => name in rivals))
  const opponents = [
    { name: 'prior', measure: combine(({ measure, ofPrior }) => measure(ofPrior, false)) },
    ...rivalNames.map((name) => ({
      name,
      measure: combine(({ measure, rivals, judged }) => measure(rivals[name] ?? judged, true)),
    })),
  ]
  const own = combine(({ measure, judged }) => measure(judged, true))
  const draws = drawsFor({ count: userIds.length, width: readerOf(first.head).width })
  const random = createRandom(seed).fork(`folds/${task}`)
  const measures = [own, ...opponents.map(({ measure }) => measure)]
  const [drawn = new Map(), ...others] = resample({ userIds, measures, draws, random })
  const all = alike(userIds.length)
  const measured = own(all)
  return {
    examples: userIds.length,
    users: new Set(userIds).size,
    basis: parts.some(({ head }) => head.basis === 'model') ? 'model' : 'prior',
    intervals: intervalsOf(measured, drawn),
    against: Object.fromEntries(
      opponents.map(({ name, measure }, at) => [
        name,
        differencesOf({ measured, draws: drawn }, { measured: measure(all), draws: others[at] ?? new Map() }),
      ]),
    ),
    draws,
  }
}

interface Part {
  readonly head: Head
  readonly judged: Judged
  readonly ofPrior: Judged
  readonly rivals: Readonly<Record<string, Judged>>
  readonly measure: (judged: Judged, ranked: boolean) => Measure
}

function partOf(
  task: string,
  { heads, examples, outputs, thresholds, rivals }: FoldAnswers,
): Part | undefined {
  const head = heads.find((own) => own.task === task)
  if (head === undefined) return undefined
  const { rows, known } = knownExamplesOf(examples, task)
  if (rows.length === 0) return undefined
  const judge = (numbers: Float64Array): Judged => ({ numbers, known, thresholds: thresholds[task] })
  return {
    head,
    judged: judge(givenNumbers(head, { outputs, rows })),
    ofPrior: judge(repeated(head.prior, rows.length)),
    rivals: Object.fromEntries(
      Object.entries(rivals).flatMap(([name, rival]): [string, Judged][] => {
        const its = rival.heads.find((other) => other.task === task)
        return its === undefined ? [] : [[name, judge(givenNumbers(its, { outputs: rival.outputs, rows }))]]
      }),
    ),
    measure: (judged, ranked) => trainingKindOf(head).measure(head, judged, { ranked }),
  }
}

/** The mean of what measures of consecutive stretches give; null where one defines none. */
function meanOf(measures: readonly Measure[], counts: readonly number[]): Measure {
  return (weights) => {
    let from = 0
    const measured = measures.map((measure, at) => {
      const own = weights.subarray(from, from + (counts[at] ?? 0))
      from += counts[at] ?? 0
      return measure(own)
    })
    return Object.fromEntries(
      Object.keys(measured[0] ?? {}).map((name) => {
        const values = measured.map((of) => of[name] ?? null)
        const sum = values.reduce<number>((total, value) => total + (value ?? Number.NaN), 0)
        return [name, Number.isNaN(sum) ? null : sum / values.length]
      }),
    )
  }
}
