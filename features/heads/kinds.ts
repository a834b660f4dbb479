// The kinds of heads by name: a new kind is a file and a line here.
import type { Task } from '../project.ts'
import { amount } from './amount.ts'
import { choice } from './choice.ts'
import type { AmountAnswer, Answer, ChoiceAnswer, Head, HeadKind, ProbabilityAnswer } from './head.ts'
import { probability } from './probability.ts'

type KindOf<Name extends Head['kind']> = HeadKind<Extract<Head, { readonly kind: Name }>>

export const headKinds: { readonly [Name in Head['kind']]: KindOf<Name> } = { probability, choice, amount }

/** Which kind answers which task. */
export const headKindOfTask = {
  occurs: 'probability',
  absent: 'probability',
  nextEvent: 'choice',
  label: 'choice',
  total: 'amount',
  count: 'amount',
} as const satisfies Readonly<Record<Task['kind'], Head['kind']>>

interface AnswerOf {
  readonly probability: ProbabilityAnswer
  readonly choice: ChoiceAnswer
  readonly amount: AmountAnswer
}

/** The type of the answer to a task of this type. */
export type AnswerTo<T extends Task> = AnswerOf[(typeof headKindOfTask)[T['kind']]]

/** The same functions for one head, whatever its kind. */
export interface HeadReader {
  readonly width: number
  numbers(output: ArrayLike<number>): number[]
  answer(numbers: readonly number[]): Answer
  told(numbers: readonly number[]): number
  unit(number: number): number
}

/** What reads the outputs of this head. */
export function readerOf(head: Head): HeadReader {
  // A head's own kind fits it; the compiler cannot follow that through the map.
  const kind = headKinds[head.kind] as HeadKind<Head>
  return {
    width: kind.width(head),
    numbers: (output) => kind.numbers(head, output),
    answer: (numbers) => kind.answer(head, numbers),
    told: (numbers) => kind.told(head, numbers),
    unit: (number) => kind.unit(head, number),
  }
}

/** How many outputs a head takes. */
export function headWidth(head: Head): number {
  return readerOf(head).width
}
