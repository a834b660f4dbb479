// GET /livez: the Worker runs. GET /readyz: it can answer predictions.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { readChampion } from '../db/deployments.ts'
import { ProblemError } from '../middleware/problem.ts'
import type { Champion } from './champion.ts'
import { problemResponses } from './problem-schema.ts'

const liveSchema = z.object({ status: z.literal('live') })
const readySchema = z.object({ status: z.literal('ready'), bundleId: z.string() })

/** Both are open to everyone and tell nothing else. */
export function registerHealth(
  app: OpenAPIHono<AppEnv>,
  { champion }: { readonly champion: Champion },
): void {
  const live = createRoute({
    method: 'get',
    path: '/livez',
    summary: 'Does the Worker run?',
    responses: { 200: { description: 'It does', content: { 'application/json': { schema: liveSchema } } } },
  })
  const ready = createRoute({
    method: 'get',
    path: '/readyz',
    summary: 'Can it answer predictions: is D1 there, and the published model usable?',
    responses: {
      200: { description: 'It can', content: { 'application/json': { schema: readySchema } } },
      ...problemResponses([503]),
    },
  })
  app.openapi(live, (c) => c.json({ status: 'live' as const }, 200))
  app.openapi(ready, async (c) => {
    const deployment = await readChampion(connect(c.env.DB))
    champion.note(deployment)
    const keepAlive = (work: Promise<unknown>): void => c.executionCtx.waitUntil(work)
    const { bundle } = await champion.load(deployment, { bucket: c.env.BUNDLES, keepAlive })
    if (bundle.session === undefined) {
      throw new ProblemError('not_ready', {
        detail: `The model of bundle ${bundle.id} cannot be used: priors answer`,
      })
    }
    return c.json({ status: 'ready' as const, bundleId: bundle.id }, 200)
  })
}
