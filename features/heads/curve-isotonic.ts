// Isotonic calibration, a line from knot to knot in log-odds: no steps, and beyond the knots no end is reached, so
// that nothing is ever certain.
import type { CurveKind, IsotonicCurve } from './curve.ts'

export const isotonic: CurveKind<IsotonicCurve> = {
  bend({ from, to }, logOdds) {
    const above = from.findIndex((knot) => logOdds < knot)
    const right = above < 0 ? from.length : above
    const [x0, y0] = [from[right - 1], to[right - 1]]
    const [x1, y1] = [from[right], to[right]]
    if (x0 === undefined || y0 === undefined) return logOdds + (y1 ?? 0) - (x1 ?? 0)
    if (x1 === undefined || y1 === undefined) return logOdds + y0 - x0
    return y0 + ((logOdds - x0) / (x1 - x0)) * (y1 - y0)
  },
}
