// The losses of champion and challenger at the same moments, side by side. What both share, how hard a user
// is to foresee, falls out of the difference: that is what makes a small gain visible.
import type { Answerer } from '../evaluate.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { lossesBy } from '../heads/losses-by.ts'
import { givenNumbers, knownExamplesOf, repeated } from '../heads/known-examples.ts'

/** The moments of one task whose target is known, [n]. */
export interface PairedTask {
  readonly task: string
  /** Their rows in the examples. */
  readonly rows: readonly number[]
  readonly userIds: readonly string[]
  readonly champion: Float64Array
  readonly challenger: Float64Array
  /** False where the champion does not answer the task: the challenger's prior stands in for it. */
  readonly isAnsweredByChampion: boolean
}

/** Every task of the challenger. */
export function pairLosses(
  examples: Omit<ExampleSet, 'inputs'>,
  { champion, challenger }: { readonly champion: Answerer; readonly challenger: Answerer },
): PairedTask[] {
  return challenger.heads.map((head) => {
    const { rows, known } = knownExamplesOf(examples, head.task)
    const opponent = champion.heads.find(({ task }) => task === head.task)
    // Both are measured by one yardstick: the unit of an amount is learned, and differs between fits.
    const lossesOf = (numbers: Float64Array): Float64Array => lossesBy(head, { numbers, known })
    return {
      task: head.task,
      rows,
      userIds: known.userIds,
      champion: lossesOf(
        opponent === undefined
          ? repeated(head.prior, rows.length)
          : givenNumbers(opponent, { outputs: champion.outputs, rows }),
      ),
      challenger: lossesOf(givenNumbers(head, { outputs: challenger.outputs, rows })),
      isAnsweredByChampion: opponent !== undefined,
    }
  })
}
