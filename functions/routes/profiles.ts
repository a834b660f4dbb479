// PUT /v1/users/:id and /v1/items/:id: what is known of a user or an item, replacing what was.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Attribute, Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { storeItem, storeUser } from '../db/profiles.ts'
import type { Profile } from '../db/profiles.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { attributesSchema, id, toAttributes } from './fields.ts'
import { BODY_STATUSES, KEY_STATUSES, problemResponses } from './problem-schema.ts'

/** Registers both routes. Attributes that the project does not declare are refused by name. */
export function registerProfiles(
  app: OpenAPIHono<AppEnv>,
  { project, authenticate }: { readonly project: Project; readonly authenticate: Authenticate },
): void {
  const users = { path: '/v1/users/{id}', summary: 'Put what is known of a user', declared: project.user }
  const items = { path: '/v1/items/{id}', summary: 'Put what is known of an item', declared: project.item }

  app.openapi(profileRoute(authenticate, users), async (c) => {
    const profile = toProfile(c.req.valid('param').id, c.req.valid('json').attributes)
    await storeUser(connect(c.env.DB), profile)
    return c.json({ id: profile.id, updatedAt: new Date(profile.updatedAt).toISOString() }, 200)
  })
  app.openapi(profileRoute(authenticate, items), async (c) => {
    const profile = toProfile(c.req.valid('param').id, c.req.valid('json').attributes)
    await storeItem(connect(c.env.DB), profile)
    return c.json({ id: profile.id, updatedAt: new Date(profile.updatedAt).toISOString() }, 200)
  })
}

interface ProfileKind {
  readonly path: string
  readonly summary: string
  readonly declared: Readonly<Record<string, Attribute>>
}

function profileRoute(authenticate: Authenticate, { path, summary, declared }: ProfileKind) {
  const body = z.strictObject({ attributes: attributesSchema(declared) })
  const answer = z.object({ id: z.string(), updatedAt: z.string() })
  return createRoute({
    method: 'put',
    path,
    summary,
    description: 'Scope: ingest. Replaces the attributes; one that is null or left out is missing.',
    security: [{ key: [] }],
    middleware: [authenticate('ingest')] as const,
    request: {
      params: z.object({ id }),
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses: {
      200: { description: 'Stored', content: { 'application/json': { schema: answer } } },
      ...problemResponses([...BODY_STATUSES, ...KEY_STATUSES]),
    },
  })
}

function toProfile(profileId: string, sent: Parameters<typeof toAttributes>[0]): Profile {
  return { id: profileId, attributes: toAttributes(sent), updatedAt: Date.now() }
}
