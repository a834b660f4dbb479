// How far a task may sensibly look ahead: far enough that most who come back have done so, and not so far that
// the log holds too little to test on.
import { DAY_MS } from '../../features/project.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Round lengths, as people say them. */
const LENGTHS_MS = [
  ...[5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 3, 7, 14, 28, 90, 180].map((days) => days * DAY_MS),
]
/** Of those who come back within the longest horizon. */
const RETURNED_SHARE = 0.9
/** The log must hold so many horizons: three for the parts, and room. */
const HORIZONS_IN_SPAN = 6
/** It holds no more than so many: what comes back within minutes of a log of years is still the same visit. */
const HORIZONS_IN_SPAN_MAX = 120

/** The lengths of the round horizons that fit a span; the shortest one where none does. */
export function fittingHorizons(spanMs: number): number[] {
  const fitting = LENGTHS_MS.filter(
    (ms) =>
      ms * HORIZONS_IN_SPAN <= spanMs && (ms * HORIZONS_IN_SPAN_MAX >= spanMs || ms === LENGTHS_MS.at(-1)),
  )
  return fitting.length === 0
    ? [Math.max(1_000, Math.floor(spanMs / HORIZONS_IN_SPAN / 1_000) * 1_000)]
    : fitting
}

/**
 * @param returned the share of moments after which the user comes back within a length, for each of the lengths
 */
export function chooseHorizon(lengthsMs: readonly number[], returned: readonly number[]): number {
  const longest = returned.at(-1) ?? 0
  const index = returned.findIndex((share) => share >= RETURNED_SHARE * longest)
  return lengthsMs[Math.max(0, index)] ?? DAY_MS
}

/** As the options of a task say it: { withinDays: 7 }. */
export function withinOf(ms: number): {
  readonly option: string
  readonly suffix: string
  readonly words: string
} {
  for (const [unit, unitMs] of [
    ['Days', DAY_MS],
    ['Hours', HOUR_MS],
    ['Minutes', MINUTE_MS],
  ] as const) {
    if (ms % unitMs !== 0) continue
    const count = ms / unitMs
    const word = unit.slice(0, count === 1 ? -1 : undefined)
    return {
      option: `{ within${unit}: ${count} }`,
      suffix: `Within${count}${word}`,
      words: `${count} ${word.toLowerCase()}`,
    }
  }
  const minutes = ms / MINUTE_MS
  return { option: `{ withinMinutes: ${minutes} }`, suffix: 'Soon', words: `${minutes.toFixed(1)} minutes` }
}
