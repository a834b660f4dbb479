// A history as a sequence of ids, padded on the left so that the latest event always comes last.
import { vocabularyId, createIdLookup, createCategoryEncoder } from './categories.ts'
import type { Attributes } from './attributes.ts'
import { countedKinds } from './counted.ts'
import type { Event } from './event.ts'
import type { Features } from './manifest.ts'

/** Upper bounds of the time gaps told apart, in milliseconds: 1 s, 2 s, 4 s, … 2^25 s (388 days). */
const GAP_BOUNDARIES_MS = Array.from({ length: 26 }, (_, power) => 1000 * 2 ** power)

/** How many gap ids there are, padding included. */
export const GAP_ID_COUNT = GAP_BOUNDARIES_MS.length + 2

/** The id of a time gap: 1 below one second, one more at each doubling; 0 is left to padding. */
export function gapId(gapMs: number): number {
  let id = 1
  for (const boundaryMs of GAP_BOUNDARIES_MS) {
    if (gapMs < boundaryMs) return id
    id += 1
  }
  return id
}

/** T = sequenceLength, K = number of item categories. */
export interface Sequence {
  readonly types: Int32Array // [T]
  readonly items: Int32Array // [T]
  /** Time from each event's moment to the next one, or to the moment asked for the latest. */
  readonly gaps: Int32Array // [T]
  readonly itemCategories: Int32Array // [T, K]
}

export interface SequenceRequest {
  /** At or before the moment, in order. */
  readonly history: readonly Event[]
  /** What is known of an item at the moment asked. */
  readonly itemAttributes: (id: string) => Attributes
  readonly atMs: number
}

/** Prepares the encoding of a history's last events. */
export function createSequenceEncoder(features: Features): (request: SequenceRequest) => Sequence {
  const typeIds = createIdLookup(features.eventTypes)
  const itemIds = createIdLookup(features.items)
  const categoryNames = features.itemCategories.map((feature) => feature.name)
  const encodeCategory = createCategoryEncoder(features.itemCategories)
  const { keyOf } = countedKinds[features.counted[0]]
  const length = features.sequenceLength

  /** Milliseconds, from the latest back: events that count as one have the same that comes next. */
  function gapsOf(events: readonly Event[], atMs: number): number[] {
    let nextMs = atMs
    let later: Event | undefined
    const gaps: number[] = []
    for (let index = events.length - 1; index >= 0; index -= 1) {
      const event = events[index]
      if (event === undefined) continue
      if (later !== undefined && keyOf(later, index + 1) !== keyOf(event, index)) nextMs = later.occurredAt
      gaps[index] = nextMs - event.occurredAt
      later = event
    }
    return gaps
  }

  return ({ history, itemAttributes, atMs }) => {
    const sequence = {
      types: new Int32Array(length),
      items: new Int32Array(length),
      gaps: new Int32Array(length),
      itemCategories: new Int32Array(length * categoryNames.length),
    }
    const latest = history.slice(-length)
    const gaps = gapsOf(latest, atMs)
    let place = length - latest.length
    for (const [index, event] of latest.entries()) {
      sequence.types[place] = vocabularyId(typeIds, event.type)
      sequence.items[place] = vocabularyId(itemIds, event.itemId)
      sequence.gaps[place] = gapId(gaps[index] ?? 0)
      const attributes = event.itemId === undefined ? undefined : itemAttributes(event.itemId)
      for (const [category, name] of categoryNames.entries()) {
        sequence.itemCategories[place * categoryNames.length + category] = encodeCategory(
          category,
          attributes?.[name],
        )
      }
      place += 1
    }
    return sequence
  }
}
