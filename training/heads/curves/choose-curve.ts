// Which curve a calibration needs, if any. Each kind is fitted to four fifths of the users and judged on the
// others, five times over, so that one that bends more does not win by what it was fitted to; a curve must lower
// the loss of all simpler ones by more than chance.
import type { Curve } from '../../../features/heads/curve.ts'
import { bend, uncertain } from '../../../features/heads/curve-kinds.ts'
import { shareOf } from '../../../features/log-odds.ts'
import { clusteredMean, designEffect, numberUsers } from '../../metrics/clustered.ts'
import type { CurveData } from './curve-data.ts'
import { curveFits } from './kinds.ts'

export interface CurveRequest {
  /** Calibrated but for the curve, [n]. */
  readonly logOdds: ArrayLike<number>
  /** 1 where it came true, else 0, [n]. */
  readonly came: ArrayLike<number>
  readonly userIds: readonly string[]
}

export interface ChosenCurve {
  /** Absent where there is nothing that one would mend. */
  readonly curve?: Curve
  /** Calibrated log-odds of each example, by a curve of this kind that was not fitted to it, [n]. */
  readonly heldOut: Float64Array
}

const FOLDS = 5
/** So many standard errors must be gained, users being drawn: by chance one time in twenty. */
const ERRORS_NEEDED = 1.645
/** Of fewer users nothing can be told. */
const USERS_MIN = 100

export function chooseCurve({ came, userIds, ...given }: CurveRequest): ChosenCurve {
  const request = { came, userIds, logOdds: Float64Array.from(given.logOdds, uncertain) }
  const { userOf, userCount } = numberUsers(userIds)
  const straight = request.logOdds
  if (userCount < USERS_MIN) return { heldOut: straight }
  const weight = 1 / designEffect(residualsOf(request), userIds)
  let chosen: ChosenCurve = { heldOut: straight }
  for (const fit of Object.values(curveFits)) {
    const heldOut = crossFitted({ ...request, weight }, { fit, userOf })
    const losses = lossesOf(heldOut, request)
    const gains = lossesOf(chosen.heldOut, request).map((loss, row) => loss - (losses[row] ?? 0))
    const { mean, standardError } = clusteredMean(gains, userIds)
    if (mean > ERRORS_NEEDED * standardError) chosen = { curve: fit({ ...request, weight }), heldOut }
  }
  return chosen
}

/** Each example by a curve that was fitted to other users. */
function crossFitted(
  data: CurveData,
  { fit, userOf }: { readonly fit: (data: CurveData) => Curve; readonly userOf: Int32Array },
): Float64Array {
  const bent = new Float64Array(userOf.length)
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const others = [...userOf.keys()].filter((row) => (userOf[row] ?? 0) % FOLDS !== fold)
    const curve = fit({
      logOdds: Float64Array.from(others, (row) => data.logOdds[row] ?? 0),
      came: Float64Array.from(others, (row) => data.came[row] ?? 0),
      weight: data.weight,
    })
    for (const [row, user] of userOf.entries()) {
      if (user % FOLDS === fold) bent[row] = bend(curve, data.logOdds[row] ?? 0)
    }
  }
  return bent
}

function residualsOf({ logOdds, came }: CurveRequest): Float64Array {
  return Float64Array.from(logOdds, (x, row) => (came[row] ?? 0) - shareOf(x))
}

/** Log loss of each example. */
function lossesOf(logOdds: Float64Array, { came }: CurveRequest): Float64Array {
  return logOdds.map((x, row) => Math.max(0, x) - (came[row] ?? 0) * x + Math.log1p(Math.exp(-Math.abs(x))))
}
