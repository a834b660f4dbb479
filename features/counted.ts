// What is counted in a history. A purchase of ten things may come as ten events of one moment: ten lines,
// one visit. So what somebody does is told in moments and in active days, and how much in lines.
import type { Event } from './event.ts'
import { DAY_MS } from './project.ts'

/** What tells the events of a history apart. A new kind is a line in the map. */
interface CountedKind {
  /** Events one after another whose keys are the same count as one. */
  readonly keyOf: (event: Event, place: number) => number
  /** Shorter windows tell nothing of it. */
  readonly windowMinMs: number
  /** Whether each type of events is counted for itself too, beside all together. */
  readonly byType: boolean
}

export const countedKinds = {
  /** Events, each by itself. */
  lines: { keyOf: (_event, place) => place, windowMinMs: 0, byType: true },
  /** Events that occurred at the same millisecond are one. */
  moments: { keyOf: (event) => event.occurredAt, windowMinMs: 0, byType: true },
  /** Days (UTC) on which something happened. */
  days: { keyOf: (event) => Math.floor(event.occurredAt / DAY_MS), windowMinMs: 2 * DAY_MS, byType: false },
} as const satisfies Readonly<Record<string, CountedKind>>

export type Counted = keyof typeof countedKinds

/** What may be taken for one visit. */
export const VISIT_KINDS = ['lines', 'moments'] as const satisfies readonly Counted[]

/** Rates, what was done before the latest event, gaps and recent types go by the first: a visit. */
export type CountedList = readonly [(typeof VISIT_KINDS)[number], ...Counted[]]
