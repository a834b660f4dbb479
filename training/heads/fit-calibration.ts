// Fitting the calibration of a head of classes on examples later than those it was trained on: one
// temperature (Guo et al. 2017) and one intercept a class, together. Base rates move, and the intercepts
// follow them; what chance alone could have moved is held back by Gaussian priors, whose strength against
// the examples counts users, not moments.
//
// With z the logits, their class weights undone, and m the mean of z over the examples, the calibrated
// logits are sharpness · (z − m) + m + move: convex in both, and a sharper answer does not move base rates.
import type { Calibration } from '../../features/heads/head.ts'
import { varianceOfSum } from '../metrics/clustered.ts'

// n = examples, K = classes

/** Logits [n, K] row-major of n examples, the class of each, and who was asked about. */
export interface CalibrationData {
  readonly logits: ArrayLike<number>
  readonly targets: ArrayLike<number>
  readonly userIds: readonly string[]
  /** Undoes the class weights of the loss. */
  readonly bias: readonly number[]
}

/** By how much base rates move between one stretch of time and the next, in log odds: a deviation. */
const MOVE_DEVIATION = 0.2
/** By how much the sharpness of answers is off, as a factor: a deviation. */
const SHARPNESS_DEVIATION = 0.3
const SHARPNESS = { min: 0.25, max: 4 }
const STEPS_MAX = 100
/** Steps end where the mean loss falls by less. */
const GAIN_MIN = 1e-9

interface Point {
  readonly sharpness: number
  /** [K] */
  readonly moves: readonly number[]
}

/** The likeliest calibration, its priors counted in; of no examples, one that changes nothing. */
export function fitCalibration(data: CalibrationData): Calibration {
  const { targets, bias } = data
  const width = bias.length
  const start: Point = { sharpness: 1, moves: bias.map(() => 0) }
  if (targets.length === 0) return { temperature: 1, bias }
  const undone = Float64Array.from(
    { length: targets.length * width },
    (_, place) => (data.logits[place] ?? 0) + (bias[place % width] ?? 0),
  )
  const means = meansOf(undone, width)
  const weight = weightOf({ undone, targets, userIds: data.userIds })
  const { sharpness, moves } = descend({ undone, means, targets, weight }, start)
  return {
    temperature: 1 / sharpness,
    bias: centred(
      bias.map((own, index) => {
        const mean = means[index] ?? 0
        return own - mean + (mean + (moves[index] ?? 0)) / sharpness
      }),
    ),
  }
}

interface Problem {
  /** z, row-major [n, K] */
  readonly undone: Float64Array
  /** m, [K] */
  readonly means: readonly number[]
  readonly targets: ArrayLike<number>
  /** How much an example counts against the priors: one over the design effect. */
  readonly weight: number
}

/** Newton's steps by the diagonal of a bound on the curvature, halved where they go too far. */
function descend(problem: Problem, start: Point): Point {
  let point = start
  let at = measure(problem, point)
  let stride = 1
  for (let step = 0; step < STEPS_MAX && stride > 1e-3; step += 1) {
    const length = stride
    const next: Point = {
      sharpness: clampSharpness(point.sharpness - (length * at.slope.sharpness) / at.curvature.sharpness),
      moves: point.moves.map(
        (move, index) =>
          move - (length * (at.slope.moves[index] ?? 0)) / (at.curvature.moves[index] ?? Infinity),
      ),
    }
    const there = measure(problem, next)
    if (!(there.loss <= at.loss)) {
      stride /= 2
      continue
    }
    const gain = at.loss - there.loss
    point = next
    at = there
    stride = Math.min(1, stride * 2)
    if (gain < GAIN_MIN * problem.targets.length * problem.weight) break
  }
  return point
}

interface Measured {
  readonly loss: number
  readonly slope: { readonly sharpness: number; readonly moves: Float64Array }
  readonly curvature: { readonly sharpness: number; readonly moves: Float64Array }
}

