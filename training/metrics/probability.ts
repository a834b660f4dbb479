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

export interface ReliabilityBin {
  /** Mean probability given. */
  readonly given: number
  /** Share that came true. */
  readonly observed: number
  readonly count: number
}

/** Bins of equal mass by rising probability. */
export function reliability(
  probabilities: ArrayLike<number>,
  { came, binCount = 15 }: { readonly came: ArrayLike<boolean>; readonly binCount?: number },
): ReliabilityBin[] {
  const order = Array.from({ length: probabilities.length }, (_, row) => row).toSorted(
    (a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0),
  )
  return Array.from({ length: binCount }, (_, bin) => {
    const rows = order.slice(
      Math.floor((bin * order.length) / binCount),
      Math.floor(((bin + 1) * order.length) / binCount),
    )
    const given = rows.reduce((sum, row) => sum + (probabilities[row] ?? 0), 0) / rows.length
    const observed = rows.filter((row) => came[row]).length / rows.length
    return { given, observed, count: rows.length }
  }).filter(({ count }) => count > 0)
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
