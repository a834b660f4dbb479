// The same metrics for a part of the examples, or with other weights: per user, and of newcomers.
import { expectedCalibrationError } from './probability.ts'
import type { Forecasts } from './probability.ts'
import { overClasses, rocAuc } from './ranking.ts'
import { userWeights, weightedMean } from './weights.ts'

export interface PerUser {
  readonly logLoss: number
  readonly auc: number | null
  readonly ece: number
}

/** Each user weighs the same, however many moments there are of them. */
export function perUserOf(request: {
  readonly forecasts: Forecasts
  readonly losses: ArrayLike<number>
  readonly userIds: readonly string[]
}): PerUser {
  const { forecasts, losses, userIds } = request
  const weights = userWeights(userIds)
  return {
    logLoss: weightedMean(losses, weights),
    auc: overClasses(rocAuc, { ...forecasts, weights }),
    ece: expectedCalibrationError({ ...forecasts, weights }),
  }
}

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
