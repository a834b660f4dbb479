// decode: from the outputs of a model to answers in the words of the project, and the answers that
// need no model.
import { readerOf } from './heads/kinds.ts'
import type { Answers, Head } from './heads/head.ts'
import type { Manifest } from './manifest.ts'

/** Of whom a prior speaks: of all moments, or of the first moments of users. */
export type Population = 'everyone' | 'newcomer'

/**
 * The answers of one row, by task; of tasks whose basis is the prior, the prior's, marked so.
 * @param outputs by task, as many numbers as the head is wide
 * Throws when an output is missing, of another length, not finite, or gives no finite answer.
 */
export function decode(manifest: Manifest, outputs: Readonly<Record<string, ArrayLike<number>>>): Answers {
  return Object.fromEntries(
    manifest.heads.map((head) => {
      const reader = readerOf(head)
      const output = Array.from(outputs[head.task] ?? [])
      if (output.length !== reader.width || !output.every(Number.isFinite)) {
        throw new Error(
          `Output '${head.task}': expected ${reader.width} finite numbers, got [${output.join(', ')}]`,
        )
      }
      if (head.basis === 'prior')
        return [head.task, { ...reader.answer(head.prior), basis: 'prior' as const }]
      const numbers = reader.numbers(output)
      if (!numbers.every(Number.isFinite)) throw new Error(`Output '${head.task}' gives no finite answer`)
      return [head.task, reader.answer(numbers)]
    }),
  )
}

/** What is answered without a model: how often each class came true in training, or the mean. */
export function priorAnswers(manifest: Manifest, population: Population): Answers {
  return Object.fromEntries(manifest.heads.map((head) => [head.task, answerOf(head, population)]))
}

function answerOf(head: Head, population: Population): Answers[string] {
  const answer = readerOf(head).answer(population === 'newcomer' ? head.newcomerPrior : head.prior)
  return head.basis === 'prior' ? { ...answer, basis: 'prior' } : answer
}
