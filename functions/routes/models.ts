// GET /v1/models: the bundles that were published, and which play a role.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { readModels } from '../db/deployments.ts'
import type { BundleRow } from '../db/deployments.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { rolesShape, toSentRoles } from './roles-schema.ts'
import { KEY_STATUSES, problemResponses } from './problem-schema.ts'

const MODELS_MAX = 100

const modelSchema = z
  .object({
    id: z.string(),
    project: z.string(),
    family: z.string(),
    createdAt: z.string(),
    metrics: z
      .unknown()
      .openapi({ description: 'As the card of the bundle gives them; null where it has none' }),
  })
  .openapi('Model')

const answerSchema = z.object({
  ...rolesShape,
  models: z.array(modelSchema).openapi({ description: `The latest ${MODELS_MAX}, latest first` }),
})

export function registerModels(
  app: OpenAPIHono<AppEnv>,
  { authenticate }: { readonly authenticate: Authenticate },
): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/models',
    summary: 'List the published models',
    description: 'Scope: predict.',
    security: [{ key: [] }],
    middleware: [authenticate('predict')] as const,
    responses: {
      200: { description: 'The models', content: { 'application/json': { schema: answerSchema } } },
      ...problemResponses(KEY_STATUSES),
    },
  })
  app.openapi(route, async (c) => {
    const { roles, bundles } = await readModels(connect(c.env.DB), MODELS_MAX)
    return c.json({ ...toSentRoles(roles), models: bundles.map(toModel) }, 200)
  })
}

function toModel({ id, project, family, card, createdAt }: BundleRow) {
  return { id, project, family, createdAt: new Date(createdAt).toISOString(), metrics: metricsOf(card) }
}

/** The card is written by training and stored as text: what cannot be read is shown as absent. */
export function metricsOf(card: string): unknown {
  const schema = z.object({ rehearsal: z.object({ tasks: z.unknown() }) })
  try {
    return schema.safeParse(JSON.parse(card)).data?.rehearsal.tasks ?? null
  } catch {
    return null
  }
}
