// GET /livez: the Worker runs. GET /readyz: it can answer predictions.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv } from '../app-env.ts'
import { readAlarms } from '../db/alarms.ts'
import { connect } from '../db/client.ts'
import { readRoles } from '../db/deployments.ts'
import type { Deployment } from '../db/deployments.ts'
import type { Answering } from '../inference/answerer.ts'
import { describeFault } from '../inference/bundle-error.ts'
import { ProblemError } from '../middleware/problem.ts'
import type { Serving } from '../questions/serving.ts'
import { acquireBundle } from './acquire-bundle.ts'
import { problemResponses } from './problem-schema.ts'

const liveSchema = z.object({ status: z.literal('live') })
const readySchema = z.object({
  status: z.literal('ready'),
  bundleId: z.string(),
  alarms: z.array(z.string()).openapi({ description: 'What somebody ought to look at; it answers on' }),
})

/** Both are open to everyone and tell nothing else. */
export function registerHealth(app: OpenAPIHono<AppEnv>, { serving }: { readonly serving: Serving }): void {
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
    const { champion } = await readRoles(connect(c.env.DB))
    const answering = await acquireBundle(c, { serving, deployed: champion })
    answering.release()
    assertReady(answering)
    const alarms = (await readAlarms(connect(c.env.DB))).map(({ kind }) => kind)
    return c.json({ status: 'ready' as const, bundleId: answering.bundle.id, alarms }, 200)
  })
}

/** Throws ProblemError not_ready where the deployed bundle does not answer by its model. */
function assertReady({ bundle, insteadOf }: Answering<Deployment>): void {
  if (insteadOf?.reason === 'unusable') {
    const detail = `Bundle ${insteadOf.id}: ${insteadOf.detail}; bundle ${bundle.id} answers in its place`
    throw new ProblemError('not_ready', { detail })
  }
  if (!bundle.model.ok) {
    const detail = `Bundle ${bundle.id}: ${describeFault(bundle.model.reason)}; its prior answers`
    throw new ProblemError('not_ready', { detail })
  }
}
