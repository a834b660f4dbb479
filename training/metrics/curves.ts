// What one number hides, as points to draw: reliability, ROC, precision by recall, gain. Rounded and thinned, so
// that a card stays small.
import { varianceOfSum } from './clustered.ts'
import { BIN_COUNT } from './calibration-error.ts'
import { createTally, rankingOf } from './ranking.ts'
import type { Tally } from './ranking.ts'

/** Points in order. */
export interface Curve {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** Examples of about the same answer: a fifteenth of their weight, or all of one answer. */
export interface ReliabilityBin {
  /** Mean of what was told, and of what came. */
  readonly told: number
  readonly came: number
  /** What may have come, at 95 %. */
  readonly low: number
  readonly high: number
  /** The share of all that they are. */
  readonly share: number
}

/** What was told of each example, and what came: 0 or 1, or an amount, [n]. */
export interface Told {
  readonly told: Float64Array
  readonly came: ArrayLike<number>
  readonly weights: Float64Array
  readonly userIds: readonly string[]
}

/** How many errors to each side hold what may have come, at 95 %. */
const ERRORS = 1.96

/** By rising answer. */
export function reliabilityOf({ told, came, weights, userIds }: Told): ReliabilityBin[] {
  const ranking = rankingOf(told, () => false)
  const { all, total } = createTally(ranking)(weights)
  const binOfRow = new Int32Array(told.length)
  let [passed, place] = [0, 0]
  for (let step = 0; step < all.length; step += 1) {
    const here = all[step] ?? 0
    const bin = Math.min(BIN_COUNT - 1, Math.floor((BIN_COUNT * (passed + here / 2)) / total))
    for (; place < (ranking.ends[step] ?? 0); place += 1) binOfRow[ranking.rows[place] ?? 0] = bin
    passed += here
  }
  const byBin = Map.groupBy([...told.keys()], (row) => binOfRow[row] ?? 0)
  return [...byBin]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, rows]): ReliabilityBin[] => {
      const weight = rows.reduce((sum, row) => sum + (weights[row] ?? 0), 0)
      if (weight === 0) return []
      const meanOf = (values: ArrayLike<number>): number =>
        rows.reduce((sum, row) => sum + (weights[row] ?? 0) * (values[row] ?? 0), 0) / weight
      const mean = meanOf(came)
      const away = rows.map((row) => ((weights[row] ?? 0) * ((came[row] ?? 0) - mean)) / weight)
      const users = rows.map((row) => userIds[row] ?? '')
      const error = ERRORS * Math.sqrt(varianceOfSum(away, users))
      const [low, high] = [mean - error, mean + error]
      return [
        {
          told: rounded(meanOf(told)),
          came: rounded(mean),
          low: rounded(low),
          high: rounded(high),
          share: rounded(weight / total),
        },
      ]
    })
}

/** Share of the others that is taken for it (x), by the share of what came true that is (y). */
export function rocCurve(tally: Tally): Curve {
  const negatives = tally.total - tally.positives
  return thinned([
    [0, 0],
    ...descending(tally, ({ hits, taken }) => [(taken - hits) / negatives, hits / tally.positives]),
  ])
}

/** Recall (x) by precision (y). */
export function precisionRecallCurve(tally: Tally): Curve {
  return thinned(descending(tally, ({ hits, taken }) => [hits / tally.positives, hits / taken]))
}

/** The share of examples that are looked at, highest first (x), by the share of what came true among them (y). */
export function gainCurve(tally: Tally): Curve {
  return thinned([
    [0, 0],
    ...descending(tally, ({ hits, taken }) => [taken / tally.total, hits / tally.positives]),
  ])
}

type Point = readonly [x: number, y: number]

function descending(
  { all, came }: Tally,
  pointOf: (passed: { readonly hits: number; readonly taken: number }) => Point,
): Point[] {
  const points: Point[] = []
  let [hits, taken] = [0, 0]
  for (let step = all.length - 1; step >= 0; step -= 1) {
    if (all[step] === 0) continue
    hits += came[step] ?? 0
    taken += all[step] ?? 0
    points.push(pointOf({ hits, taken }))
  }
  return points
}

const POINTS_MAX = 60

/** Points of which each lies some way beyond the one before, the first and the last among them. */
function thinned(points: readonly Point[]): Curve {
  const kept: Point[] = []
  const apart = ([x, y]: Point, [a, b]: Point): number => Math.abs(x - a) + Math.abs(y - b)
  const length = points.slice(1).reduce((sum, point, at) => sum + apart(point, points[at] ?? point), 0)
  let since = 0
  for (const [at, point] of points.entries()) {
    since += apart(point, points[at - 1] ?? point)
    if (at > 0 && at < points.length - 1 && since < length / (POINTS_MAX - 2)) continue
    kept.push(point)
    since = 0
  }
  return { x: kept.map(([x]) => rounded(x)), y: kept.map(([, y]) => rounded(y)) }
}

/** To four digits. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
