// How far metrics may be off by chance: users are drawn again and again, each with all the moments there are of
// them, for the moments of one user resemble each other. Nothing is sorted or copied for a draw: a user who is
// drawn twice weighs twice.
import type { Random } from '../../features/random.ts'
import { numberUsers } from './clustered.ts'
import type { Measure, Measured } from './measure.ts'

/** From low to high, at 95 %. */
export type Interval = readonly [low: number, high: number]

/** What a metric was in each draw, by its name; NaN where a draw defines none. */
export type Draws = ReadonlyMap<string, Float64Array>

export interface ResampleRequest {
  /** Of each example, [n]. */
  readonly userIds: readonly string[]
  /** What is measured of each draw: all of the same draws, so that they can be compared. */
  readonly measures: readonly Measure[]
  readonly draws: number
  readonly random: Random
}

/** Share of chance that lies outside an interval, both sides together. */
const ALPHA = 0.05
const DRAWS = { min: 100, max: 1_000 }
/** So many numbers are looked at in all draws together, about. */
const NUMBERS_MAX = 3e7

/** How many draws are made of n examples with so many numbers each: what takes a second is enough. */
export function drawsFor({ count, width }: { readonly count: number; readonly width: number }): number {
  const affordable = Math.floor(NUMBERS_MAX / Math.max(1, count * Math.max(2, width)))
  return Math.max(DRAWS.min, Math.min(DRAWS.max, affordable))
}

/** One for each measure. */
export function resample({ userIds, measures, draws, random }: ResampleRequest): Draws[] {
  const { userOf, userCount } = numberUsers(userIds)
  const times = new Float64Array(userCount)
  const weights = new Float64Array(userIds.length)
  const drawn = measures.map(() => new Map<string, Float64Array>())
  for (let draw = 0; draw < draws; draw += 1) {
    times.fill(0)
    for (let user = 0; user < userCount; user += 1) {
      const chosen = random.integer(userCount)
      times[chosen] = (times[chosen] ?? 0) + 1
    }
    for (let row = 0; row < weights.length; row += 1) weights[row] = times[userOf[row] ?? 0] ?? 0
    for (const [index, measure] of measures.entries()) {
      for (const [name, value] of Object.entries(measure(weights))) {
        const values = drawn[index]?.get(name) ?? new Float64Array(draws).fill(Number.NaN)
        values[draw] = value ?? Number.NaN
        drawn[index]?.set(name, values)
      }
    }
  }
  return drawn
}

/** Sums of what differs one way or the other: drawing adds to them by itself, which is taken off again. */
const GROWS_BY_CHANCE: ReadonlySet<string> = new Set(['ece'])

/** Percentile intervals of the metrics that were measured of all examples. */
export function intervalsOf(measured: Measured, draws: Draws): Record<string, Interval> {
  const intervals: Record<string, Interval> = {}
  for (const [name, value] of Object.entries(measured)) {
    const values = definedOf(draws.get(name))
    if (value === null || values === undefined) continue
    const grown = GROWS_BY_CHANCE.has(name) ? meanOf(values) - value : 0
    const [low, high] = [quantileOf(values, ALPHA / 2) - grown, quantileOf(values, 1 - ALPHA / 2) - grown]
    intervals[name] = GROWS_BY_CHANCE.has(name) ? [Math.max(0, low), high] : [low, high]
  }
  return intervals
}

/** One metric of two who answered the same examples. */
export interface Difference {
  /** Of the one less of the other. */
  readonly difference: number
  readonly interval: Interval
  /** How likely so great a difference, to either side, would be by chance. */
  readonly p: number
}

/** What is compared: what a rule for all examples gives, which no threshold decides. */
const COMPARED = ['logLoss', 'brier', 'auc', 'averagePrecision', 'deviance', 'mae', 'rmse', 'spearman']

interface Side {
  readonly measured: Measured
  readonly draws: Draws
}

/** Of the metrics that both have, by name. */
export function differencesOf(one: Side, other: Side): Record<string, Difference> {
  const differences: Record<string, Difference> = {}
  for (const name of COMPARED) {
    const [own, its] = [one.measured[name] ?? null, other.measured[name] ?? null]
    const [ownDraws, itsDraws] = [one.draws.get(name), other.draws.get(name)]
    if (own === null || its === null || ownDraws === undefined || itsDraws === undefined) continue
    const values = definedOf(ownDraws.map((value, draw) => value - (itsDraws[draw] ?? Number.NaN)))
    if (values === undefined) continue
    differences[name] = {
      difference: own - its,
      interval: [quantileOf(values, ALPHA / 2), quantileOf(values, 1 - ALPHA / 2)],
      p: chanceOf(values),
    }
  }
  return differences
}

/** Twice the share of draws on the rarer side of nothing, one more than there were. */
function chanceOf(rising: Float64Array): number {
  const below = rising.filter((value) => value <= 0).length
  const above = rising.filter((value) => value >= 0).length
  return Math.min(1, (2 * (1 + Math.min(below, above))) / (rising.length + 1))
}

/** A metric that most draws do not define has no interval. */
const DEFINED_MIN = 0.9

/** Rising, where nearly all draws define it. */
function definedOf(values: Float64Array | undefined): Float64Array | undefined {
  const rising = values?.filter((value) => !Number.isNaN(value)).toSorted()
  return values === undefined || rising === undefined || rising.length < DEFINED_MIN * values.length
    ? undefined
    : rising
}

function quantileOf(rising: Float64Array, share: number): number {
  const at = share * (rising.length - 1)
  const [low, high] = [rising[Math.floor(at)] ?? Number.NaN, rising[Math.ceil(at)] ?? Number.NaN]
  return low + (high - low) * (at - Math.floor(at))
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
