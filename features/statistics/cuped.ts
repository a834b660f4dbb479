// Less variance from the user's own past: what a user did before the experiment explains a part of what the user
// does in it, and cannot have been changed by it (Deng, Xu, Kohavi and Walker, "Improving the Sensitivity of
// Online Controlled Experiments by Utilizing Pre-Experiment Data", 2013).

/** Sums over the users of an arm: enough for means and variances, and they add up by day and by shard. */
export interface ArmSums {
  readonly users: number
  /** Of the outcome y: one number a user. */
  readonly sum: number
  readonly sumOfSquares: number
  /** Of the same in the user's past x; zeros where nothing is known. */
  readonly pastSum: number
  readonly pastSumOfSquares: number
  /** Of x times y. */
  readonly sumOfProducts: number
}

/** Mean of an arm, and the square of its standard error. */
export interface ArmMean {
  readonly users: number
  readonly mean: number
  readonly variance: number
}

export interface AdjustedArms {
  readonly control: ArmMean
  readonly treatment: ArmMean
  /** The share of the difference's variance that the past took away. */
  readonly explained: number
}

export const NO_USERS: ArmSums = {
  users: 0,
  sum: 0,
  sumOfSquares: 0,
  pastSum: 0,
  pastSumOfSquares: 0,
  sumOfProducts: 0,
}

/** The sums with one more user. */
export function addUser(sums: ArmSums, { outcome, past = 0 }: { outcome: number; past?: number }): ArmSums {
  return {
    users: sums.users + 1,
    sum: sums.sum + outcome,
    sumOfSquares: sums.sumOfSquares + outcome * outcome,
    pastSum: sums.pastSum + past,
    pastSumOfSquares: sums.pastSumOfSquares + past * past,
    sumOfProducts: sums.sumOfProducts + past * outcome,
  }
}

/** Both arms, moved by what the pooled regression on the past foresees; the mean of both stays where it was. */
export function adjustByPast(control: ArmSums, treatment: ArmSums): AdjustedArms {
  const pooled = addSums(control, treatment)
  const pastVariance = spreadOf(pooled, 'past')
  const slope = pastVariance > 0 ? covarianceOf(pooled) / pastVariance : 0
  const pastMean = pooled.pastSum / pooled.users
  const [own, other] = [control, treatment].map((sums) => adjusted(sums, { slope, pastMean }))
  const [plain, plainOther] = [control, treatment].map((sums) => adjusted(sums, { slope: 0, pastMean }))
  if (own === undefined || other === undefined || plain === undefined || plainOther === undefined) {
    throw new Error('Expected two arms')
  }
  const before = plain.variance + plainOther.variance
  const explained = before > 0 ? 1 - (own.variance + other.variance) / before : 0
  return { control: own, treatment: other, explained }
}

function adjusted(
  sums: ArmSums,
  { slope, pastMean }: { readonly slope: number; readonly pastMean: number },
): ArmMean {
  const { users } = sums
  const variance =
    spreadOf(sums, 'outcome') + slope ** 2 * spreadOf(sums, 'past') - 2 * slope * covarianceOf(sums)
  return {
    users,
    mean: sums.sum / users - slope * (sums.pastSum / users - pastMean),
    variance: Math.max(0, variance) / users,
  }
}

function spreadOf({ users, ...sums }: ArmSums, what: 'outcome' | 'past'): number {
  const [sum, squares] =
    what === 'past' ? [sums.pastSum, sums.pastSumOfSquares] : [sums.sum, sums.sumOfSquares]
  return users < 2 ? 0 : (squares - (sum * sum) / users) / (users - 1)
}

function covarianceOf({ users, sum, pastSum, sumOfProducts }: ArmSums): number {
  return users < 2 ? 0 : (sumOfProducts - (sum * pastSum) / users) / (users - 1)
}

function addSums(one: ArmSums, other: ArmSums): ArmSums {
  return {
    users: one.users + other.users,
    sum: one.sum + other.sum,
    sumOfSquares: one.sumOfSquares + other.sumOfSquares,
    pastSum: one.pastSum + other.pastSum,
    pastSumOfSquares: one.pastSumOfSquares + other.pastSumOfSquares,
    sumOfProducts: one.sumOfProducts + other.sumOfProducts,
  }
}
