// Answers as the log keeps them: many in one text, a list each. What is logged is what was answered, in nine
// digits, so that it can be compared with what the same bundle would answer again.
import { readerOf } from './heads/kinds.ts'
import type { Answer, Head } from './heads/head.ts'
import type { Attributes } from './attributes.ts'

/** Why the prior answered and not the model; null where the model did. */
export type LoggedFallback = 'unknown_user' | 'model_failed' | null

export interface LoggedPrediction {
  /** Of the request that was answered. */
  readonly id: string
  readonly userId: string
  /** The moment asked about, which is when it was asked. */
  readonly atMs: number
  /** How likely it was to be logged, above 0 and at most 1. */
  readonly propensity: number
  readonly fallback: LoggedFallback
  /** As the request gave it; null where it gave none. */
  readonly context: Attributes | null
  /** By task: probabilities in the order of the head's classes, of a yes or no that of yes; or an amount. */
  readonly numbers: Readonly<Record<string, readonly number[]>>
}

const DIGITS = 9

/** The numbers of an answer, as the log keeps them. */
export function numbersOfAnswer(answer: Answer): number[] {
  const numbers =
    'probability' in answer
      ? [answer.probability]
      : 'expected' in answer
        ? [answer.expected]
        : Object.values(answer.probabilities)
  return numbers.map((number) => Number(number.toPrecision(DIGITS)))
}

/** Of such numbers what heads report: probabilities of all classes, or one amount. */
export function headNumbers(head: Head, logged: readonly number[]): readonly number[] {
  const [first = Number.NaN] = logged
  return head.kind === 'probability' ? [1 - first, first] : logged
}

/** The numbers that the prior of all moments answers, in the same form. */
export function priorNumbers(head: Head): readonly number[] {
  return headNumbers(head, numbersOfAnswer(readerOf(head).answer(head.prior)))
}

type Packed = readonly [
  id: string,
  userId: string,
  atMs: number,
  propensity: number,
  fallback: LoggedFallback,
  context: Attributes | null,
  ...numbers: readonly (readonly number[])[],
]

/** Answers of one bundle, which all name the same tasks. */
export function packPredictions(predictions: readonly LoggedPrediction[]): string {
  const tasks = Object.keys(predictions[0]?.numbers ?? {})
  const rows = predictions.map(({ id, userId, atMs, propensity, fallback, context, numbers }): Packed => [
    id,
    userId,
    atMs,
    propensity,
    fallback,
    context,
    ...tasks.map((task) => numbers[task] ?? []),
  ])
  return JSON.stringify({ tasks, rows })
}

/** What packPredictions packed. */
export function unpackPredictions(text: string): LoggedPrediction[] {
  const { tasks, rows } = JSON.parse(text) as { tasks: readonly string[]; rows: readonly Packed[] }
  return rows.map(([id, userId, atMs, propensity, fallback, context, ...numbers]) => ({
    id,
    userId,
    atMs,
    propensity,
    fallback,
    context,
    numbers: Object.fromEntries(tasks.map((task, index) => [task, numbers[index] ?? []])),
  }))
}
