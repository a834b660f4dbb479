// decode: from the outputs of a model to answers in the words of the project, and the answers that
// need no model.
import { intervalOf } from './heads/interval.ts'
import { readerOf } from './heads/kinds.ts'
import type { Answer, Answers, Head } from './heads/head.ts'
import type { Manifest } from './manifest.ts'
import { supportOf } from './support.ts'

/** Of whom a prior speaks: of all moments, or of the first moments of users. */
export type Population = 'everyone' | 'newcomer'

export interface DecodeOptions {
  /** In which cell of features/support.ts the row lies: then answers say how many moments of training looked like it. */
  readonly cell?: number
  /** Whether answers are given an interval, where the bundle has one. */
  readonly interval?: boolean
}

/**
 * The answers of one row, by task; of tasks whose basis is the prior, and where too little is known of the row,
 * the prior's, marked so.
 * @param outputs by task, as many numbers as the head is wide
 * Throws when an output is missing, of another length, not finite, or gives no finite answer.
 */
export function decode(
  manifest: Manifest,
  outputs: Readonly<Record<string, ArrayLike<number>>>,
  { cell, interval = false }: DecodeOptions = {},
): Answers {
  return Object.fromEntries(
    manifest.heads.map((head) => {
      const reader = readerOf(head)
      const output = Array.from(outputs[head.task] ?? [])
      if (output.length !== reader.width || !output.every(Number.isFinite)) {
        throw new Error(
          `Output '${head.task}': expected ${reader.width} finite numbers, got [${output.join(', ')}]`,
        )
      }
      const numbers = reader.numbers(output)
      if (!numbers.every(Number.isFinite)) throw new Error(`Output '${head.task}' gives no finite answer`)
      return [head.task, supported(head, { numbers, cell, interval })]
    }),
  )
}

interface Read {
  readonly numbers: readonly number[]
  /** Of features/support.ts. */
  readonly cell: number | undefined
  readonly interval: boolean
}

/** The model's answer, or the prior's where the model has no skill or has seen too few such moments. */
function supported(head: Head, { numbers, cell, interval }: Read): Answer {
  const reader = readerOf(head)
  const support = cell === undefined ? undefined : supportOf(head, cell)
  const counted = support === undefined ? {} : { support: support.moments }
  const byPrior = { ...reader.answer(head.prior), basis: 'prior' as const, ...counted }
  if (head.basis === 'prior') return byPrior
  if (support?.suffices === false) return { ...byPrior, fallback: 'too_little_known' }
  const within = interval && 'classes' in head ? intervalOf(head, numbers) : undefined
  return { ...reader.answer(numbers), ...counted, ...(within !== undefined && { interval: within }) }
}

/** What is answered without a model: how often each class came true in training, or the mean. */
export function priorAnswers(manifest: Manifest, population: Population): Answers {
  return Object.fromEntries(manifest.heads.map((head) => [head.task, answerOf(head, population)]))
}

function answerOf(head: Head, population: Population): Answers[string] {
  const answer = readerOf(head).answer(population === 'newcomer' ? head.newcomerPrior : head.prior)
  return head.basis === 'prior' ? { ...answer, basis: 'prior' } : answer
}
