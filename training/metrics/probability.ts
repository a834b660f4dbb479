// How good the probabilities themselves are: log loss, Brier score, expected calibration error.
import { calibrationError } from './calibration-error.ts'
import { createTally, rankingOf } from './ranking.ts'
import type { Ranking } from './ranking.ts'

/** Probabilities [n, k] row-major and the class of each example. */
export interface Forecasts {
  readonly probabilities: ArrayLike<number>
  readonly targets: ArrayLike<number>
  readonly classCount: number
}

/** Probabilities below this count as this, so that one wrong certainty is not infinite. */
export const PROBABILITY_MIN = 1e-15

/** −log of the probability given to what came true, in nats, [n]. */
export function logLosses({ probabilities, targets, classCount }: Forecasts): Float64Array {
  return Float64Array.from(targets, (target, row) => {
    return -Math.log(Math.max(PROBABILITY_MIN, probabilities[row * classCount + target] ?? 0))
  })
}

/** Their mean. */
export function logLoss(forecasts: Forecasts): number {
  return logLosses(forecasts).reduce((sum, loss) => sum + loss, 0) / forecasts.targets.length
}

/** Squared error of the probabilities, [n]: of the second class for two, summed over classes for more. */
export function brierScores({ probabilities, targets, classCount }: Forecasts): Float64Array {
  return Float64Array.from(targets, (target, row) => {
    let sum = 0
    for (let index = classCount === 2 ? 1 : 0; index < classCount; index += 1) {
      const came = target === index ? 1 : 0
      sum += ((probabilities[row * classCount + index] ?? 0) - came) ** 2
    }
    return sum
  })
}

/**
 * What calibration is told of: the second class's probability for two classes, the chosen class's for more,
 * and whether that class came true.
 */
export function calibrationRanking({ probabilities, targets, classCount }: Forecasts): Ranking {
  const told = Int32Array.from(targets, (_, row) =>
    classCount === 2 ? 1 : likeliest(probabilities, { row, classCount }),
  )
  const given = Float64Array.from(told, (index, row) => probabilities[row * classCount + index] ?? 0)
  return rankingOf(given, (row) => targets[row] === told[row])
}

/** Expected calibration error over bins of equal mass; each example weighs 1 unless told. */
export function expectedCalibrationError(
  forecasts: Forecasts & { readonly weights?: ArrayLike<number> },
): number {
  const ranking = calibrationRanking(forecasts)
  const weights = Float64Array.from(forecasts.targets, (_, row) => forecasts.weights?.[row] ?? 1)
  return calibrationError(ranking, { tally: createTally(ranking)(weights), weights })
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
