// The kinds of curves by name: a new kind is a file and a line here.
import { beta } from './curve-beta.ts'
import type { Curve, CurveKind } from './curve.ts'
import { isotonic } from './curve-isotonic.ts'

type KindOf<Name extends Curve['kind']> = CurveKind<Extract<Curve, { readonly kind: Name }>>

const curveKinds: { readonly [Name in Curve['kind']]: KindOf<Name> } = { beta, isotonic }

/** Beyond these log-odds nothing can be told from certainty in a number of 64 bits. */
const LOG_ODDS_MAX = 30

/** The nearest log-odds that are not those of certainty. */
export function uncertain(logOdds: number): number {
  return Math.min(LOG_ODDS_MAX, Math.max(-LOG_ODDS_MAX, logOdds))
}

/** Calibrated log-odds for log-odds: they rise with them, and are never those of certainty. */
export function bend(curve: Curve, logOdds: number): number {
  // A curve's own kind fits it; the compiler cannot follow that through the map.
  const kind = curveKinds[curve.kind] as CurveKind<Curve>
  return uncertain(kind.bend(curve, logOdds))
}
