// Events as the rest of the code sees them: already parsed, times as numbers. The one order of a history
// lives here; the database gives the same, for SQLite's BINARY collation orders texts as compareText does.
import type { Attributes } from './attributes.ts'

/** The largest value an event may carry, either way: sums of a history must stay numbers of 32 bits. */
export const VALUE_MAX = 1e12

/** Something a user did. */
export interface Event {
  readonly id: string
  readonly type: string
  readonly userId: string
  readonly itemId?: string
  readonly value?: number
  /** Free details; context attributes found here stand in where a request gives no context. */
  readonly properties?: Attributes
  /** When it happened, Unix milliseconds. */
  readonly occurredAt: number
  /** When the service learned of it, Unix milliseconds. */
  readonly receivedAt: number
  /** Its place in the file or the request it came in: orders the events of one moment. 0 where absent. */
  readonly place?: number
}

/** Compares two strings by code point, which is the byte order of their UTF-8 forms. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index)
    const b = right.charCodeAt(index)
    if (a === b) continue
    // A surrogate stands for a code point above every other code unit.
    const aAstral = a >= 0xd800 && a <= 0xdfff
    const bAstral = b >= 0xd800 && b <= 0xdfff
    if (aAstral !== bAstral) return aAstral ? 1 : -1
    return a - b
  }
  return left.length - right.length
}

/**
 * The order of a history: by when events happened; those of one moment as they came in, by receipt and by
 * their place in the file or request. How an id is spelt tells nothing, so ids decide only between events
 * of two requests that were received in one millisecond.
 */
export function compareEvents(left: Event, right: Event): number {
  return (
    left.occurredAt - right.occurredAt ||
    left.receivedAt - right.receivedAt ||
    (left.place ?? 0) - (right.place ?? 0) ||
    compareText(left.id, right.id)
  )
}