/** Loss with priors, its slope, and a bound on its curvature in each direction. */
function measure({ undone, means, targets, weight }: Problem, { sharpness, moves }: Point): Measured {
  const width = means.length
  const probabilities = new Float64Array(width)
  const slopes = new Float64Array(width)
  const curvatures = new Float64Array(width)
  let [loss, slope, curvature] = [0, 0, 0]
  for (let row = 0; row < targets.length; row += 1) {
    const target = targets[row] ?? 0
    loss -= softmaxInto(probabilities, (index) => {
      const mean = means[index] ?? 0
      return sharpness * ((undone[row * width + index] ?? 0) - mean) + mean + (moves[index] ?? 0)
    })(target)
    let [first, second] = [0, 0]
    for (let index = 0; index < width; index += 1) {
      const p = probabilities[index] ?? 0
      const away = (undone[row * width + index] ?? 0) - (means[index] ?? 0)
      slopes[index] = (slopes[index] ?? 0) + p - (index === target ? 1 : 0)
      // The rows of the softmax's curvature sum to zero: twice its diagonal bounds it.
      curvatures[index] = (curvatures[index] ?? 0) + 2 * p * (1 - p)
      first += p * away
      second += p * away * away
    }
    slope += first - ((undone[row * width + target] ?? 0) - (means[target] ?? 0))
    curvature += second - first * first
  }
  const movePrior = 1 / MOVE_DEVIATION ** 2
  const sharpnessPrior = 1 / SHARPNESS_DEVIATION ** 2
  const penalty =
    moves.reduce((sum, move) => sum + move * move, 0) * movePrior + (sharpness - 1) ** 2 * sharpnessPrior
  return {
    loss: weight * loss + penalty / 2,
    slope: {
      sharpness: weight * slope + (sharpness - 1) * sharpnessPrior,
      moves: slopes.map((value, index) => weight * value + (moves[index] ?? 0) * movePrior),
    },
    curvature: {
      sharpness: weight * curvature + sharpnessPrior,
      moves: curvatures.map((value) => weight * value + movePrior),
    },
  }
}

/** Fills in the probabilities of logits, and gives what tells the logarithm of one of them. */
function softmaxInto(
  probabilities: Float64Array,
  logitAt: (index: number) => number,
): (index: number) => number {
  let highest = Number.NEGATIVE_INFINITY
  for (let index = 0; index < probabilities.length; index += 1) {
    highest = Math.max(highest, logitAt(index))
  }
  let total = 0
  for (let index = 0; index < probabilities.length; index += 1) {
    const exponential = Math.exp(logitAt(index) - highest)
    probabilities[index] = exponential
    total += exponential
  }
  for (let index = 0; index < probabilities.length; index += 1) {
    probabilities[index] = (probabilities[index] ?? 0) / total
  }
  return (index) => logitAt(index) - highest - Math.log(total)
}

/** One over the design effect, all classes together, of what the logits as they are do not foresee. */
function weightOf(request: {
  readonly undone: Float64Array
  readonly targets: ArrayLike<number>
  readonly userIds: readonly string[]
}): number {
  const { undone, targets, userIds } = request
  const width = undone.length / targets.length
  const probabilities = new Float64Array(width)
  const residuals = Array.from({ length: width }, () => new Float64Array(targets.length))
  for (let row = 0; row < targets.length; row += 1) {
    softmaxInto(probabilities, (index) => undone[row * width + index] ?? 0)
    for (const [index, ofClass] of residuals.entries()) {
      ofClass[row] = (index === targets[row] ? 1 : 0) - (probabilities[index] ?? 0)
    }
  }
  let [clustered, independent] = [0, 0]
  for (const ofClass of residuals) {
    clustered += varianceOfSum(ofClass, userIds)
    independent += ofClass.reduce((sum, residual) => sum + residual * residual, 0)
  }
  return clustered > independent ? independent / clustered : 1
}

function clampSharpness(value: number): number {
  return Math.min(SHARPNESS.max, Math.max(SHARPNESS.min, value))
}

function meansOf(values: Float64Array, width: number): number[] {
  const sums = Array.from({ length: width }, () => 0)
  for (const [place, value] of values.entries()) {
    sums[place % width] = (sums[place % width] ?? 0) + value
  }
  return sums.map((sum) => (sum * width) / values.length)
}

/** The same to a softmax, around zero. */
function centred(bias: readonly number[]): number[] {
  const mean = bias.reduce((sum, value) => sum + value, 0) / bias.length
  return bias.map((value) => value - mean)
}
