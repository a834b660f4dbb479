// Whether a challenger may go on: beyond doubt worse than the champion in one respect, and it may not. Looked at
// as often as one likes: the intervals hold at all looks together (confidence-sequence.ts),
// and all respects together ring falsely with a chance of 5 % at most. Of losses and calibration the variance is
// that between users, whose own answers hang together; failures and latency are taken as each request's own.
import type { Figures } from '../live-figures.ts'
import { userMeanOf } from '../live-figures.ts'
import { confidenceSequence } from './confidence-sequence.ts'

/** What was asked of an arm; sums of milliseconds and of their squares. */
export interface Traffic {
  readonly requests: number
  readonly failures: number
  readonly latencyMs: number
  readonly latencyMsSquared: number
}

/** What is known of an arm since the trial began: of both on the same days (same-days.ts). */
export interface ArmFigures extends Traffic {
  /** By task. */
  readonly figures: Readonly<Record<string, Figures>>
}

interface Respect {
  readonly name: string
  /** The challenger's less the champion's: more is worse. */
  readonly difference: number
  readonly variance: number
  readonly count: number
  /** So much worse is borne. */
  readonly limit: number
  /** As people read it. */
  readonly show: (value: number) => string
}

const ALPHA = 0.05
/** A trial is to be judged early: intervals are tightest about so many, and 5 % wider than they could be at 1,000. */
const TUNED_FOR = 100
const FAILURE_LIMIT = 0.005
/** Of the champion's mean latency, and at least in milliseconds. */
const LATENCY_LIMIT = { share: 0.2, ms: 5 }
/** Of the champion's log loss. */
const LOSS_LIMIT = 0.01
const CALIBRATION_LIMIT = 0.05

/** Why the challenger is to go, in one line with its numbers; undefined where it may go on. */
export function guardrailFault(champion: ArmFigures, challenger: ArmFigures): string | undefined {
  const respects = [
    failures(champion, challenger),
    latency(champion, challenger),
    ...Object.keys(challenger.figures).flatMap((task) => [
      loss(task, champion, challenger),
      calibration(task, champion, challenger),
    ]),
  ].filter((respect) => respect !== undefined)
  // Of the interval's two ends only the lower one rings.
  const alpha = (2 * ALPHA) / respects.length
  for (const { name, limit, show, ...estimate } of respects) {
    const { low, high } = confidenceSequence(estimate, { alpha, tunedFor: TUNED_FOR })
    if (low > limit) {
      return `${name}: worse by ${show(estimate.difference)} (${show(low)} to ${show(high)} at any look), ${show(limit)} is borne`
    }
  }
  return undefined
}

const inPercent = (value: number): string => `${(100 * value).toFixed(2)} %`
const inMs = (value: number): string => `${value.toFixed(1)} ms`
const plain = (value: number): string => value.toFixed(4)

function failures(champion: ArmFigures, challenger: ArmFigures): Respect {
  // Of nothing known, one of two: no rate is certain after a few requests.
  const [before, now] = [champion, challenger].map(({ requests, failures: failed }) => {
    const rate = (failed + 1) / (requests + 2)
    return {
      rate: requests === 0 ? 0 : failed / requests,
      variance: (rate * (1 - rate)) / Math.max(1, requests),
    }
  })
  return {
    name: 'failures',
    difference: (now?.rate ?? 0) - (before?.rate ?? 0),
    variance: (now?.variance ?? 0) + (before?.variance ?? 0),
    count: bothCount(champion.requests, challenger.requests),
    limit: FAILURE_LIMIT,
    show: inPercent,
  }
}

function latency(champion: ArmFigures, challenger: ArmFigures): Respect {
  const [before, now] = [champion, challenger].map(({ requests, latencyMs, latencyMsSquared }) => {
    const count = Math.max(1, requests)
    const mean = latencyMs / count
    return { mean, variance: Math.max(0, latencyMsSquared / count - mean ** 2) / count }
  })
  const mean = before?.mean ?? 0
  return {
    name: 'latency',
    difference: (now?.mean ?? 0) - mean,
    variance: (now?.variance ?? 0) + (before?.variance ?? 0),
    count: bothCount(champion.requests, challenger.requests),
    limit: Math.max(LATENCY_LIMIT.ms, LATENCY_LIMIT.share * mean),
    show: inMs,
  }
}

function loss(task: string, champion: ArmFigures, challenger: ArmFigures): Respect | undefined {
  const before = champion.figures[task] && userMeanOf(champion.figures[task], 'loss')
  const now = challenger.figures[task] && userMeanOf(challenger.figures[task], 'loss')
  if (before === undefined || now === undefined) return undefined
  return {
    name: `loss of ${task}`,
    difference: now.mean - before.mean,
    variance: now.variance + before.variance,
    count: bothCount(before.effective, now.effective),
    limit: LOSS_LIMIT * before.mean,
    show: plain,
  }
}

/**
 * How far what was answered lies from what came, on the whole; of classes alone. Where the world has moved away from
 * both, a challenger that is off by no more than the champion does no harm.
 */
function calibration(task: string, champion: ArmFigures, challenger: ArmFigures): Respect | undefined {
  const before = champion.figures[task] && userMeanOf(champion.figures[task], 'off')
  const found = challenger.figures[task]
  if (found === undefined || found.bins.length === 0) return undefined
  const known = userMeanOf(found, 'off')
  if (known === undefined) return undefined
  const { mean, variance, effective } = known
  // Where all answers were right so far, or wrong, groups do not differ: of nothing known, one of two.
  const least = 1 / (4 * (effective + 2) ** 2)
  return {
    name: `calibration of ${task}`,
    difference: Math.abs(mean) - Math.abs(before?.mean ?? 0),
    variance: Math.max(variance, least) + (before?.variance ?? 0),
    count: before === undefined ? effective : bothCount(before.effective, effective),
    limit: CALIBRATION_LIMIT,
    show: plain,
  }
}

/** The interval is of observations that come one after another: the smaller arm tells how many of both did. */
function bothCount(left: number, right: number): number {
  return 2 * Math.min(left, right)
}
