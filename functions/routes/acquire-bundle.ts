// The bundle that answers a request, or the problem that there is none.
import type { Context } from 'hono'
import type { AppEnv } from '../app-env.ts'
import type { Deployment } from '../db/deployments.ts'
import type { Answering } from '../inference/answerer.ts'
import { describeFault } from '../inference/bundle-error.ts'
import { ProblemError } from '../middleware/problem.ts'
import type { Serving } from '../questions/serving.ts'

export interface AcquireOptions {
  readonly serving: Serving
  readonly deployed: Deployment | undefined
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
  })
  if (acquired.ok) return acquired.value
  const detail = `Bundle ${deployed.bundleId}: ${describeFault(acquired.reason)}`
  throw new ProblemError('model_unavailable', { detail })
}
