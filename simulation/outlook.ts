// What is expected next: the gap is a mixture of two exponentials, one for a visit that goes on and one
// for the way to a new visit, and each part has its own distribution of the next type. An exponential
// forgets how long it has lasted: while nothing happens only the weights shift.
import { DAY_MS } from '../features/project.ts'
import type { Behaviour, Moment, Simulator } from './domain.ts'

const MINUTE_MS = 60_000
/** Nobody is expected back in less than this or later than in ten years. */
const AWAY_DAYS = { min: 0.02, max: 3_650 }

/** One of the two ways to go on. */
export interface Way {
  readonly weight: number
  /** Of the exponential gap, per millisecond. */
  readonly rate: number
  /** Probabilities of the next type, in declared order. */
  readonly types: Float64Array
}

export interface Outlook {
  /** The visit goes on. */
  readonly visit: Way
  /** A new visit comes. */
  readonly away: Way
}

export interface OutlookRequest {
  readonly behaviour: Behaviour
  readonly now: Moment
  /** The probability that the visit goes on; as behaviour says right after an event where absent. */
  readonly stays?: number
}

/** Looks ahead from a moment. */
export function outlookAt(simulator: Simulator, { behaviour, now, ...given }: OutlookRequest): Outlook {
  const types = Object.keys(simulator.project.events)
  const stays = given.stays ?? 1 / (1 + Math.exp(-behaviour.stay(now)))
  const awayDays = Math.min(AWAY_DAYS.max, Math.max(AWAY_DAYS.min, behaviour.awayDays(now)))
  return {
    visit: {
      weight: stays,
      rate: 1 / (simulator.visitGapMinutes * MINUTE_MS),
      types: softmax(types, behaviour.inVisit(now)),
    },
    away: {
      weight: 1 - stays,
      rate: 1 / (awayDays * DAY_MS),
      types: softmax(types, behaviour.newVisit(now)),
    },
  }
}

/** The same outlook after that long without an event. */
export function afterSilence({ visit, away }: Outlook, elapsedMs: number): Outlook {
  const logRatio = Math.log(visit.weight / away.weight) - (visit.rate - away.rate) * elapsedMs
  const stays = 1 / (1 + Math.exp(-logRatio))
  return { visit: { ...visit, weight: stays }, away: { ...away, weight: 1 - stays } }
}

/** The probability that no event comes within that time, where nothing else changes until then. */
export function silenceProbability({ visit, away }: Outlook, withinMs: number): number {
  return visit.weight * Math.exp(-visit.rate * withinMs) + away.weight * Math.exp(-away.rate * withinMs)
}

function softmax(types: readonly string[], scores: Readonly<Record<string, number>>): Float64Array {
  const weights = Float64Array.from(types, (type) => Math.exp(scores[type] ?? 0))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}
