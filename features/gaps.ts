// How regularly somebody comes: the time between one visit and the next. A month of silence is nothing for one
// who comes twice a year, and an end for one who came every day: so silence is told beside what is usual.
import { countedKinds } from './counted.ts'
import type { Counted } from './counted.ts'
import type { Event } from './event.ts'

/** Stands for "never": longer than any time that matters. */
export const NEVER_SECONDS = 2 * 366 * 86_400

/** Added to both sides of a ratio, so that gaps of milliseconds are alike. */
const SMOOTHING_MS = 1_000

export const GAP_NUMBERS = ['usual', 'last', 'silence'] as const

/** The gaps between the visits of each group, in milliseconds, the oldest first; and the latest visit. */
export interface Visits {
  readonly gapsMs: readonly number[]
  readonly latestMs: number
}

/**
 * Of all types together first, then of each; nothing where there was no visit.
 * @param history in order
 */
export function visitsByGroup(
  history: readonly Event[],
  { visit, groupByType }: { readonly visit: Counted; readonly groupByType: ReadonlyMap<string, number> },
): (Visits | undefined)[] {
  const { keyOf } = countedKinds[visit]
  const groups = Array.from({ length: groupByType.size + 1 }, () => ({
    gapsMs: [] as number[],
    latestMs: Number.NaN,
    key: Number.NaN,
  }))
  function see(place: number, { occurredAt }: Event, key: number): void {
    const group = groups[place]
    if (group === undefined || group.key === key) return
    if (!Number.isNaN(group.latestMs)) group.gapsMs.push(occurredAt - group.latestMs)
    group.latestMs = occurredAt
    group.key = key
  }
  for (let place = 0; place < history.length; place += 1) {
    const event = history[place]
    if (event === undefined) continue
    const key = keyOf(event, place)
    see(0, event, key)
    see(groupByType.get(event.type) ?? -1, event, key)
  }
  return groups.map(({ gapsMs, latestMs }) => (Number.isNaN(latestMs) ? undefined : { gapsMs, latestMs }))
}

/** The median of the gaps; of an even number the mean of the two in the middle; none where there is no gap. */
export function usualGapMs({ gapsMs }: Visits): number | undefined {
  const rising = Float64Array.from(gapsMs).toSorted()
  const middle = rising.length >> 1
  const [low, high] = [rising[rising.length % 2 === 0 ? middle - 1 : middle], rising[middle]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

/**
 * The usual gap as log1p of seconds; and, as logarithms of their ratios to it, the last gap and the silence since
 * the latest visit. Before there was a gap: never, and ratios of 1.
 */
export function gapNumbers(visits: Visits | undefined, atMs: number): [number, number, number] {
  const usualMs = visits === undefined ? undefined : usualGapMs(visits)
  if (visits === undefined || usualMs === undefined) return [Math.log1p(NEVER_SECONDS), 0, 0]
  const over = (ms: number): number => Math.log((ms + SMOOTHING_MS) / (usualMs + SMOOTHING_MS))
  return [Math.log1p(usualMs / 1000), over(visits.gapsMs.at(-1) ?? usualMs), over(atMs - visits.latestMs)]
}
