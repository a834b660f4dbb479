// How good answers are to those of whom nothing but a first event is known.
import { weightedMean } from './weights.ts'

export interface Newcomers {
  readonly examples: number
  /** Mean loss of the answers, and of the newcomers' prior; null where there are no first moments. */
  readonly loss: number | null
  readonly priorLoss: number | null
}

/** Of the first moments of users. */
export function newcomersOf(request: {
  readonly losses: ArrayLike<number>
  readonly priorLosses: ArrayLike<number>
  readonly isFirst: readonly boolean[]
}): Newcomers {
  const weights = request.isFirst.map(Number)
  const examples = weights.reduce((sum, weight) => sum + weight, 0)
  if (examples === 0) return { examples, loss: null, priorLoss: null }
  return {
    examples,
    loss: weightedMean(request.losses, weights),
    priorLoss: weightedMean(request.priorLosses, weights),
  }
}
