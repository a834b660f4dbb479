// How the share of a challenger grows by itself.

/** Shares, one a step; the last one is followed by a promotion. */
export const RAMP_SHARES = [0.05, 0.25, 0.5, 1] as const

/** So many answers of its model a step must have seen logged, or it lasts on… */
export const STEP_ANSWERS_MIN = 100
/** …so many times as long at most: where hardly anybody asks, waiting tells no more. */
export const STEP_LENGTHS_MAX = 2

/** The share after this one; undefined after the last. */
export function shareAfter(share: number): number | undefined {
  return RAMP_SHARES.find((next) => next > share)
}
