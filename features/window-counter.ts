// Counts of a history over windows that end at a moment, by groups of its events.
import { countedKinds } from './counted.ts'
import type { Counted as Kind } from './counted.ts'
import type { Event } from './event.ts'

/** Writes its counts of a history into numbers. */
export type Counter = (numbers: Float64Array, counted: Counted) => void

interface Counted {
  /** In order. */
  readonly history: readonly Event[]
  /** By place in the history: the groups that the event falls into; those beyond the count are left out. */
  readonly groups: readonly (readonly number[])[]
  readonly untilMs: number
}

interface CounterOptions {
  readonly kind: Kind
  readonly windowsMs: readonly number[]
  readonly groupCount: number
  /** Where the counts go: all windows of the first group, then of the next. */
  readonly offset: number
}

/**
 * Counts in one walk back through the history: what is counted up to where a window begins is its count, and the
 * newest of what counts as one is in it where any of it is.
 */
export function createCounter({ kind, windowsMs, groupCount, offset }: CounterOptions): Counter {
  const { keyOf } = countedKinds[kind]
  const windowCount = windowsMs.length
  const rising = [...windowsMs.keys()].toSorted((a, b) => at(windowsMs, a) - at(windowsMs, b))

  return (numbers, { history, groups, untilMs }) => {
    const counts = new Float64Array(groupCount)
    const latestKeys = new Float64Array(groupCount).fill(Number.NaN)
    const close = (window: number): void => {
      for (let group = 0; group < groupCount; group += 1) {
        numbers[offset + group * windowCount + window] = at(counts, group)
      }
    }
    let open = 0
    for (let place = history.length - 1; place >= 0 && open < windowCount; place -= 1) {
      const event = history[place]
      if (event === undefined) continue
      const agoMs = untilMs - event.occurredAt
      while (open < windowCount && agoMs > at(windowsMs, at(rising, open))) {
        close(at(rising, open))
        open += 1
      }
      const key = keyOf(event, place)
      const own = groups[place] ?? NONE
      for (let index = 0; index < own.length; index += 1) {
        const group = at(own, index)
        if (group >= groupCount || latestKeys[group] === key) continue
        latestKeys[group] = key
        counts[group] = at(counts, group) + 1
      }
    }
    for (; open < windowCount; open += 1) close(at(rising, open))
  }
}

const NONE: readonly number[] = []

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0
}
