// Stray times: an event of 1970, a clock that was years ahead. Nothing is asked there, and they move
// neither the beginning nor the end of what is taken to be known.
import { countUntil } from './census.ts'

/** Few enough to be strays, as a share of all; at least some may always be. */
const STRAY_SHARE = { early: 0.05, late: 0.01 }
const STRAYS_MIN = 3
/** With fewer times nothing can be told. */
const TIMES_MIN = 20

/**
 * The first and the last time that are not stray. Those before are stray where a gap longer than nearly all
 * of the others span parts them from these. At the end a tenth of that is enough, where times lie dense: a
 * stray there would have all before it count as known, and what did not come by then as a no.
 */
export function commonSpan(rising: Float64Array): { readonly startMs: number; readonly endMs: number } {
  const count = rising.length
  const at = (place: number): number => rising[place] ?? Number.NaN
  if (count < TIMES_MIN) return { startMs: at(0), endMs: at(count - 1) }
  const first = Math.max(STRAYS_MIN, Math.floor(STRAY_SHARE.early * count))
  const last = count - 1 - Math.max(STRAYS_MIN, Math.floor(STRAY_SHARE.late * count))
  const widthMs = at(last) - at(first)
  const lateGapMs = widthMs * Math.min(1, Math.max(0.1, 20 / count))
  let [start, end] = [first, last]
  while (start > 0 && at(start) - at(start - 1) <= widthMs) start -= 1
  while (end < count - 1 && at(end + 1) - at(end) <= lateGapMs) end += 1
  return { startMs: at(start), endMs: at(end) }
}

/** How many times lie outside. */
export function strayCount(
  rising: Float64Array,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): number {
  return rising.length - (countUntil(rising, endMs) - countUntil(rising, startMs - 1))
}
