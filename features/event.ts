// Events and attributes as the rest of the code sees them: already parsed, times as numbers.
// The one total order of a history lives here; SQLite's BINARY collation gives the same order.

/** Values of attributes, by attribute name. `null` and absence both mean missing. */
export type Attributes = Readonly<Record<string, string | number | null>>

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

/** The order of a history: by occurredAt, then by id. */
export function compareEvents(left: Event, right: Event): number {
  return left.occurredAt - right.occurredAt || compareText(left.id, right.id)
}
