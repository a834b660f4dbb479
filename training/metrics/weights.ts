// How much examples weigh: all alike, some alone, or each user the same.

/** Each of n examples the same. */
export function alike(count: number): Float64Array {
  return new Float64Array(count).fill(1)
}

/** Those examples of which it holds, and no other. */
export function onlyWhere(count: number, holds: (row: number) => boolean): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => (holds(row) ? 1 : 0))
}

/** One over the number of the user's rows, for each row: each user counts the same, however many moments. */
export function userWeights(userIds: readonly string[]): Float64Array {
  const counts = new Map<string, number>()
  for (const userId of userIds) counts.set(userId, (counts.get(userId) ?? 0) + 1)
  return Float64Array.from(userIds, (userId) => 1 / (counts.get(userId) ?? 1))
}

/** The later half of the examples in time; undefined where all are of one time, as in a table. */
export function laterHalf(atMs: Float64Array): Float64Array | undefined {
  const sorted = atMs.toSorted()
  const fromMs = sorted[sorted.length >> 1] ?? Number.NaN
  const weights = onlyWhere(atMs.length, (row) => (atMs[row] ?? 0) >= fromMs)
  return weights.every((weight) => weight === weights[0]) ? undefined : weights
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
