// Whether a bundle may begin to play a role here: it is opened and asked its golden rows, as every isolate does
// before it answers by it.
import type { Context } from 'hono'
import type { AppEnv } from '../app-env.ts'
import { ProblemError } from '../middleware/problem.ts'
import type { Serving } from '../questions/serving.ts'

/** Throws ProblemError bundle_refused where the bundle would not answer by its model. */
export async function assertProven(
  c: Context<AppEnv>,
  { serving, bundleId: id }: { readonly serving: Serving; readonly bundleId: string },
): Promise<void> {
  const fault = await serving.answerer.faultOf(id, {
    bucket: c.env.BUNDLES,
    keepAlive: (work) => c.executionCtx.waitUntil(work),
    clock: c.get('clock'),
  })
  if (fault !== undefined) throw new ProblemError('bundle_refused', { detail: `Bundle ${id}: ${fault}` })
}
