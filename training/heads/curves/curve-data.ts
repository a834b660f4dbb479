// What curves are fitted to.

export interface CurveData {
  /** Calibrated but for the curve, [n]. */
  readonly logOdds: ArrayLike<number>
  /** 1 where it came true, else 0, [n]. */
  readonly came: ArrayLike<number>
  /** How much an example counts against what is held before any came: one over the design effect. */
  readonly weight: number
}
