// What chance can do where examples come in clusters: the moments of one user resemble each other, so
// that they tell less than as many users would.

/** The sum of one number a row over each user's rows. */
export function sumsByUser(values: ArrayLike<number>, userIds: readonly string[]): number[] {
  const sums = new Map<string, number>()
  for (const [row, userId] of userIds.entries()) {
    sums.set(userId, (sums.get(userId) ?? 0) + (values[row] ?? 0))
  }
  return [...sums.values()]
}

/** The variance of the sum of numbers whose mean is zero, users being drawn, not rows. */
export function varianceOfSum(values: ArrayLike<number>, userIds: readonly string[]): number {
  return sumsByUser(values, userIds).reduce((total, sum) => total + sum * sum, 0)
}

/**
 * How many times more the sum of such numbers varies than if each row were of a user of its own (Kish's
 * design effect); 1 at the least.
 */
export function designEffect(values: ArrayLike<number>, userIds: readonly string[]): number {
  let independent = 0
  for (let row = 0; row < userIds.length; row += 1) independent += (values[row] ?? 0) ** 2
  return independent > 0 ? Math.max(1, varianceOfSum(values, userIds) / independent) : 1
}

/** Mean, its standard error and the design effect of the deviations from it; NaN without rows. */
export function clusteredMean(
  values: ArrayLike<number>,
  userIds: readonly string[],
): { readonly mean: number; readonly standardError: number; readonly effect: number } {
  const count = userIds.length
  let sum = 0
  for (let row = 0; row < count; row += 1) sum += values[row] ?? 0
  const mean = sum / count
  const deviations = Float64Array.from({ length: count }, (_, row) => (values[row] ?? 0) - mean)
  return {
    mean,
    standardError: Math.sqrt(varianceOfSum(deviations, userIds)) / count,
    effect: designEffect(deviations, userIds),
  }
}

/** A number for each user, and that of each example. */
export function numberUsers(userIds: readonly string[]): {
  readonly userOf: Int32Array
  readonly userCount: number
} {
  const numbers = new Map<string, number>()
  const userOf = Int32Array.from(userIds, (userId) => {
    const number = numbers.get(userId) ?? numbers.size
    numbers.set(userId, number)
    return number
  })
  return { userOf, userCount: numbers.size }
}
