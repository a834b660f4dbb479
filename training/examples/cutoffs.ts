// Choosing the past moments at which questions are asked. Each event is a candidate; so that a large
// log gives no more examples than wanted, a candidate is taken with a probability. Each user has a
// random stream of its own, so that every pass over the data chooses the same moments.
import type { Event } from '../../features/event.ts'
import type { Asked } from '../../features/project.ts'
import type { Random } from '../../features/random.ts'
import { partNames } from './parts.ts'
import type { PartName, Parts } from './parts.ts'

export interface Cutoff {
  readonly part: PartName
  readonly atMs: number
}

/** Of a project asked at any time, the share of questions asked between two events. */
const BETWEEN_SHARE = 0.3

export interface CutoffRequest {
  /** One user's events, in order. */
  readonly events: readonly Event[]
  readonly parts: Parts
  /** With which probability a candidate of a part is taken. */
  readonly rates: Readonly<Record<PartName, number>>
  readonly asked: Asked
  readonly random: Random
}

/** The moments for one user, in order of their events. */
export function chooseCutoffs({ events, parts, rates, asked, random }: CutoffRequest): Cutoff[] {
  const cutoffs: Cutoff[] = []
  for (const [index, event] of events.entries()) {
    // Events of the same moment are one candidate: they are seen together.
    const nextMs = events[index + 1]?.occurredAt
    if (nextMs === event.occurredAt) continue
    const part = partAt(parts, event.occurredAt)
    const taken = random.next()
    const between = random.next()
    const place = random.next()
    if (part === undefined || taken >= rates[part]) continue
    const waits = asked === 'anytime' && between < BETWEEN_SHARE
    const untilMs = Math.min(nextMs ?? Infinity, parts[part].untilMs)
    const waitMs = waits ? Math.floor(place * (untilMs - event.occurredAt)) : 0
    cutoffs.push({ part, atMs: event.occurredAt + waitMs })
  }
  return cutoffs
}

/** The part in which a moment lies. */
export function partAt(parts: Parts, atMs: number): PartName | undefined {
  return partNames.find((name) => atMs >= parts[name].fromMs && atMs < parts[name].untilMs)
}
