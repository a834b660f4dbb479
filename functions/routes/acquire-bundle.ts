// The bundle that answers a request, or the problem that there is none: of a user who belongs to the
// challenger's share the challenger, else the champion.
import type { Context } from 'hono'
import type { AppEnv } from '../app-env.ts'
import { isWithinShare } from '../../features/share.ts'
import type { Deployment, Roles } from '../db/deployments.ts'
import type { Answering } from '../inference/answerer.ts'
import { describeFault } from '../inference/bundle-error.ts'
import { ProblemError } from '../middleware/problem.ts'
import type { Serving } from '../questions/serving.ts'

export interface AcquireOptions {
  readonly serving: Serving
  readonly deployed: Deployment | undefined
}

export interface AskedOptions {
  readonly serving: Serving
  readonly roles: Roles
  /** Absent where the request brings all that is known: it may be about anybody, whom the champion answers. */
  readonly userId: string | undefined
}

/** The role that answers a user: the same as long as the share of the challenger does not shrink. */
export function roleFor({ champion, challenger }: Roles, userId: string | undefined): Deployment | undefined {
  if (challenger === undefined || userId === undefined) return champion
  const isOnTrial = isWithinShare(userId, { salt: challenger.bundleId, share: challenger.share })
  return isOnTrial ? challenger : champion
}

/**
 * To be given back after use. The champion answers for a challenger that is not at hand or does not answer by
 * its model, and says so. Throws ProblemError no_model or model_unavailable.
 */
export async function acquireFor(
  c: Context<AppEnv>,
  { serving, roles, userId }: AskedOptions,
): Promise<Answering<Deployment>> {
  const { champion } = roles
  const deployed = roleFor(roles, userId)
  if (deployed === undefined || deployed.role !== 'challenger') {
    return acquireBundle(c, { serving, deployed: champion })
  }
  const trial = await serving.answerer.acquireTrial(deployed, {
    bucket: c.env.BUNDLES,
    keepAlive: (work) => c.executionCtx.waitUntil(work),
    clock: c.get('clock'),
  })
  if (trial.ok) return trial.value
  const answering = await acquireBundle(c, { serving, deployed: champion })
  return answering.insteadOf === undefined ? { ...answering, insteadOf: trial.reason } : answering
}

/** To be given back after use. Throws ProblemError no_model or model_unavailable. */
export async function acquireBundle(
  c: Context<AppEnv>,
  { serving, deployed }: AcquireOptions,
): Promise<Answering<Deployment>> {
  if (deployed === undefined) throw new ProblemError('no_model')
  const acquired = await serving.answerer.acquire(deployed, {
    bucket: c.env.BUNDLES,
    keepAlive: (work) => c.executionCtx.waitUntil(work),
    clock: c.get('clock'),
  })
  if (acquired.ok) return acquired.value
  const detail = `Bundle ${deployed.bundleId}: ${describeFault(acquired.reason)}`
  throw new ProblemError('model_unavailable', { detail })
}
