// Fitting the factor of a head of amounts on examples later than those it was trained on, so that what is
// foretold adds up to what came. Drawn towards 1 by how much chance alone moves the ratio, users being
// drawn: a few large amounts must not move every answer. What a user brings varies by its mean at the least;
// of few users that cannot be seen.
import { varianceOfSum } from '../metrics/clustered.ts'

/** By how much totals move between one stretch of time and the next, as a logarithm: a deviation. */
const MOVE_DEVIATION = 0.3
const FACTOR = { min: 0.25, max: 4 }

/** 1 where either sum is nothing, or they differ in sign: no factor makes one the other. */
export function fitFactor(request: {
  readonly predicted: ArrayLike<number>
  readonly actual: ArrayLike<number>
  readonly userIds: readonly string[]
}): number {
  const { predicted, actual, userIds } = request
  const rows = userIds.keys()
  let [foretold, came] = [0, 0]
  for (const row of rows) {
    foretold += predicted[row] ?? 0
    came += actual[row] ?? 0
  }
  const ratio = came / foretold
  if (!(ratio > 0) || !Number.isFinite(ratio)) return 1
  const errors = Float64Array.from(userIds, (_, row) => (actual[row] ?? 0) - ratio * (predicted[row] ?? 0))
  const chance = Math.max(varianceOfSum(errors, userIds) / came ** 2, 1 / new Set(userIds).size)
  const trust = MOVE_DEVIATION ** 2 / (MOVE_DEVIATION ** 2 + chance)
  return Math.min(FACTOR.max, Math.max(FACTOR.min, Math.exp(trust * Math.log(ratio))))
}
