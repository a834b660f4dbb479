// Fitting a beta curve (features/heads/curve-beta.ts): logistic regression on what the curve is a sum of, each
// number held around none by a Gaussian prior, so that few examples bend little. Newton's steps.
import { skewAt } from '../../../features/heads/curve-beta.ts'
import type { BetaCurve } from '../../../features/heads/curve.ts'
import { shareOf } from '../../../features/log-odds.ts'
import type { CurveData } from './curve-data.ts'

/** By how much each of the three numbers is off, before examples tell: a deviation. */
const DEVIATION = 0.3
const STRETCH_MIN = -0.9
/** The most that skew may be of 1 + stretch, so that the curve rises everywhere. */
const SKEW_SHARE = 0.95
const STEPS_MAX = 50
const GAIN_MIN = 1e-9
const SIZE = 3

type Numbers = readonly number[]

export function fitBeta(data: CurveData): BetaCurve {
  let point: Numbers = [0, 0, 0]
  let at = measure(data, point)
  let stride = 1
  for (let step = 0; step < STEPS_MAX && stride > 1e-3; step += 1) {
    const length = stride
    const move = solve(at.curvature, at.slope)
    const next = rising(point.map((value, index) => value - length * (move[index] ?? 0)))
    const there = measure(data, next)
    if (!(there.loss <= at.loss)) {
      stride /= 2
      continue
    }
    const gain = at.loss - there.loss
    ;[point, at, stride] = [next, there, Math.min(1, stride * 2)]
    if (gain < GAIN_MIN * Math.max(1, data.logOdds.length)) break
  }
  const [stretch = 0, skew = 0, level = 0] = point
  return { kind: 'beta', stretch, skew, level }
}

/** The nearest numbers of a curve that rises. */
function rising([stretch = 0, skew = 0, level = 0]: Numbers): Numbers {
  const steep = Math.max(STRETCH_MIN, stretch)
  const most = SKEW_SHARE * (1 + steep)
  return [steep, Math.min(most, Math.max(-most, skew)), level]
}

interface Measured {
  readonly loss: number
  readonly slope: Numbers
  /** [SIZE, SIZE], row-major */
  readonly curvature: Numbers
}

function measure({ logOdds, came, weight }: CurveData, point: Numbers): Measured {
  const slope = [0, 0, 0]
  const curvature = Array.from({ length: SIZE * SIZE }, () => 0)
  let loss = 0
  for (let row = 0; row < logOdds.length; row += 1) {
    const x = logOdds[row] ?? 0
    const parts = [x, skewAt(x), 1]
    const y = parts.reduce((sum, part, index) => sum + part * (point[index] ?? 0), x)
    const truth = came[row] ?? 0
    loss += weight * (Math.max(0, y) - truth * y + Math.log1p(Math.exp(-Math.abs(y))))
    const p = shareOf(y)
    for (let i = 0; i < SIZE; i += 1) {
      const part = parts[i] ?? 0
      slope[i] = (slope[i] ?? 0) + weight * (p - truth) * part
      for (let j = 0; j < SIZE; j += 1) {
        const place = i * SIZE + j
        curvature[place] = (curvature[place] ?? 0) + weight * p * (1 - p) * part * (parts[j] ?? 0)
      }
    }
  }
  const held = 1 / DEVIATION ** 2
  return {
    loss: loss + (held / 2) * point.reduce((sum, value) => sum + value * value, 0),
    slope: slope.map((value, index) => value + held * (point[index] ?? 0)),
    curvature: curvature.map((value, place) => (place % (SIZE + 1) === 0 ? value + held : value)),
  }
}

/** x of A x = b for a positive definite A, row-major, by elimination. */
function solve(matrix: Numbers, right: Numbers): number[] {
  const rows = right.map((value, row) => [...matrix.slice(row * SIZE, (row + 1) * SIZE), value])
  for (const [index, pivot] of rows.entries()) {
    for (const [other, row] of rows.entries()) {
      if (other === index) continue
      const share = (row[index] ?? 0) / (pivot[index] ?? 1)
      rows[other] = row.map((value, column) => value - share * (pivot[column] ?? 0))
    }
  }
  return rows.map((row, index) => (row[SIZE] ?? 0) / (row[index] ?? 1))
}
