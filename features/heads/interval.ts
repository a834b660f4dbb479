// An interval of the probability that is told: where, 19 times of 20, the share lies that comes true of moments
// with about this probability, as far as the moments show on which the model was calibrated. It says how well the
// probability is known, not what will come: that stays a yes or a no.
import { logOddsOf, shareOf } from '../log-odds.ts'
import type { Interval, ProbabilityHead, ChoiceHead } from './head.ts'
import { uncertain } from './curve-kinds.ts'
import { readerOf } from './kinds.ts'

/** Of numbers that the head gives; undefined where it has no margins. */
export function intervalOf(
  head: ProbabilityHead | ChoiceHead,
  numbers: readonly number[],
): Interval | undefined {
  const { margins } = head
  if (margins === undefined) return undefined
  const told = readerOf(head).told(numbers)
  // Margins of two classes are those of the second.
  const isMirrored = head.classes.length === 2 && told === 0
  const share = numbers[isMirrored ? 1 : told] ?? Number.NaN
  // As the margins were counted: of certainty nothing could be taken away.
  const logOdds = uncertain(logOddsOf(share))
  const above = margins.cuts.findIndex((cut) => logOdds < cut)
  const bin = above < 0 ? margins.cuts.length : above
  const lower = Math.min(share, shareOf(logOdds - (margins.below[bin] ?? 0)))
  const upper = Math.max(share, shareOf(logOdds + (margins.above[bin] ?? 0)))
  return isMirrored ? { lower: 1 - upper, upper: 1 - lower } : { lower, upper }
}
