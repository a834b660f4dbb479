// How far back the windows reach over which a history is counted: they follow how far the tasks look ahead,
// and how long the log is. A session that ends within the hour is told in minutes, a subscription in months.
//
// The rule: each horizon is a window; below the shortest lie a sixteenth and a quarter of it, above the longest
// four and sixteen times as much; of what is longer than a third of the log's time nothing is kept, for the
// whole history tells the same. Windows that lie closer than twice the one before go first, then, down to the
// most that there may be, those that lie closest.
import { DAY_MS, horizonMsOf } from '../../features/project.ts'
import type { Task } from '../../features/project.ts'

export const WINDOWS_MAX = 5

/** As shares of the shortest horizon, and as multiples of the longest. */
const BELOW = [1 / 16, 1 / 4]
const ABOVE = [4, 16]
/** A log has three horizons and a bit: so the horizons themselves are always kept. */
const SPAN_SHARE = 1 / 3
/** Stands for the horizon where no task has one, as a share of the log's time. */
const HORIZON_SHARE = 1 / 16
const RATIO_MIN = 2

export interface WindowsRequest {
  readonly tasks: Readonly<Record<string, Task>>
  /** How much time the log's events span. */
  readonly spanMs: number
}

/** The windows in milliseconds, rising; none where the log spans no time. */
export function chooseWindows({ tasks, spanMs }: WindowsRequest): number[] {
  const declared = Object.values(tasks)
    .map(horizonMsOf)
    .filter((ms) => ms > 0)
  const horizons = declared.length > 0 ? declared : [roundedDown(HORIZON_SHARE * spanMs)]
  const shortest = Math.min(...horizons)
  const longest = Math.max(...horizons)
  const wanted = [
    ...BELOW.map((share) => roundedDown(share * shortest)),
    ...horizons,
    ...ABOVE.map((times) => times * longest),
  ]
  const windows = [...new Set(wanted)]
    .filter((ms) => ms >= 1 && ms <= SPAN_SHARE * spanMs)
    .toSorted((a, b) => a - b)
  for (;;) {
    const { place, ratio } = closestOf(windows)
    if (ratio >= RATIO_MIN && windows.length <= WINDOWS_MAX) return windows
    windows.splice(place, 1)
  }
}

/** The window that lies closest above the one before it; of several the last. */
function closestOf(rising: readonly number[]): { readonly place: number; readonly ratio: number } {
  let closest = { place: -1, ratio: Infinity }
  for (let place = 1; place < rising.length; place += 1) {
    const ratio = (rising[place] ?? 0) / (rising[place - 1] ?? 0)
    if (ratio <= closest.ratio) closest = { place, ratio }
  }
  return closest
}

/** To a whole number of the greatest unit that goes into it twice: what a person would say. */
function roundedDown(ms: number): number {
  const unit = [DAY_MS, 3_600_000, 60_000, 1_000].find((length) => ms >= 2 * length) ?? 1
  return Math.floor(ms / unit) * unit
}
