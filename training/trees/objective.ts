// What trees make small: for scores of all rows the first and second derivatives of a loss, and the loss.

/** Scores are row-major [n, width]: one tree a round for each. */
export interface Objective {
  readonly width: number
  /** Writes gradient and hessian of every row by score, [width][2n]. */
  derivatives(scores: Float64Array, targets: Float32Array, into: readonly Float32Array[]): void
  /** The loss of one row. */
  lossOf(scores: Float64Array, row: number, target: number): number
}

/** The mean loss; a row counts as often as `counts` says, once where absent. */
export function meanLossOf(objective: Objective, { scores, targets, counts }: JudgedScores): number {
  let [sum, total] = [0, 0]
  for (const [row, target] of targets.entries()) {
    const count = counts?.[row] ?? 1
    sum += count * objective.lossOf(scores, row, target)
    total += count
  }
  return sum / total
}

export interface JudgedScores {
  readonly scores: Float64Array
  readonly targets: Float32Array
  readonly counts?: Float64Array | undefined
}

/** Two classes; the score is the logit of the second. */
export const binaryLogLoss: Objective = {
  width: 1,
  derivatives(scores, targets, [into]) {
    for (const [row, target] of targets.entries()) {
      const p = 1 / (1 + Math.exp(-scores[row]!))
      into![2 * row] = p - target
      into![2 * row + 1] = p * (1 - p)
    }
  },
  lossOf(scores, row, target) {
    const signed = target === 1 ? -scores[row]! : scores[row]!
    return Math.max(signed, 0) + Math.log1p(Math.exp(-Math.abs(signed)))
  },
}

/** So many classes; a score each. */
export function softmaxLogLoss(width: number): Objective {
  // Moving all scores alike changes nothing, so a step of each alone would go too far (Friedman, 2001).
  const factor = width / (width - 1)
  return {
    width,
    derivatives(scores, targets, into) {
      for (const [row, target] of targets.entries()) {
        const own = scores.subarray(row * width, (row + 1) * width)
        const total = logTotal(own)
        for (const [place, derivatives] of into.entries()) {
          const p = Math.exp(own[place]! - total)
          derivatives[2 * row] = p - (place === target ? 1 : 0)
          derivatives[2 * row + 1] = factor * p * (1 - p)
        }
      }
    },
    lossOf(scores, row, target) {
      const own = scores.subarray(row * width, (row + 1) * width)
      return logTotal(own) - own[target]!
    },
  }
}

function logTotal(scores: Float64Array): number {
  let highest = -Infinity
  for (const score of scores) if (score > highest) highest = score
  let sum = 0
  for (const score of scores) sum += Math.exp(score - highest)
  return highest + Math.log(sum)
}

/** The loss is half the square, whose derivative is the difference itself. */
export const squaredError: Objective = {
  width: 1,
  derivatives(scores, targets, [into]) {
    for (const [row, target] of targets.entries()) {
      into![2 * row] = scores[row]! - target
      into![2 * row + 1] = 1
    }
  },
  lossOf(scores, row, target) {
    return (scores[row]! - target) ** 2 / 2
  },
}

/**
 * Amounts above zero, whose mean is softplus(score). The derivatives are those of a Tweedie deviance of this
 * power (1 is Poisson's): the higher, the less a few large amounts pull. The hessian is the expected one. The
 * loss that is judged is Poisson's deviance, halved, which asks that the mean be right.
 */
export function amountDeviance(power: number): Objective {
  return {
    width: 1,
    derivatives(scores, targets, [into]) {
      for (const [row, target] of targets.entries()) {
        const score = scores[row]!
        const mean = softplus(score)
        const slope = 1 / (1 + Math.exp(-score))
        const weight = slope * mean ** -power
        into![2 * row] = weight * (mean - target)
        into![2 * row + 1] = weight * slope
      }
    },
    lossOf(scores, row, target) {
      const mean = softplus(scores[row]!)
      return mean - target + (target > 0 ? target * Math.log(target / mean) : 0)
    },
  }
}

/** Keeps logarithms of means finite. */
const MEAN_MIN = 1e-6

function softplus(score: number): number {
  return Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) + MEAN_MIN
}
