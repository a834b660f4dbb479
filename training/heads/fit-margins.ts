// How well probabilities are known: in bins of equal mass by what was told, a Wilson interval (1927) of the share
// that came true, users being drawn, as far as it reaches below and above what was told, in log-odds.
import { uncertain } from '../../features/heads/curve-kinds.ts'
import { logOddsOf, shareOf } from '../../features/log-odds.ts'
import type { Margins } from '../../features/heads/head.ts'
import { designEffect } from '../metrics/clustered.ts'

/** 19 times of 20. */
const Z = 1.96
/** Fewer examples, each of its own user, make no bin. */
const EXAMPLES_A_BIN = 100
const BINS_MAX = 12
const MARGIN_MAX = 20

export interface MarginRequest {
  /** As they were told of examples to which no curve was fitted, log-odds, [n]. */
  readonly logOdds: ArrayLike<number>
  /** 1 where it came true, else 0, [n]. */
  readonly came: ArrayLike<number>
  readonly userIds: readonly string[]
}

/** Undefined where there are too few examples for one bin. */
export function fitMargins({ came, userIds, ...request }: MarginRequest): Margins | undefined {
  const logOdds = Float64Array.from(request.logOdds, uncertain)
  const order = userIds.map((_, row) => row).toSorted((a, b) => (logOdds[a] ?? 0) - (logOdds[b] ?? 0))
  const residual = (row: number): number => (came[row] ?? 0) - shareOf(logOdds[row] ?? 0)
  const effect = designEffect(
    userIds.map((_, row) => residual(row)),
    userIds,
  )
  const count = Math.min(BINS_MAX, Math.floor(order.length / effect / EXAMPLES_A_BIN))
  if (count < 1) return undefined
  const bins = Array.from({ length: count }, (_, bin) =>
    order.slice(Math.floor((bin * order.length) / count), Math.floor(((bin + 1) * order.length) / count)),
  )
  const reaches = bins.map((rows) => reachOf(rows, { logOdds, came, effect }))
  const cuts = bins.slice(1).map((rows) => logOdds[rows[0] ?? 0] ?? 0)
  // Bins that begin where the one before does hold the same answers: the last of them counts.
  const kept = reaches.keys().filter((bin) => bin === count - 1 || cuts[bin] !== cuts[bin - 1])
  const places = [...kept]
  return {
    cuts: places.slice(1).map((bin) => cuts[bin - 1] ?? 0),
    below: places.map((bin) => reaches[bin]?.below ?? 0),
    above: places.map((bin) => reaches[bin]?.above ?? 0),
  }
}

function reachOf(
  rows: readonly number[],
  { logOdds, came, effect }: Omit<MarginRequest, 'userIds'> & { readonly effect: number },
): { readonly below: number; readonly above: number } {
  const mean = (valueOf: (row: number) => number): number =>
    rows.reduce((sum, row) => sum + valueOf(row), 0) / rows.length
  const told = mean((row) => shareOf(logOdds[row] ?? 0))
  const counted = rows.length / effect
  // One more that came as told: of none that came true no share would be known.
  const share = (counted * mean((row) => came[row] ?? 0) + told) / (counted + 1)
  const [lower, upper] = wilson(share, counted + 1)
  return { below: held(logOddsOf(told) - logOddsOf(lower)), above: held(logOddsOf(upper) - logOddsOf(told)) }
}

function wilson(share: number, count: number): readonly [number, number] {
  const middle = (share + Z ** 2 / (2 * count)) / (1 + Z ** 2 / count)
  const half =
    (Z * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2))) / (1 + Z ** 2 / count)
  return [middle - half, middle + half]
}

/** What is told lies within, whatever came. */
function held(margin: number): number {
  return Math.min(MARGIN_MAX, Math.max(0, margin))
}
