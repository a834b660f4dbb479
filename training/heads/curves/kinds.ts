// What fits each kind of curve, the simplest first: a new kind is a file and a line here.
import type { Curve } from '../../../features/heads/curve.ts'
import type { CurveData } from './curve-data.ts'
import { fitBeta } from './fit-beta.ts'
import { fitIsotonic } from './fit-isotonic.ts'

type FitOf<Name extends Curve['kind']> = (data: CurveData) => Extract<Curve, { readonly kind: Name }>

export const curveFits: { readonly [Name in Curve['kind']]: FitOf<Name> } = {
  beta: fitBeta,
  isotonic: fitIsotonic,
}
