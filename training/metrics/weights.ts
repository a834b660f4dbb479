// Weights by which each user counts the same, however many moments there are of them.

/** One over the number of the user's rows, for each row. */
export function userWeights(userIds: readonly string[]): Float64Array {
  const counts = new Map<string, number>()
  for (const userId of userIds) counts.set(userId, (counts.get(userId) ?? 0) + 1)
  return Float64Array.from(userIds, (userId) => 1 / (counts.get(userId) ?? 1))
}

/** Of as many values as weights; NaN of none. */
export function weightedMean(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  let [sum, total] = [0, 0]
  for (let row = 0; row < weights.length; row += 1) {
    sum += (values[row] ?? 0) * (weights[row] ?? 0)
    total += weights[row] ?? 0
  }
  return sum / total
}
