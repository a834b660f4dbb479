// A linear model over sparse rows for any objective that trees have: of each score a weight a column and an
// intercept, the squares of the weights held small.
import { startScores } from '../trees/boost.ts'
import { meanLossOf } from '../trees/objective.ts'
import type { Objective } from '../trees/objective.ts'
import { minimise } from './minimise.ts'
import type { SparseRows } from './sparse-rows.ts'

export interface LinearModel {
  /** How many scores a row has. */
  readonly width: number
  /** Row-major [columns, width]; behind them one intercept a score. */
  readonly weights: Float64Array
}

export interface LinearRequest {
  readonly rows: SparseRows
  /** [n], none of them NaN. */
  readonly targets: Float32Array
  /** How many examples each row stands for, [n]. */
  readonly counts: Float64Array
  readonly columnCount: number
  readonly objective: Objective
  /** What is said without the model, by score. */
  readonly start: readonly number[]
  /** How much all losses together count beside half the sum of the squares of the weights. */
  readonly lossWeight: number
  /** Where the search begins: a model that was fitted with another weight of the losses. */
  readonly from?: LinearModel | undefined
}

const STEPS_MAX = 60
const GAIN_MIN = 1e-5

export function fitLinear(request: LinearRequest): LinearModel {
  const { rows, targets, counts, columnCount, objective, start, lossWeight, from } = request
  const { width } = objective
  const derivatives = Array.from({ length: width }, () => new Float32Array(2 * rows.count))
  const first = startScores(start, rows.count)
  const intercepts = columnCount * width
  if (rows.count === 0) return { width, weights: new Float64Array(intercepts + width) }
  const total = counts.reduce((sum, count) => sum + count, 0)
  const weights = minimise({
    start: from?.weights ?? new Float64Array(intercepts + width),
    stepsMax: STEPS_MAX,
    gainMin: GAIN_MIN,
    valueAt(point, gradient) {
      const scores = first.slice()
      addScores(scores, { rows, model: { width, weights: point } })
      objective.derivatives(scores, targets, derivatives)
      gradient.fill(0)
      for (const [place, own] of derivatives.entries()) {
        for (let row = 0; row < rows.count; row += 1) {
          const slope = lossWeight * counts[row]! * own[2 * row]!
          gradient[intercepts + place]! += slope
          for (let at = rows.starts[row]!; at < rows.starts[row + 1]!; at += 1) {
            gradient[rows.columns[at]! * width + place]! += slope * rows.values[at]!
          }
        }
      }
      let squares = 0
      for (let place = 0; place < intercepts; place += 1) {
        gradient[place]! += point[place]!
        squares += point[place]! ** 2
      }
      return lossWeight * total * meanLossOf(objective, { scores, targets, counts }) + squares / 2
    },
  })
  return { width, weights }
}

/** Adds the model's scores to these, [n, width]. */
export function addScores(
  scores: Float64Array,
  { rows, model }: { readonly rows: SparseRows; readonly model: LinearModel },
): void {
  const { width, weights } = model
  const intercepts = weights.length - width
  for (let row = 0; row < rows.count; row += 1) {
    for (let place = 0; place < width; place += 1) {
      let sum = weights[intercepts + place]!
      for (let at = rows.starts[row]!; at < rows.starts[row + 1]!; at += 1) {
        sum += weights[rows.columns[at]! * width + place]! * rows.values[at]!
      }
      scores[row * width + place]! += sum
    }
  }
}

/** The largest whole number up to which all are told apart in 32 bits. */
const EXACT_MAX = 2 ** 24
/** Smaller weights than one over two to this say nothing. */
const EXPONENT_MAX = 20

/**
 * The same with weights of so few bits that sums of them, times values that are multiples of one over
 * `valueUnits`, are exact in 32 bits in any order: then no two runtimes differ in a score, and a threshold of a tree
 * on it parts rows alike in all of them.
 * @param sumMax the most that the values of a row add up to
 */
export function exactModel(
  { width, weights }: LinearModel,
  { valueUnits, sumMax }: { readonly valueUnits: number; readonly sumMax: number },
): LinearModel {
  let largest = 0
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight))
  if (largest === 0) return { width, weights }
  const exponent = Math.floor(Math.log2(EXACT_MAX / (largest * (sumMax + 2) * valueUnits)))
  const units = 2 ** Math.min(EXPONENT_MAX, exponent)
  return { width, weights: weights.map((weight) => Math.round(weight * units) / units) }
}
