// GET /v1/models/{id}/drift: whether what comes is still what a bundle learned from, look by look.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { readBundle } from '../db/deployments.ts'
import { readDriftLooks } from '../db/drift.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { ProblemError } from '../middleware/problem.ts'
import { KEY_STATUSES, problemResponses } from './problem-schema.ts'

const LOOKS_MAX = 30

const lookSchema = z.object({
  at: z.string(),
  drifted: z.number().int().openapi({ description: 'How many of the things that were looked at' }),
  things: z.array(
    z.object({
      name: z.string().openapi({ example: 'input user.plan' }),
      users: z.number().int(),
      pValue: z.number().openapi({ description: 'How likely chance alone sets both so far apart' }),
      moved: z.number().openapi({
        description: 'The share of users that lie in another bin than among what was learned from',
      }),
      movedSince: z.number().nullable().openapi({
        description: 'The same beside who were answered first; null where too few of them are known',
      }),
      isDrifted: z.boolean(),
    }),
  ),
})

const answerSchema = z.object({ id: z.string(), looks: z.array(lookSchema) })

export function registerDrift(
  app: OpenAPIHono<AppEnv>,
  { authenticate }: { readonly authenticate: Authenticate },
): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/models/{id}/drift',
    summary: 'Whether what comes is still what a model learned from',
    description: `Scope: admin. The latest ${LOOKS_MAX} looks, latest first, one a day while the model is champion; what moved furthest first.`,
    security: [{ key: [] }],
    middleware: [authenticate('admin')] as const,
    request: { params: z.object({ id: z.string() }) },
    responses: {
      200: { description: 'The looks', content: { 'application/json': { schema: answerSchema } } },
      ...problemResponses([...KEY_STATUSES, 404]),
    },
  })
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const db = connect(c.env.DB)
    const [bundle, looks] = await Promise.all([
      readBundle(db, id),
      readDriftLooks(db, { bundleId: id, countMax: LOOKS_MAX }),
    ])
    if (bundle === undefined) throw new ProblemError('not_found', { detail: `No bundle ${id} was published` })
    return c.json({ id, looks: looks.map(toSentLook) }, 200)
  })
}

function toSentLook({ at, findings }: Awaited<ReturnType<typeof readDriftLooks>>[number]) {
  return {
    at: new Date(at).toISOString(),
    drifted: findings.filter(({ isDrifted }) => isDrifted).length,
    things: findings
      .map(({ name, users, pValue, moved, movedSince, isDrifted }) => ({
        name,
        users,
        pValue,
        moved,
        movedSince,
        isDrifted,
      }))
      .toSorted((left, right) => right.moved - left.moved),
  }
}
