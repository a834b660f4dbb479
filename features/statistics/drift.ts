// Whether what comes now is still what was learned from, bin by bin: of an input, of the answers, of what came
// true. Thresholds come from the null at the very sizes of the two samples: were nothing different, which of all
// of them came now would be chance, so that samples drawn anew from both together tell how far chance goes.
// That holds at any size and for bins however rare, where an approximation does not. Among equals a random rank
// decides, so that of a statistic of few values, too, just a share of alpha lies beyond the threshold.
//
// The p-value is that of Besag and Clifford, "Sequential Monte Carlo p-values", 1991: drawing ends where it is
// clear that nothing is unusual.
import type { Random } from '../random.ts'
import { drawFromBins } from './hypergeometric.ts'
import { rejectedByFalseDiscovery } from './many-tests.ts'

/**
 * Counts of two samples in the same bins. One observation a user in each: moments of one user hang together,
 * and many of them would look like a change.
 */
export interface BinnedSamples {
  readonly name: string
  readonly reference: readonly number[]
  readonly current: readonly number[]
  /** Whether bins lie in an order, as those of a number do: then a shift from one to the next is seen sooner. */
  readonly isOrdered: boolean
}

export interface Drift {
  readonly name: string
  /** From 1e-4 to 1. */
  readonly pValue: number
  /** The share of users that lie in another bin than they would (total variation). */
  readonly moved: number
  readonly isDrifted: boolean
}

export interface DriftOptions {
  /** Of the random draws and ranks. */
  readonly random: Random
  /** Which share of what is called drifted may be false, on average; 0.05 unless told. */
  readonly falseDiscoveryRate?: number
}

const RATE = 0.05
const DRAWS_MAX = 9_999
/** Drawing ends after so many draws that lie as far out as what was seen. */
const BEYOND_MAX = 10

/** Each of them, with false discovery controlled over all. */
export function findDrift(
  samples: readonly BinnedSamples[],
  { random, falseDiscoveryRate = RATE }: DriftOptions,
): Drift[] {
  const pValues = samples.map((sample) => driftPValue(sample, random.fork(sample.name)))
  const rejected = rejectedByFalseDiscovery(pValues, falseDiscoveryRate)
  return samples.map((sample, place) => ({
    name: sample.name,
    pValue: pValues[place] ?? 1,
    moved: movedShare(sample),
    isDrifted: rejected[place] ?? false,
  }))
}

/** How likely chance alone sets the samples so far apart; 1 where either is empty. */
export function driftPValue({ reference, current, isOrdered }: BinnedSamples, random: Random): number {
  const drawn = sumOf(current)
  const pooled = current.map((count, bin) => count + (reference[bin] ?? 0))
  const total = sumOf(pooled)
  if (drawn === 0 || drawn === total) return 1
  const distance = isOrdered ? orderedDistance(pooled) : plainDistance(pooled)
  const seen = distance(current)
  const rank = random.next()
  const into = new Float64Array(pooled.length)
  let beyond = 0
  for (let draw = 1; draw <= DRAWS_MAX; draw += 1) {
    drawFromBins(pooled, { drawn, into, random })
    const far = distance(into)
    if (far > seen || (far === seen && random.next() > rank)) beyond += 1
    if (beyond === BEYOND_MAX) return beyond / draw
  }
  return (beyond + 1) / (DRAWS_MAX + 1)
}

type Distance = (current: ArrayLike<number>) => number

/** Pearson's chi-square, but for what is the same in every draw. */
function plainDistance(pooled: readonly number[]): Distance {
  const total = sumOf(pooled)
  return (current) => {
    let drawn = 0
    for (let bin = 0; bin < pooled.length; bin += 1) drawn += current[bin] ?? 0
    let sum = 0
    for (let bin = 0; bin < pooled.length; bin += 1) {
      const count = pooled[bin] ?? 0
      if (count > 0) sum += ((current[bin] ?? 0) - (drawn * count) / total) ** 2 / count
    }
    return sum
  }
}

/** Anderson and Darling's, over bins: the squared distance of the shares up to each bin, tails weighing more. */
function orderedDistance(pooled: readonly number[]): Distance {
  const total = sumOf(pooled)
  let passed = 0
  const upTo = pooled.map((count) => (passed += count))
  const weights = upTo.map((count, bin) => {
    const spread = count * (total - count)
    return spread === 0 ? 0 : ((pooled[bin] ?? 0) * total) / spread
  })
  return (current) => {
    let drawn = 0
    for (let bin = 0; bin < pooled.length; bin += 1) drawn += current[bin] ?? 0
    let [sum, come] = [0, 0]
    for (let bin = 0; bin < pooled.length; bin += 1) {
      come += current[bin] ?? 0
      sum += (weights[bin] ?? 0) * (come - (drawn * (upTo[bin] ?? 0)) / total) ** 2
    }
    return sum
  }
}

function movedShare({ reference, current }: BinnedSamples): number {
  const [before, now] = [sumOf(reference), sumOf(current)]
  if (before === 0 || now === 0) return 0
  const apart = current.map((count, bin) => Math.abs(count / now - (reference[bin] ?? 0) / before))
  return sumOf(apart) / 2
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
