// The verdict on an experiment between two arms, at any look: first whether the split is sound, then by how much
// the treatment is better, relative to the control, and whether that suffices to stop.
import { confidenceSequence, sequenceHalfWidth } from './confidence-sequence.ts'
import { adjustByPast } from './cuped.ts'
import type { ArmMean, ArmSums } from './cuped.ts'
import { isSplitBroken, sampleRatioPValue } from './sample-ratio.ts'

export interface Experiment {
  /** Users that were assigned, whether anything is known of them or not, and the share that was meant. */
  readonly assigned: { readonly control: number; readonly treatment: number }
  readonly treatmentShare: number
  readonly control: ArmSums
  readonly treatment: ArmSums
  /** Which way is better. */
  readonly better: 'higher' | 'lower'
  readonly days: number
  /** A relative difference that would be worth having; one percent unless told. */
  readonly worthwhile?: number
  /** 0.05 unless told. */
  readonly alpha?: number
}

/** Relative differences, above zero where the treatment is better; 0.01 is one percent of the control. */
export type ExperimentVerdict =
  | { readonly kind: 'broken_split'; readonly pValue: number; readonly treatmentShare: number }
  | { readonly kind: 'nothing_known' }
  | (Lift & { readonly kind: 'better' | 'worse' | 'no_difference' })
  /** Days more at the same rate of users until it can be told; null for more than a year. */
  | (Lift & { readonly kind: 'more_days'; readonly days: number | null })

interface Lift {
  readonly lift: number
  readonly low: number
  readonly high: number
  /** The share of variance that the users' own past took away. */
  readonly explained: number
}

const WORTHWHILE = 0.01
/** A mean of fewer users is not yet normal enough for the interval to hold. */
const USERS_MIN = 100
const DAYS_MAX = 365

export function judgeExperiment(experiment: Experiment): ExperimentVerdict {
  const { assigned, treatmentShare, better, days, alpha = 0.05, worthwhile = WORTHWHILE } = experiment
  const counts = [assigned.control, assigned.treatment]
  const shares = [1 - treatmentShare, treatmentShare]
  if (isSplitBroken(counts, shares)) {
    const total = assigned.control + assigned.treatment
    const pValue = sampleRatioPValue(counts, shares)
    return { kind: 'broken_split', pValue, treatmentShare: assigned.treatment / total }
  }
  if (Math.min(experiment.control.users, experiment.treatment.users) < USERS_MIN) {
    return { kind: 'nothing_known' }
  }
  const { control, treatment, explained } = adjustByPast(experiment.control, experiment.treatment)
  if (control.mean === 0) return { kind: 'nothing_known' }
  const sign = better === 'higher' ? 1 : -1
  const difference = (sign * (treatment.mean - control.mean)) / Math.abs(control.mean)
  const count = control.users + treatment.users
  const variance = relativeVariance(control, treatment)
  const { low, high } = confidenceSequence({ difference, variance, count }, { alpha })
  const lift: Lift = { lift: difference, low, high, explained }
  if (low > 0) return { kind: 'better', ...lift }
  if (high < 0) return { kind: 'worse', ...lift }
  if (low > -worthwhile && high < worthwhile) return { kind: 'no_difference', ...lift }
  const wanted = Math.max(worthwhile, Math.abs(difference))
  const needed = countNeeded({ unitVariance: variance * count, wanted, from: count, alpha })
  const more = Math.ceil(days * (needed / count - 1))
  return { kind: 'more_days', ...lift, days: more > DAYS_MAX ? null : Math.max(1, more) }
}

/** The verdict in words. */
export function describeExperiment(verdict: ExperimentVerdict): string {
  switch (verdict.kind) {
    case 'broken_split':
      return `the split is broken: do not read (${percent(verdict.treatmentShare)} % of users are in the treatment; p ${verdict.pValue.toExponential(1)})`
    case 'nothing_known':
      return `too few outcomes: ${USERS_MIN} users with one in each arm are needed`
    case 'better':
      return `better by ${percent(verdict.lift)} % (${percent(verdict.low)} to ${percent(verdict.high)}), safe to stop`
    case 'worse':
      return `worse by ${percent(-verdict.lift)} % (${percent(-verdict.high)} to ${percent(-verdict.low)}), safe to stop`
    case 'no_difference':
      return `no difference worth having (${percent(verdict.low)} to ${percent(verdict.high)} %), safe to stop`
    case 'more_days': {
      const soFar = `so far ${percent(verdict.lift)} % (${percent(verdict.low)} to ${percent(verdict.high)})`
      if (verdict.days === null) return `more than a year more: too few users come; ${soFar}`
      return `about ${verdict.days} ${verdict.days === 1 ? 'day' : 'days'} more; ${soFar}`
    }
  }
}

/** Of the ratio of two means, by the delta method. */
function relativeVariance(control: ArmMean, treatment: ArmMean): number {
  const base = control.mean ** 2
  return treatment.variance / base + (control.variance * treatment.mean ** 2) / base ** 2
}

/** How many observations it takes until the interval is as narrow as is wanted. */
function countNeeded(request: {
  readonly unitVariance: number
  readonly wanted: number
  readonly from: number
  readonly alpha: number
}): number {
  const { unitVariance, wanted, from, alpha } = request
  const isEnough = (count: number): boolean => sequenceHalfWidth({ unitVariance, count }, { alpha }) <= wanted
  let high = from
  while (!isEnough(high) && high < 1e12) high *= 2
  let low = from
  while (high - low > 1e-3 * from) {
    const middle = (low + high) / 2
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}

function percent(share: number): string {
  return (100 * share).toFixed(1)
}
