// The metrics of expected amounts: the deviance of the loss, errors in the unit of the amounts, whether what
// was foretold adds up to what came, and whether more came where more was foretold.
import type { Measure } from './measure.ts'
import { rankingOf } from './ranking.ts'
import type { Ranking } from './ranking.ts'

/** What is judged of n examples, n not 0. */
export interface JudgedAmounts {
  readonly predicted: Float64Array
  readonly actual: Float32Array
  /** In units of the head's scale. */
  readonly deviances: ArrayLike<number>
}

/** With `ranked` false, what needs no order of the examples. */
export function measureAmounts(
  { predicted, actual, deviances }: JudgedAmounts,
  { ranked = true } = {},
): Measure {
  const correlate = ranked ? createCorrelation(predicted, Float64Array.from(actual)) : () => null
  return (weights) => {
    let [total, deviance, absolute, squared, told, came] = [0, 0, 0, 0, 0, 0]
    for (let row = 0; row < weights.length; row += 1) {
      const weight = weights[row] ?? 0
      const error = (predicted[row] ?? 0) - (actual[row] ?? 0)
      total += weight
      deviance += weight * (deviances[row] ?? 0)
      absolute += weight * Math.abs(error)
      squared += weight * error * error
      told += weight * (predicted[row] ?? 0)
      came += weight * (actual[row] ?? 0)
    }
    return {
      deviance: deviance / total,
      mae: absolute / total,
      rmse: Math.sqrt(squared / total),
      predictedMean: told / total,
      actualMean: came / total,
      predictedOverActual: came === 0 ? null : told / came,
      spearman: correlate(weights),
    }
  }
}

/** Spearman's rank correlation, ties by their mid-ranks; null where either does not vary. */
function createCorrelation(
  left: Float64Array,
  right: Float64Array,
): (weights: Float64Array) => number | null {
  const [ofLeft, ofRight] = [left, right].map((values) => rankingOf(values, () => false))
  const [leftRanks, rightRanks] = [new Float64Array(left.length), new Float64Array(left.length)]
  return (weights) => {
    if (ofLeft === undefined || ofRight === undefined) return null
    rankInto(leftRanks, { ranking: ofLeft, weights })
    rankInto(rightRanks, { ranking: ofRight, weights })
    let [total, own, other, both] = [0, 0, 0, 0]
    for (let row = 0; row < weights.length; row += 1) {
      const weight = weights[row] ?? 0
      total += weight
      own += weight * (leftRanks[row] ?? 0) ** 2
      other += weight * (rightRanks[row] ?? 0) ** 2
      both += weight * (leftRanks[row] ?? 0) * (rightRanks[row] ?? 0)
    }
    // Ranks are told from the middle, so that their mean is 0.
    return own < MIN_SPREAD * total || other < MIN_SPREAD * total ? null : both / Math.sqrt(own * other)
  }
}

/** Ranks that vary do so by more than rounding. */
const MIN_SPREAD = 1e-12

/** The mid-rank of each row, less the mean of all, as a share of the weight of all. */
function rankInto(
  ranks: Float64Array,
  { ranking, weights }: { readonly ranking: Ranking; readonly weights: Float64Array },
): void {
  const { rows, ends } = ranking
  let total = 0
  for (let row = 0; row < weights.length; row += 1) total += weights[row] ?? 0
  let [start, passed] = [0, 0]
  for (const end of ends) {
    let here = 0
    for (let place = start; place < end; place += 1) here += weights[rows[place] ?? 0] ?? 0
    const rank = (passed + here / 2) / total - 0.5
    for (let place = start; place < end; place += 1) ranks[rows[place] ?? 0] = rank
    passed += here
    start = end
  }
}
