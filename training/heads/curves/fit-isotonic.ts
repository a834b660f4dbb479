// Fitting an isotonic curve: bins of equal mass, pooled where they fall (pool adjacent violators; Ayer et al.,
// 1955), a knot each. In every bin some more count as if it had come as foretold, so that none is certain.
import type { IsotonicCurve } from '../../../features/heads/curve.ts'
import { logOddsOf, shareOf } from '../../../features/log-odds.ts'
import type { CurveData } from './curve-data.ts'

/** Fewer examples, each of its own user, make no bin. */
const EXAMPLES_A_BIN = 30
const BINS_MAX = 40
/** So many more of each bin count as if they had come as foretold. */
const AS_FORETOLD = 10
/** Knots that lie nearer are one: in log-odds as they come, and in shares as they are given. */
const APART_MIN = 1e-6
const RISE_MIN = 1e-9

interface Bin {
  readonly weight: number
  /** Of log-odds, and of what came, over the weight. */
  readonly logOdds: number
  readonly rate: number
}

export function fitIsotonic(data: CurveData): IsotonicCurve {
  const knots = pooled(binsOf(data))
  if (knots.length === 0) return { kind: 'isotonic', from: [0], to: [0] }
  return {
    kind: 'isotonic',
    from: knots.map(({ logOdds }) => logOdds),
    to: knots.map(({ rate }) => logOddsOf(rate)),
  }
}

/** By rising log-odds. Examples of the same log-odds lie in one bin. */
function binsOf({ logOdds, came, weight }: CurveData): Bin[] {
  const order = Float64Array.from(logOdds)
    .map((_, row) => row)
    .toSorted((left, right) => (logOdds[left] ?? 0) - (logOdds[right] ?? 0))
  const count = Math.max(1, Math.min(BINS_MAX, Math.floor((weight * order.length) / EXAMPLES_A_BIN)))
  const bins: Bin[] = []
  let begun = 0
  for (let end = 1; end <= order.length; end += 1) {
    const [last = 0, next = 0] = [order[end - 1], order[end]]
    const isFull = end >= ((bins.length + 1) * order.length) / count
    const isTie = (logOdds[next] ?? 0) - (logOdds[last] ?? 0) < APART_MIN
    if (end < order.length && (!isFull || isTie)) continue
    bins.push(binOf(order.subarray(begun, end), { logOdds, came, weight }))
    begun = end
  }
  return bins
}

function binOf(rows: Float64Array, { logOdds, came, weight }: CurveData): Bin {
  const mean = (valueOf: (row: number) => number): number =>
    rows.reduce((sum, row) => sum + valueOf(row), 0) / rows.length
  const foretold = mean((row) => shareOf(logOdds[row] ?? 0))
  const counted = weight * rows.length
  const total = counted + AS_FORETOLD
  return {
    weight: total,
    logOdds: logOddsOf(foretold),
    rate: (counted * mean((row) => came[row] ?? 0) + AS_FORETOLD * foretold) / total,
  }
}

/** Neighbours that do not rise become one. */
function pooled(bins: readonly Bin[]): Bin[] {
  const knots: Bin[] = []
  for (const bin of bins) {
    let own = bin
    for (let before = knots.at(-1); before !== undefined; before = knots.at(-1)) {
      if (own.rate - before.rate >= RISE_MIN && own.logOdds - before.logOdds >= APART_MIN) break
      knots.pop()
      own = together(before, own)
    }
    knots.push(own)
  }
  return knots
}

function together(left: Bin, right: Bin): Bin {
  const weight = left.weight + right.weight
  const mean = (one: number, other: number): number => (left.weight * one + right.weight * other) / weight
  return { weight, logOdds: mean(left.logOdds, right.logOdds), rate: mean(left.rate, right.rate) }
}
