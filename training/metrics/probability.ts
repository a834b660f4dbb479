// How good the probabilities themselves are: log loss, Brier score, expected calibration error.

/** Probabilities [n, k] row-major and the class of each example. */
export interface Forecasts {
  readonly probabilities: ArrayLike<number>
  readonly targets: ArrayLike<number>
  readonly classCount: number
}

/** Probabilities below this count as this, so that one wrong certainty is not infinite. */
const PROBABILITY_MIN = 1e-15

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

interface ReliabilityBin {
  /** Mean probability given. */
  readonly given: number
  /** Share that came true. */
  readonly observed: number
  readonly count: number
}

/**
 * Bins of equal mass by rising probability. Examples of the same probability share what came true, so
 * that it does not matter in which order they come, nor where a bin cuts between them.
 */
function reliability(
  probabilities: ArrayLike<number>,
  { came, binCount = 15 }: { readonly came: ArrayLike<boolean>; readonly binCount?: number },
): ReliabilityBin[] {
  const order = Array.from({ length: probabilities.length }, (_, row) => row).toSorted(
    (a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0),
  )
  const given = Float64Array.from(order, (row) => probabilities[row] ?? 0)
  const observed = meanAmongTies(given, (place) => (came[order[place] ?? 0] === true ? 1 : 0))
  return Array.from({ length: binCount }, (_, bin) => {
    const from = Math.floor((bin * order.length) / binCount)
    const until = Math.floor(((bin + 1) * order.length) / binCount)
    return {
      given: mean(given.subarray(from, until)),
      observed: mean(observed.subarray(from, until)),
      count: until - from,
    }
  }).filter(({ count }) => count > 0)
}

/** At each place, the mean of what is at all the places with the same of these rising values. */
function meanAmongTies(rising: Float64Array, valueAt: (place: number) => number): Float64Array {
  const means = Float64Array.from(rising, (_, place) => valueAt(place))
  for (let from = 0, until = 0; from < rising.length; from = until) {
    do until += 1
    while (until < rising.length && rising[until] === rising[from])
    means.fill(mean(means.subarray(from, until)), from, until)
  }
  return means
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/**
 * Expected calibration error over 15 bins of equal mass: of the second class's probability for two
 * classes, of the chosen class's for more.
 */
export function expectedCalibrationError({ probabilities, targets, classCount }: Forecasts): number {
  const given = new Float64Array(targets.length)
  const came = Array.from({ length: targets.length }, (_, row) => {
    const chosen = classCount === 2 ? 1 : likeliest(probabilities, { row, classCount })
    given[row] = probabilities[row * classCount + chosen] ?? 0
    return targets[row] === chosen
  })
  return reliability(given, { came }).reduce(
    (sum, bin) => sum + (bin.count / targets.length) * Math.abs(bin.given - bin.observed),
    0,
  )
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
