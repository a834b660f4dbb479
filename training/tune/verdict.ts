// Whether the best settings found are better than those that the project had, or chance has made them so: the best
// of many is chosen on the same examples that it is judged by.
import { normalQuantile } from '../../features/statistics/normal.ts'
import { clusteredMean } from '../metrics/clustered.ts'
import type { Settings } from '../models/family.ts'

/** A trial that has seen all examples. */
export interface Contender {
  readonly trial: number
  readonly settings: Settings
  readonly loss: number
  /** How much less the loss is than with the project's own settings, and its standard error, users being drawn. */
  readonly gain: number
  readonly standardError: number
}

export interface Verdict {
  /** The least loss; the project's own where no other has less. */
  readonly best: Contender
  readonly own: Contender | undefined
  /** What the gain must exceed, so that one of twenty searches among settings that are alike would find one. */
  readonly needed: number
  readonly isBetter: boolean
  /** Others than the project's own. */
  readonly contenders: number
  /** Those, and all that fell out on fewer examples. */
  readonly tried: number
}

const ALPHA = 0.05

/**
 * @param contenders one at the least; trial 0 is the project's own, absent where it could not be fitted
 * @param tried how many others were judged, on however many examples: who falls out early is chosen against on the
 * same validation, so the best is the best of all of them
 */
export function judgeSearch(
  contenders: readonly Contender[],
  { tried }: { readonly tried: number },
): Verdict | undefined {
  const own = contenders.find(({ trial }) => trial === 0)
  const [first] = contenders
  if (first === undefined) return undefined
  const best = contenders.reduce((least, one) => (one.loss < least.loss ? one : least), own ?? first)
  const others = contenders.length - (own === undefined ? 0 : 1)
  const needed = others === 0 ? 0 : normalQuantile(1 - ALPHA / Math.max(tried, others)) * best.standardError
  const isBetter = own === undefined || (best !== own && best.gain > needed)
  return { best, own, needed, isBetter, contenders: others, tried }
}

/** By example, how much each adds to the loss of both. */
export function gainOver(
  own: Float64Array | undefined,
  { rows, userIds }: { readonly rows: Float64Array; readonly userIds: readonly string[] },
): Pick<Contender, 'gain' | 'standardError'> {
  if (own === undefined) return { gain: 0, standardError: 0 }
  const { mean, standardError } = clusteredMean(
    rows.map((row, place) => (own[place] ?? 0) - row),
    userIds,
  )
  return { gain: mean, standardError }
}
