// What encode would see of one user as time moves on: the latest events that were heard of. It is kept up
// to date event by event, so that no moment costs more for what lies long before it.
import type { Event } from '../../features/event.ts'
import { HISTORY_LENGTH_MAX } from '../../features/manifest.ts'

/** When an event can be seen: it has occurred and was received. */
export function heardMs(event: Event): number {
  return Math.max(event.occurredAt, event.receivedAt)
}

/** The moments at which something new was heard, rising and distinct: events of one moment are seen together. */
export function heardTimes(events: readonly Event[]): Float64Array {
  const times = new Float64Array(events.length)
  let isRising = true
  for (let place = 0; place < events.length; place += 1) {
    const event = events[place]
    if (event !== undefined) times[place] = heardMs(event)
    if (place > 0 && (times[place] ?? 0) < (times[place - 1] ?? 0)) isRising = false
  }
  return distinct(isRising ? times : times.toSorted())
}

function distinct(rising: Float64Array): Float64Array {
  let count = 0
  for (let place = 0; place < rising.length; place += 1) {
    const time = rising[place] ?? 0
    if (count > 0 && time === rising[count - 1]) continue
    rising[count] = time
    count += 1
  }
  return count === rising.length ? rising : rising.slice(0, count)
}

export interface HistoryWindow {
  /** The latest events that can be seen at a moment, in order. Moments must not go back. */
  at(atMs: number): readonly Event[]
}

/** A window over one user's events, which are in the order of a history. */
export function createHistoryWindow(
  events: readonly Event[],
  lengthMax: number = HISTORY_LENGTH_MAX,
): HistoryWindow {
  // Places in the order of hearing; those of one moment stay in the order of a history.
  const heard = [...events.keys()].toSorted((a, b) => timeAt(a) - timeAt(b))
  let next = 0
  /** Places of the visible events, rising. What falls out never comes back: later ones only add. */
  const visible: number[] = []

  function timeAt(place: number): number {
    const event = events[place]
    return event === undefined ? Infinity : heardMs(event)
  }

  return {
    at(atMs) {
      for (; next < heard.length; next += 1) {
        const place = heard[next] ?? 0
        if (timeAt(place) > atMs) break
        insert(visible, place)
        if (visible.length > lengthMax) visible.shift()
      }
      return visible.flatMap((place) => events[place] ?? [])
    },
  }
}

/** Into a rising list, from its end: most events are heard of in order. */
function insert(rising: number[], value: number): void {
  let place = rising.length
  while (place > 0 && (rising[place - 1] ?? 0) > value) place -= 1
  rising.splice(place, 0, value)
}
