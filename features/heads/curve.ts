// The curves of a calibration: what is left to mend of a yes or no when temperature and intercepts are set. A
// curve takes log-odds to log-odds and rises, so that it changes no order.

/** Beta calibration (Kull et al., 2017) around what is: (1 + stretch) x + skew · (ln p + ln(1 − p)) + level. */
export interface BetaCurve {
  readonly kind: 'beta'
  readonly stretch: number
  /** Its size stays below 1 + stretch: else the curve would fall somewhere. */
  readonly skew: number
  readonly level: number
}

/** A line from knot to knot; before the first and after the last as steep as none. */
export interface IsotonicCurve {
  readonly kind: 'isotonic'
  /** Log-odds as they come, rising. */
  readonly from: readonly number[]
  /** As many, as they are given, rising. */
  readonly to: readonly number[]
}

export type Curve = BetaCurve | IsotonicCurve

/** How a kind of curve is read. A new kind is a new file. */
export interface CurveKind<Kind extends Curve> {
  /** Log-odds for log-odds. */
  bend(curve: Kind, logOdds: number): number
}
