// Beta calibration (Kull, Silva Filho and Flach, "Beta calibration", 2017): two slopes, one for what is likely
// and one for what is not, written as how far both are off from one and how far from each other.
import type { BetaCurve, CurveKind } from './curve.ts'

export const beta: CurveKind<BetaCurve> = {
  bend: ({ stretch, skew, level }, logOdds) => (1 + stretch) * logOdds + skew * skewAt(logOdds) + level,
}

/** ln p + ln(1 − p), which leans on both ends alike; its slope lies between −1 and 1. */
export function skewAt(logOdds: number): number {
  return -Math.abs(logOdds) - 2 * Math.log1p(Math.exp(-Math.abs(logOdds)))
}
