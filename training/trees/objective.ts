// What trees make small: for scores of all rows the first and second derivatives of a loss, and the loss.

/** Scores are row-major [n, width]: one tree a round for each. */
export interface Objective {
  readonly width: number
  /** Writes gradient and hessian of every row by score, [width][2n]. */
  derivatives(scores: Float64Array, targets: Float32Array, into: readonly Float32Array[]): void
  /** The mean loss. */
  loss(scores: Float64Array, targets: Float32Array): number
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
  loss(scores, targets) {
    let sum = 0
    for (const [row, target] of targets.entries()) {
      const signed = target === 1 ? -scores[row]! : scores[row]!
      sum += Math.max(signed, 0) + Math.log1p(Math.exp(-Math.abs(signed)))
    }
    return sum / targets.length
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
    loss(scores, targets) {
      let sum = 0
      for (const [row, target] of targets.entries()) {
        const own = scores.subarray(row * width, (row + 1) * width)
        sum += logTotal(own) - own[target]!
      }
      return sum / targets.length
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
  loss(scores, targets) {
    let sum = 0
    for (const [row, target] of targets.entries()) sum += (scores[row]! - target) ** 2
    return sum / (2 * targets.length)
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
    loss(scores, targets) {
      let sum = 0
      for (const [row, target] of targets.entries()) {
        const mean = softplus(scores[row]!)
        sum += mean - target + (target > 0 ? target * Math.log(target / mean) : 0)
      }
      return sum / targets.length
    },
  }
}

/** Keeps logarithms of means finite. */
const MEAN_MIN = 1e-6

function softplus(score: number): number {
  return Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) + MEAN_MIN
}
