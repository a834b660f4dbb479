// Choosing the past moments at which questions are asked. Each event is a candidate; so that a large
// log gives no more examples than wanted, a candidate is taken with a probability. Each user has a
// random stream of its own, so that every pass over the data chooses the same moments. Whether a moment
// is chosen depends on nothing that comes after it: else the answers would be biased by the choice.
import type { Event } from '../../features/event.ts'
import { DAY_MS } from '../../features/project.ts'
import type { Asked } from '../../features/project.ts'
import type { Random } from '../../features/random.ts'
import { partNames } from './parts.ts'
import type { PartName, Parts } from './parts.ts'

export interface Cutoff {
  readonly part: PartName
  readonly atMs: number
}

/** Of a project asked at any time, the share of questions asked a while after an event. */
const LATER_SHARE = 0.3
const WAIT_MIN_MS = 1_000
const WAIT_MAX_MS = DAY_MS

export interface CutoffRequest {
  /** One user's events, in order. */
  readonly events: readonly Event[]
  readonly parts: Parts
  /** With which probability a candidate of a part is taken. */
  readonly rates: Readonly<Record<PartName, number>>
  readonly asked: Asked
  /** A question asked later is asked after so long at the most, or after a day. */
  readonly longestHorizonMs: number
  readonly random: Random
}

/** The moments for one user, in order of the events that they follow. */
export function chooseCutoffs(request: CutoffRequest): Cutoff[] {
  const { events, parts, rates, asked, random } = request
  const waitMaxMs = Math.max(WAIT_MAX_MS, request.longestHorizonMs)
  const cutoffs: Cutoff[] = []
  for (const [index, event] of events.entries()) {
    // Events of the same moment are one candidate: they are seen together.
    if (events[index + 1]?.occurredAt === event.occurredAt) continue
    const taken = random.next()
    const later = random.next()
    const place = random.next()
    // Log-uniform, so that minutes are asked about as much as weeks.
    const waitMs = Math.floor(WAIT_MIN_MS * (waitMaxMs / WAIT_MIN_MS) ** place)
    const waits = asked === 'anytime' && later < LATER_SHARE
    const atMs = event.occurredAt + (waits ? waitMs : 0)
    const part = partAt(parts, atMs)
    if (part !== undefined && taken < rates[part]) cutoffs.push({ part, atMs })
  }
  return cutoffs
}

/** The part in which a moment lies. */
export function partAt(parts: Parts, atMs: number): PartName | undefined {
  return partNames.find((name) => atMs >= parts[name].fromMs && atMs < parts[name].untilMs)
}
