// When the users of a simulation come, and what they are called.
import { DAY_MS } from '../features/project.ts'
import type { Random } from '../features/random.ts'
import type { Law } from './law.ts'

/** Of all users this share is there from the first week; the others come later. */
const EARLY_SHARE = 0.5
/** Where newcomers end, nobody comes for the first time after this share of the time. */
const LATE_MAX = 0.85

/** A user's first moment, Unix milliseconds. */
export function drawArrival({ startMs, endMs, world }: Law, random: Random): number {
  const spanMs = endMs - startMs
  const isEarly = random.next() < EARLY_SHARE
  const lateMs = world.newcomersAllAlong ? spanMs : LATE_MAX * spanMs
  return Math.round(startMs + random.next() * (isEarly ? Math.min(7 * DAY_MS, spanMs) : lateMs))
}

/** Ids by the order of arrival, or by that of the streams of chance, which has nothing to do with time. */
export function nameUsers({ world }: Law, arrivalsMs: readonly number[]): string[] {
  const order = arrivalsMs.map((_, index) => index)
  if (world.idsByArrival) order.sort((a, b) => (arrivalsMs[a] ?? 0) - (arrivalsMs[b] ?? 0))
  const ids: string[] = []
  for (const [place, index] of order.entries()) ids[index] = `user-${String(place + 1).padStart(6, '0')}`
  return ids
}
