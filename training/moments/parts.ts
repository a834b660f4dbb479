// Splitting a log by time. A part is a stretch of time: its examples are asked inside it, and their
// targets are known only from what happened before it ends. So a task with a horizon keeps a gap of
// that horizon before the next part, and no label reaches into a later one.
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'

/** From `fromMs` up to but not including `untilMs`. */
export interface Part {
  readonly fromMs: number
  readonly untilMs: number
}

export type PartName = 'train' | 'validation' | 'test'
export type Parts = Readonly<Record<PartName, Part>>
export const partNames: readonly PartName[] = ['train', 'validation', 'test']

/** The log is too short for three horizons. */
export interface TooShort {
  readonly kind: 'tooShort'
  readonly spanMs: number
  readonly neededMs: number
}

/** Shares of the time in which an example with the longest horizon can be asked. */
const SHARES = { train: 0.6, validation: 0.2 }
/** That time, at the least, as a share of the horizons' own. */
const USABLE_MIN = 0.2

export interface Span {
  readonly startMs: number
  readonly endMs: number
  readonly longestHorizonMs: number
}

/** Cuts the span of a log into three parts, each one horizon longer than its share. */
export function splitByTime({ startMs, endMs, longestHorizonMs }: Span): Result<Parts, TooShort> {
  const spanMs = endMs + 1 - startMs
  const neededMs = Math.max(3, Math.ceil(3 * longestHorizonMs * (1 + USABLE_MIN)))
  if (spanMs < neededMs) return fail({ kind: 'tooShort', spanMs, neededMs })
  const usableMs = spanMs - 3 * longestHorizonMs
  const trainUntilMs = startMs + Math.floor(longestHorizonMs + SHARES.train * usableMs)
  const validationUntilMs = trainUntilMs + Math.floor(longestHorizonMs + SHARES.validation * usableMs)
  return succeed({
    train: { fromMs: startMs, untilMs: trainUntilMs },
    validation: { fromMs: trainUntilMs, untilMs: validationUntilMs },
    test: { fromMs: validationUntilMs, untilMs: endMs + 1 },
  })
}
