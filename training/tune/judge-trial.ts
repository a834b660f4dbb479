// One trial: a family fitted with some settings on a share of the examples, and how good it is on validation. No
// test example is seen.
import { readerOf } from '../../features/heads/kinds.ts'
import type { Head } from '../../features/heads/head.ts'
import { createRandom, shuffle } from '../../features/random.ts'
import { selectExamples } from '../examples/example-set.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { knownExamplesOf, numbersOf, outputsOf, repeated } from '../heads/known-examples.ts'
import { lossesBy } from '../heads/losses-by.ts'
import { FitError } from '../models/family.ts'
import type { Family, ModelShape, Outputs, Settings } from '../models/family.ts'

export interface TrialData {
  readonly shape: ModelShape
  readonly train: ExampleSet
  readonly validation: ExampleSet
  readonly seed: number
}

export interface TrialRequest extends TrialData {
  readonly family: Family
  readonly settings: Settings
  /** Of the training examples. */
  readonly share: number
}

export type Judged =
  | {
      /** Mean over the tasks of the loss over the prior's. */
      readonly loss: number
      /** The same by task. */
      readonly losses: Readonly<Record<string, number>>
      /** How much each example of validation adds: their mean is the loss, [n]. */
      readonly rows: Float64Array
    }
  /** Why it could not be fitted. */
  | { readonly cause: string }

export async function judgeTrial(request: TrialRequest): Promise<Judged> {
  const { family, settings, share, shape, train, validation, seed } = request
  try {
    const fitted = await family.fit({
      shape,
      train: shareOf(train, { share, seed }),
      validation,
      seed,
      settings,
    })
    try {
      return judgeOutputs(shape.heads, { outputs: await fitted.logits(validation), validation })
    } finally {
      fitted.dispose()
    }
  } catch (error) {
    if (error instanceof FitError) return { cause: error.message }
    throw error
  }
}

/** The same examples for all trials; those of a smaller share are among those of a larger. */
function shareOf(
  examples: ExampleSet,
  { share, seed }: { readonly share: number; readonly seed: number },
): ExampleSet {
  if (share === 1) return examples
  const order = shuffle([...Array(examples.count).keys()], createRandom(seed).fork('shares'))
  return selectExamples(
    examples,
    order.slice(0, Math.ceil(share * examples.count)).toSorted((a, b) => a - b),
  )
}

/** Of the heads that a model answers and of which something is known. */
export function judgeOutputs(
  heads: readonly Head[],
  { outputs, validation }: { readonly outputs: Outputs; readonly validation: ExampleSet },
): Judged {
  const judged = heads.flatMap((head) => {
    const { rows, known } = knownExamplesOf(validation, head.task)
    if (head.basis === 'prior' || rows.length === 0) return []
    const own = outputsOf(outputs[head.task] ?? new Float32Array(0), { rows, width: readerOf(head).width })
    const losses = lossesBy(head, { numbers: numbersOf(head, own), known })
    const ofPrior = lossesBy(head, { numbers: repeated(head.prior, rows.length), known })
    return [{ task: head.task, rows, losses, priorLoss: Math.max(sumOf(ofPrior), 1e-9) }]
  })
  if (judged.length === 0) return { cause: 'no outcome of any task is known in validation' }
  const byRow = new Float64Array(validation.count)
  for (const { rows, losses, priorLoss } of judged) {
    const weight = validation.count / priorLoss / judged.length
    for (const [place, row] of rows.entries()) byRow[row] = (byRow[row] ?? 0) + weight * (losses[place] ?? 0)
  }
  const byTask = judged.map(({ task, losses, priorLoss }) => [task, sumOf(losses) / priorLoss] as const)
  const loss = byTask.reduce((sum, [, own]) => sum + own, 0) / byTask.length
  if (!Number.isFinite(loss)) return { cause: `the loss on validation is ${loss}` }
  return { loss, losses: Object.fromEntries(byTask), rows: byRow }
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
