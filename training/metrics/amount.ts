// How good expected amounts are: the deviance of the loss, errors in the unit of the amounts, and whether
// what was foretold adds up to what came, overall and from small predictions to large ones.
import { userWeights, weightedMean } from './weights.ts'

/** What came of a tenth of the examples, by rising prediction. */
export interface Decile {
  readonly examples: number
  /** Sums. */
  readonly predicted: number
  readonly actual: number
  /** null where nothing came. */
  readonly predictedOverActual: number | null
}

export interface AmountReport {
  /** Mean deviance, in units of the head's scale. */
  readonly deviance: number
  readonly mae: number
  readonly rmse: number
  readonly predictedOverActual: number | null
  readonly deciles: readonly Decile[]
  /** Each user weighs the same. */
  readonly perUser: { readonly deviance: number; readonly mae: number; readonly rmse: number }
}

const DECILES = 10

/** All of [n], n not 0. */
export function amountReport(request: {
  readonly predicted: Float64Array
  readonly actual: Float32Array
  readonly deviances: ArrayLike<number>
  readonly userIds: readonly string[]
}): AmountReport {
  const { predicted, actual, deviances, userIds } = request
  const errors = Float64Array.from(actual, (value, row) => (predicted[row] ?? 0) - value)
  const equally = userIds.map(() => 1)
  const byUser = userWeights(userIds)
  const meansWith = (weights: ArrayLike<number>) => ({
    deviance: weightedMean(deviances, weights),
    mae: weightedMean(errors.map(Math.abs), weights),
    rmse: Math.sqrt(
      weightedMean(
        errors.map((error) => error * error),
        weights,
      ),
    ),
  })
  return {
    ...meansWith(equally),
    predictedOverActual: ratioOf(sumOf(predicted), sumOf(actual)),
    deciles: decilesOf(predicted, actual),
    perUser: meansWith(byUser),
  }
}

/** Tenths by rising prediction; of fewer than ten examples, as many parts. */
function decilesOf(predicted: Float64Array, actual: Float32Array): Decile[] {
  const order = [...predicted.keys()].toSorted((a, b) => (predicted[a] ?? 0) - (predicted[b] ?? 0))
  return Array.from({ length: DECILES }, (_, decile) => {
    const rows = order.slice(
      Math.floor((decile * order.length) / DECILES),
      Math.floor(((decile + 1) * order.length) / DECILES),
    )
    const [foretold, came] = [predicted, actual].map((values) => sumOf(rows.map((row) => values[row] ?? 0)))
    return {
      examples: rows.length,
      predicted: foretold ?? 0,
      actual: came ?? 0,
      predictedOverActual: ratioOf(foretold ?? 0, came ?? 0),
    }
  }).filter(({ examples }) => examples > 0)
}

function ratioOf(predicted: number, actual: number): number | null {
  return actual === 0 ? null : predicted / actual
}

function sumOf(values: Iterable<number>): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
