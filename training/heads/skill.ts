// Whether a model is better than the prior at a task. Judged on examples later than those it learned from;
// but where to stop and how to calibrate were chosen on the same, so a gain must be more than chance and
// those choices would give to a model that knows nothing.
import { readerOf } from '../../features/heads/kinds.ts'
import type { Head } from '../../features/heads/head.ts'
import { clusteredMean } from '../metrics/clustered.ts'
import { trainingKindOf } from './kinds.ts'
import { numbersOf } from './known-examples.ts'
import type { KnownExamples } from './training-kind.ts'

export interface Skill {
  /** Mean loss of the prior less that of the model. */
  readonly gain: number
  /** What the gain must exceed. */
  readonly needed: number
}

/** So many standard errors of the gain, users being drawn. */
const ERRORS_NEEDED = 1

/** @param outputs of the known examples, row-major [n, width]. Nothing is gained on no examples. */
export function skillOf(
  head: Head,
  { outputs, known }: { readonly outputs: Float32Array; readonly known: KnownExamples },
): Skill {
  const { targets, userIds } = known
  const count = targets.length
  if (count === 0) return { gain: 0, needed: 0 }
  const { width } = readerOf(head)
  const kind = trainingKindOf(head)
  const numbers = numbersOf(head, outputs)
  const gains = Float64Array.from(
    targets,
    (target, row) =>
      kind.lossOf(head, head.prior, target) -
      kind.lossOf(head, numbers.subarray(row * width, (row + 1) * width), target),
  )
  const { mean, standardError, effect } = clusteredMean(gains, userIds)
  // Each number fitted gains half a nat by chance (Akaike), where every example is of its own user.
  const byFitting = (width * effect) / (2 * count)
  return { gain: mean, needed: byFitting + ERRORS_NEEDED * standardError }
}

/** A gain that is NaN is none. */
export function isSkilled({ gain, needed }: Skill): boolean {
  return gain > needed
}
