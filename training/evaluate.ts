// How good answers are on examples the model has not seen, always beside the prior's.
import type { Head } from '../features/heads/head.ts'
import type { TaskResult } from './card.ts'
import type { ExampleSet } from './examples/example-set.ts'
import { trainingKindOf } from './heads/kinds.ts'
import { givenNumbers, knownExamplesOf, repeated } from './heads/known-examples.ts'
import type { Outputs } from './models/family.ts'

/** Metrics of every task over the examples whose target is known, of the answers as they are given. */
export function evaluateTasks(
  heads: readonly Head[],
  { examples, outputs }: { readonly examples: Omit<ExampleSet, 'inputs'>; readonly outputs: Outputs },
): Record<string, TaskResult> {
  return Object.fromEntries(
    heads.map((head) => {
      const { rows, known } = knownExamplesOf(examples, head.task)
      const report = (numbers: Float64Array): TaskResult['model'] =>
        rows.length === 0 ? {} : trainingKindOf(head).report(head, { numbers, known })
      const result: TaskResult = {
        examples: rows.length,
        basis: head.basis,
        model: report(givenNumbers(head, { outputs, rows })),
        prior: report(repeated(head.prior, rows.length)),
      }
      return [head.task, result]
    }),
  )
}
