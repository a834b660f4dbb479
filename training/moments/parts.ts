// Splitting by time. A part is a stretch of time: its moments lie inside it, and their targets are known
// only from what happened before it ends. So a task with a horizon keeps a gap of that horizon before the
// next part, and no label reaches into a later one. The cuts are quantiles of the moments that may be
// asked, not of time: a log that grows fast still gives training its share.
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'

/** From `fromMs` up to but not including `untilMs`. */
export interface Part {
  readonly fromMs: number
  readonly untilMs: number
}

export type PartName = 'train' | 'validation' | 'test'
export const partNames: readonly PartName[] = ['train', 'validation', 'test']

/** Three horizons do not fit into the time there is. */
export interface TooShort {
  readonly code: 'too_short'
  /** From the first moment to the last, outlying ones not counted. */
  readonly spanMs: number
  readonly neededMs: number
  readonly longestHorizonMs: number
  /** The longest horizon that would fit. */
  readonly fittingHorizonMs: number
}

/** Of the moments with the longest horizon: so much training has for each one of validation and test together. */
const TRAIN_TO_LATER = 0.6 / 0.4
/** Of the same moments, where validation alone is cut. */
const TRAIN_TO_VALIDATION = 0.6 / 0.2
/** That a test holds at the least, however short it is to be. */
const TEST_SHARE_MIN = 0.05
/** That time, at the least, as a share of the horizons' own. */
const USABLE_MIN = 0.2

export interface CutRequest {
  readonly startMs: number
  /** The last moment that something is known of. */
  readonly endMs: number
  readonly longestHorizonMs: number
  /** How many moments lie at or before a time, in any unit; rising. */
  readonly passed: (ms: number) => number
  /**
   * The test begins at most so long before the last moment with the longest horizon, where it then holds a twentieth
   * of the moments: what is asked of it is how things are by now. As long as validation where absent.
   */
  readonly testMsMax?: number | undefined
}

/**
 * Cuts the time into three parts that hold 60, 20 and 20 % of the moments whose longest target is known; where the
 * test is to be shorter, what comes before it is cut as three to one.
 */
export function cutParts(request: CutRequest): Result<Readonly<Record<PartName, Part>>, TooShort> {
  const { startMs, endMs, longestHorizonMs, passed, testMsMax } = request
  const spanMs = endMs + 1 - startMs
  const neededMs = Math.max(3, Math.ceil(3 * longestHorizonMs * (1 + USABLE_MIN)))
  if (spanMs < neededMs) {
    const fittingHorizonMs = Math.floor(spanMs / (3 * (1 + USABLE_MIN)))
    return fail({ code: 'too_short', spanMs, neededMs, longestHorizonMs, fittingHorizonMs })
  }
  const untilMs = endMs + 1
  const moments = (part: Part): number =>
    Math.max(0, passed(part.untilMs - 1 - longestHorizonMs) - passed(part.fromMs - 1))
  const later = (trainUntilMs: number): { readonly testFromMs: number; readonly count: number } => {
    const validation = (ms: number): number => moments({ fromMs: trainUntilMs, untilMs: ms })
    const test = (ms: number): number => moments({ fromMs: ms, untilMs })
    const testFromMs = firstWhere({ fromMs: trainUntilMs, untilMs }, (ms) => validation(ms) >= test(ms))
    return { testFromMs, count: validation(testFromMs) + test(testFromMs) }
  }
  const trainUntilMs = firstWhere(
    { fromMs: startMs, untilMs },
    (ms) => moments({ fromMs: startMs, untilMs: ms }) >= TRAIN_TO_LATER * later(ms).count,
  )
  const { testFromMs } = later(trainUntilMs)
  const usual = partsOf({ startMs, trainUntilMs, testFromMs, untilMs })
  if (testMsMax === undefined) return succeed(usual)
  const least = TEST_SHARE_MIN * moments({ fromMs: startMs, untilMs })
  const leastFromMs =
    firstWhere({ fromMs: startMs, untilMs }, (ms) => moments({ fromMs: ms, untilMs }) < least) - 1
  const latestFromMs = Math.min(untilMs - longestHorizonMs - testMsMax, leastFromMs)
  if (latestFromMs <= testFromMs) return succeed(usual)
  const validation = (ms: number): number => moments({ fromMs: ms, untilMs: latestFromMs })
  const shorterUntilMs = firstWhere(
    { fromMs: startMs, untilMs: latestFromMs },
    (ms) => moments({ fromMs: startMs, untilMs: ms }) >= TRAIN_TO_VALIDATION * validation(ms),
  )
  return succeed(partsOf({ startMs, trainUntilMs: shorterUntilMs, testFromMs: latestFromMs, untilMs }))
}

function partsOf(cuts: {
  readonly startMs: number
  readonly trainUntilMs: number
  readonly testFromMs: number
  readonly untilMs: number
}): Readonly<Record<PartName, Part>> {
  const { startMs, trainUntilMs, testFromMs, untilMs } = cuts
  return {
    train: { fromMs: startMs, untilMs: trainUntilMs },
    validation: { fromMs: trainUntilMs, untilMs: testFromMs },
    test: { fromMs: testFromMs, untilMs },
  }
}

/** The first whole millisecond at which something holds that then holds for good; the end where it never does. */
function firstWhere({ fromMs, untilMs }: Part, holds: (ms: number) => boolean): number {
  let [low, high] = [Math.floor(fromMs), Math.floor(untilMs)]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
