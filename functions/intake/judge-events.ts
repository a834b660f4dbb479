// Which events of a request are taken and which refused, and when each counts as having happened.
import type { Event } from '../../features/event.ts'
import type { Result } from '../../features/result.ts'
import { cutText } from '../../features/cut-text.ts'
import type { RefusedEvent } from '../db/refused-event.ts'
import type { Reason } from '../reason.ts'

/** How much of a refused event's text is kept. */
const REFUSED_TEXT_MAX = 2_000
const REASONS_MAX = 10

/** An event as its sender tells it. */
export type ToldEvent = Omit<Event, 'receivedAt' | 'place'>

export interface Rejection {
  readonly index: number
  readonly id?: string
  readonly reasons: readonly Reason[]
}

export interface Judgement {
  readonly accepted: readonly Event[]
  readonly rejected: readonly Rejection[]
}

export interface Intake {
  /** What an event says, or what is wrong with it. */
  readonly parse: (raw: unknown) => Result<ToldEvent, readonly Reason[]>
  readonly receivedAt: number
  /** Whether the events were known when they happened, and are only sent now. */
  readonly isBackfill: boolean
}

/** Judges events one by one, in the order of the request. */
export function judgeEvents(sent: readonly unknown[], { parse, receivedAt, isBackfill }: Intake): Judgement {
  const accepted: Event[] = []
  const rejected: Rejection[] = []
  for (const [place, raw] of sent.entries()) {
    const told = parse(raw)
    if (told.ok) {
      // A sender's clock may be ahead of ours; the event is not.
      const occurredAt = Math.min(told.value.occurredAt, receivedAt)
      accepted.push({ ...told.value, occurredAt, receivedAt: isBackfill ? occurredAt : receivedAt, place })
    } else {
      const id = idOf(raw)
      const reasons = told.reason.slice(0, REASONS_MAX)
      rejected.push({ index: place, ...(id !== undefined && { id }), reasons })
    }
  }
  return { accepted, rejected }
}

/** The id that an event gives, whatever else may be wrong with it. */
export function idOf(raw: unknown): string | undefined {
  return typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'string'
    ? raw.id.trim()
    : undefined
}

/** A rejection as it is kept. */
export function toRefused({ index, reasons }: Rejection, raw: unknown): RefusedEvent {
  return {
    position: index,
    eventText: cutText(jsonText(raw), REFUSED_TEXT_MAX),
    reasonsText: JSON.stringify(reasons),
  }
}

/** JSON.stringify recurses: what is nested too deeply for it is not kept. */
function jsonText(raw: unknown): string {
  try {
    return JSON.stringify(raw)
  } catch {
    return 'null'
  }
}
