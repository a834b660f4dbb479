// An interval that may be looked at any time: of all the looks at a running experiment together, however many,
// the truth lies outside at any of them with a chance of alpha at most. A fixed interval, looked at daily until
// it shows something, shows something in the end.
//
// The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (arXiv 2103.06476,
// equations 9, 155 and 161 of its seventh version), wide where little is known, and tightest about `tunedFor`.

/** A difference that is known so far. Observations are of users, not of moments: those of one user hang together. */
export interface Estimate {
  readonly difference: number
  /** Of the difference: the square of its standard error. */
  readonly variance: number
  /** Observations of both arms together. */
  readonly count: number
}

export interface SequenceOptions {
  /** 0.05 unless told. */
  readonly alpha?: number
  /** The count at which the interval is to be as tight as it can; 5,000 unless told. */
  readonly tunedFor?: number
}

const ALPHA = 0.05
const TUNED_FOR = 5_000

/** The difference within an interval; infinitely wide where nothing is known. */
export function confidenceSequence(
  { difference, variance, count }: Estimate,
  options: SequenceOptions = {},
): { readonly low: number; readonly high: number; readonly halfWidth: number } {
  const halfWidth =
    count > 0 ? sequenceHalfWidth({ unitVariance: variance * count, count }, options) : Infinity
  return { low: difference - halfWidth, high: difference + halfWidth, halfWidth }
}

/** The half width after so many observations, of which one would have this variance. */
export function sequenceHalfWidth(
  { unitVariance, count }: { readonly unitVariance: number; readonly count: number },
  { alpha = ALPHA, tunedFor = TUNED_FOR }: SequenceOptions = {},
): number {
  const squared = rhoSquared(alpha, tunedFor)
  const grown = count * squared + 1
  return Math.sqrt(
    (unitVariance * 2 * grown * Math.log(Math.sqrt(grown) / alpha)) / (count * count * squared),
  )
}

/** A p-value for no difference that holds at any look; 1 where nothing is known. */
export function sequentialPValue(
  { difference, variance, count }: Estimate,
  { alpha = ALPHA, tunedFor = TUNED_FOR }: SequenceOptions = {},
): number {
  if (!(count > 0) || !(variance > 0)) return 1
  const squared = rhoSquared(alpha, tunedFor)
  const grown = count * squared + 1
  const evidence = (squared * count * difference ** 2) / variance / (2 * grown)
  return Math.min(1, Math.sqrt(grown) * Math.exp(-evidence))
}

function rhoSquared(alpha: number, tunedFor: number): number {
  const doubled = -2 * Math.log(alpha)
  return (doubled + Math.log(doubled + 1)) / tunedFor
}
