// decode: from the outputs of a model to answers in the words of the project, and the answers that
// need no model.
import { probabilitiesOf } from './calibration.ts'
import { headWidth } from './manifest.ts'
import type { Head, Manifest } from './manifest.ts'

/** Will it happen: occurs, absent. */
export interface ProbabilityAnswer {
  readonly probability: number
}
/** Which of several: nextEvent, label. `value` is the likeliest. */
export interface ChoiceAnswer {
  readonly value: string
  readonly probabilities: Readonly<Record<string, number>>
}
/** How much: total, in the unit of the events' values. */
export interface AmountAnswer {
  readonly expected: number
}
export type Answer = ProbabilityAnswer | ChoiceAnswer | AmountAnswer
export type Answers = Readonly<Record<string, Answer>>

/**
 * The answers of one row, by task.
 * @param outputs by task, as many numbers as headWidth says
 * Throws when an output is missing, of another length, or not finite.
 */
export function decode(manifest: Manifest, outputs: Readonly<Record<string, ArrayLike<number>>>): Answers {
  return Object.fromEntries(
    manifest.heads.map((head) => [head.task, decodeHead(head, outputs[head.task] ?? [])]),
  )
}

/** What is answered without a model: how often each class came true in training, or the mean. */
export function priorAnswers(manifest: Manifest): Answers {
  return Object.fromEntries(
    manifest.heads.map((head) => [
      head.task,
      head.kind === 'total' ? { expected: head.prior[0] ?? 0 } : answerOf(head, head.prior),
    ]),
  )
}

/** The expected amount of a total's head for its one output. */
export function amountOf(head: Head, output: number): number {
  // softplus, written so that a large output does not overflow
  return head.scale * (Math.max(output, 0) + Math.log1p(Math.exp(-Math.abs(output))))
}

function decodeHead(head: Head, output: ArrayLike<number>): Answer {
  const values = Array.from(output)
  if (values.length !== headWidth(head) || !values.every(Number.isFinite)) {
    throw new Error(
      `Output '${head.task}': expected ${headWidth(head)} finite numbers, got [${values.join(', ')}]`,
    )
  }
  return head.kind === 'total'
    ? { expected: amountOf(head, values[0] ?? 0) }
    : answerOf(head, probabilitiesOf(values, head))
}

function answerOf(head: Head, probabilities: readonly number[]): Answer {
  if (head.kind === 'occurs' || head.kind === 'absent') return { probability: probabilities[1] ?? 0 }
  const likeliest = probabilities.indexOf(Math.max(...probabilities))
  return {
    value: head.classes[likeliest] ?? '',
    probabilities: Object.fromEntries(head.classes.map((name, index) => [name, probabilities[index] ?? 0])),
  }
}
