// The encoded inputs in bins, by which drift is seen: of a number those between its quantiles, of a category its
// values. Training counts them when it learns (the manifest's reference), the service counts them as they come.
import { categoryIdCount } from './categories.ts'
import type { Encoded } from './encode.ts'
import { layoutOf } from './layout.ts'
import type { AttributeNumber, CategoryFeature, Features } from './manifest.ts'

export interface InputBins {
  /** As in the layout: 'user.plan', 'history.moments:view:7d'. */
  readonly name: string
  /** Whether the bins lie in an order. */
  readonly isOrdered: boolean
  /** How many there are. */
  readonly count: number
  /** In which one a row of inputs lies. */
  readonly binOf: (row: Encoded) => number
}

/** Between which a number is counted that has no quantiles, in deviations from its mean. */
const STANDARD_CUTS = [-1.5, -1, -0.5, 0, 0.5, 1, 1.5]
/** So many values of a category, by falling frequency, have a bin of their own; the others share one. */
const VALUES_MAX = 30
const MISSING_AND_UNKNOWN = 2

/** The bins of every number and category; sequences and texts have none. */
export function inputBinsOf(features: Features): InputBins[] {
  const spans = layoutOf(features)
  const numbers = spans.filter(({ input }) => input === 'numbers')
  const categories = spans.filter(({ input }) => input === 'categories')
  return [
    ...numbers.map(({ name, from }, place) => {
      const feature = features.attributeNumbers[place - features.historyNumbers.length]
      return {
        name,
        isOrdered: true,
        ...(feature === undefined ? plainNumber(from) : ofNumber(feature, from)),
      }
    }),
    ...categories.map(({ name }, place) => ({
      name,
      isOrdered: false,
      ...ofCategory(features.categories, place),
    })),
  ]
}

/** How many rows lie in each bin, by name. Of each user one row, for those of one user hang together. */
export function countInputs(bins: readonly InputBins[], rows: Iterable<Encoded>): Record<string, number[]> {
  const counts = Object.fromEntries(
    bins.map(({ name, count }) => [name, Array.from({ length: count }, () => 0)]),
  )
  for (const row of rows) {
    for (const { name, binOf } of bins) {
      const own = counts[name] ?? []
      const bin = binOf(row)
      own[bin] = (own[bin] ?? 0) + 1
    }
  }
  return counts
}

/** How many values lie below the first of rising cuts, at or above it, and so on. */
export function countBetween(cuts: readonly number[], values: Iterable<number>): number[] {
  const counts = Array.from({ length: cuts.length + 1 }, () => 0)
  for (const value of values) {
    const bin = passedBy(cuts, value)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}

type Bins = Pick<InputBins, 'count' | 'binOf'>

function plainNumber(place: number): Bins {
  return {
    count: STANDARD_CUTS.length + 1,
    binOf: (row) => passedBy(STANDARD_CUTS, row['numbers']?.[place] ?? 0),
  }
}

/** Missing; then, as it is encoded, below the first quantile, in an interval, at or above the last. */
function ofNumber({ boundaries }: AttributeNumber, from: number): Bins {
  const intervals = boundaries.length - 1
  const present = intervals < 1 ? plainNumber(from) : ofIntervals(intervals, from + 2)
  return {
    count: present.count + 1,
    binOf: (row) => (row['numbers']?.[from + 1] === 1 ? 0 : 1 + present.binOf(row)),
  }
}

function ofIntervals(intervals: number, from: number): Bins {
  return {
    count: intervals + 2,
    binOf: (row) => {
      let begun = 0
      while (begun < intervals && (row['numbers']?.[from + begun] ?? 0) > 0) begun += 1
      const isBeyond = begun === intervals && row['numbers']?.[from + intervals - 1] === 1
      return isBeyond ? intervals + 1 : begun
    },
  }
}

function ofCategory(categories: readonly CategoryFeature[], place: number): Bins {
  const firstId = categoryIdCount(categories.slice(0, place))
  const size = categories[place]?.values.length ?? 0
  const count = MISSING_AND_UNKNOWN + Math.min(size, VALUES_MAX + 1)
  return {
    count,
    binOf: (row) => Math.min(count - 1, (row['categories']?.[place] ?? firstId) - firstId),
  }
}

function passedBy(cuts: readonly number[], value: number): number {
  const above = cuts.findIndex((cut) => value < cut)
  return above < 0 ? cuts.length : above
}
