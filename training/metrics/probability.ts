// How good the probabilities themselves are: log loss, Brier score, expected calibration error.
import { weightedMean } from './weights.ts'

/** Probabilities [n, k] row-major and the class of each example. */
export interface Forecasts {
  readonly probabilities: ArrayLike<number>
  readonly targets: ArrayLike<number>
  readonly classCount: number
  /** How much each example weighs in the calibration error: 1 unless told. */
  readonly weights?: ArrayLike<number>
}

/** Probabilities below this count as this, so that one wrong certainty is not infinite. */
export const PROBABILITY_MIN = 1e-15

/** Mean of −log of the probability given to what came true, in nats. */
export function logLoss({ probabilities, targets, classCount }: Forecasts): number {
  let loss = 0
  for (let row = 0; row < targets.length; row += 1) {
    const given = probabilities[row * classCount + (targets[row] ?? 0)] ?? 0
    loss -= Math.log(Math.max(PROBABILITY_MIN, given))
  }
  return loss / targets.length
}

/** Mean squared error of the probabilities: of the second class for two, summed over classes for more. */
export function brier({ probabilities, targets, classCount }: Forecasts): number {
  let sum = 0
  for (let row = 0; row < targets.length; row += 1) {
    for (let index = classCount === 2 ? 1 : 0; index < classCount; index += 1) {
      const came = targets[row] === index ? 1 : 0
      sum += ((probabilities[row * classCount + index] ?? 0) - came) ** 2
    }
  }
  return sum / targets.length
}

/** How many bins of equal mass the calibration error is told over. */
const BIN_COUNT = 15

interface Reliability {
  /** The probability given, of each example. */
  readonly given: Float64Array
  /** 1 where it came true. */
  readonly came: Float64Array
  readonly weights: Float64Array
}

/**
 * Mean difference between what was given and what came, over bins of equal mass by rising probability.
 * Examples of the same probability share what came true, so that it does not matter in which order they
 * come, nor where a bin cuts between them.
 */
function calibrationError({ given, came, weights }: Reliability): number {
  const order = [...given.keys()].toSorted((a, b) => (given[a] ?? 0) - (given[b] ?? 0))
  const rising = (values: Float64Array): Float64Array => Float64Array.from(order, (row) => values[row] ?? 0)
  const [values, masses] = [rising(given), rising(weights)]
  const observed = meanAmongTies(values, { came: rising(came), masses })
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  const differences = new Float64Array(BIN_COUNT)
  let passed = 0
  for (const [place, mass] of masses.entries()) {
    passed += mass
    const bin = Math.min(BIN_COUNT, Math.max(1, Math.ceil((BIN_COUNT * passed) / total))) - 1
    differences[bin] = (differences[bin] ?? 0) + mass * ((values[place] ?? 0) - (observed[place] ?? 0))
  }
  return differences.reduce((sum, difference) => sum + Math.abs(difference), 0) / total
}

/** At each place, the mean of what came at all the places with the same of these rising values. */
function meanAmongTies(
  rising: Float64Array,
  { came, masses }: { readonly came: Float64Array; readonly masses: Float64Array },
): Float64Array {
  const means = new Float64Array(rising.length)
  for (let from = 0, until = 0; from < rising.length; from = until) {
    do until += 1
    while (until < rising.length && rising[until] === rising[from])
    means.fill(weightedMean(came.subarray(from, until), masses.subarray(from, until)), from, until)
  }
  return means
}

/**
 * Expected calibration error over 15 bins of equal mass: of the second class's probability for two
 * classes, of the chosen class's for more.
 */
export function expectedCalibrationError(forecasts: Forecasts): number {
  const { probabilities, targets, classCount, weights } = forecasts
  const given = new Float64Array(targets.length)
  const came = Float64Array.from(targets, (target, row) => {
    const chosen = classCount === 2 ? 1 : likeliest(probabilities, { row, classCount })
    given[row] = probabilities[row * classCount + chosen] ?? 0
    return target === chosen ? 1 : 0
  })
  return calibrationError({
    given,
    came,
    weights: Float64Array.from(targets, (_, row) => weights?.[row] ?? 1),
  })
}

/** The later half of the examples in time; undefined where all are of one time, as in a table. */
export function laterHalf(forecasts: Forecasts, atMs: Float64Array): Forecasts | undefined {
  const sorted = atMs.toSorted()
  const fromMs = sorted[sorted.length >> 1] ?? Number.NaN
  const rows = [...atMs.keys()].filter((row) => (atMs[row] ?? 0) >= fromMs)
  if (rows.length === 0 || rows.length === atMs.length) return undefined
  const { probabilities, targets, classCount } = forecasts
  return {
    probabilities: Float64Array.from({ length: rows.length * classCount }, (_, place) => {
      const row = rows[Math.floor(place / classCount)] ?? 0
      return probabilities[row * classCount + (place % classCount)] ?? 0
    }),
    targets: rows.map((row) => targets[row] ?? 0),
    classCount,
  }
}

/** The class with the highest probability in a row; the first among equals. */
export function likeliest(
  probabilities: ArrayLike<number>,
  { row, classCount }: { readonly row: number; readonly classCount: number },
): number {
  let best = 0
  for (let index = 1; index < classCount; index += 1) {
    const value = probabilities[row * classCount + index] ?? 0
    if (value > (probabilities[row * classCount + best] ?? 0)) best = index
  }
  return best
}
