// The encoded inputs in bins, by which drift is seen: of a number those between its quantiles, of a category its
// values. Training counts them when it learns (the manifest's reference), the service counts them as they come.
import { categoryIdCount, FIRST_VALUE } from './categories.ts'
import type { Encoded } from './encode.ts'
import { layoutOf } from './layout.ts'
import type { FeatureSpan } from './layout.ts'
import type { AttributeNumber, CategoryFeature, Features } from './manifest.ts'
import { vectorWidth } from './vectors.ts'

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

/** The bins of every number, category and vector; sequences and texts have none. */
export function inputBinsOf(features: Features): InputBins[] {
  const spans = layoutOf(features)
  const plainCount = features.historyNumbers.length + features.attributeNumbers.length
  const numbers = spans.filter(({ input }) => input === 'numbers').slice(0, plainCount)
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
    ...vectorBins(features, spans),
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

/** Of a vector: missing; then how long it is beside what is usual, as its numbers are standardised. */
const LENGTH_CUTS = [0.25, 0.5, 0.7, 0.85, 1, 1.15, 1.3, 1.6, 2]

function vectorBins({ vectors }: Features, spans: readonly FeatureSpan[]): InputBins[] {
  return vectors.map((feature) => {
    const name = `${feature.origin}.${feature.name}`
    const from = spans.find((span) => span.name === `${name}:missing`)?.from ?? 0
    const width = vectorWidth(feature) - 1
    return {
      name,
      isOrdered: true,
      count: LENGTH_CUTS.length + 2,
      binOf: (row) => {
        const numbers = row['numbers']
        if (numbers?.[from] === 1) return 0
        let sum = 0
        for (let place = 1; place <= width; place += 1) sum += (numbers?.[from + place] ?? 0) ** 2
        return 1 + passedBy(LENGTH_CUTS, Math.sqrt(sum / width))
      },
    }
  })
}

function ofCategory(categories: readonly CategoryFeature[], place: number): Bins {
  const firstId = categoryIdCount(categories.slice(0, place))
  const size = categories[place]?.values.length ?? 0
  const count = FIRST_VALUE + Math.min(size, VALUES_MAX + 1)
  return {
    count,
    binOf: (row) => Math.min(count - 1, (row['categories']?.[place] ?? firstId) - firstId),
  }
}

function passedBy(cuts: readonly number[], value: number): number {
  const above = cuts.findIndex((cut) => value < cut)
  return above < 0 ? cuts.length : above
}
