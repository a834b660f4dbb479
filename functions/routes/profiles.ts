// PUT /v1/users/:id and /v1/items/:id: what is known of a user or an item, from now on.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { madeVectors } from '../../features/made-vectors.ts'
import type { MadeVector } from '../../features/made-vectors.ts'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import type { Wanted } from '../db/encodings.ts'
import { storeVersion, withHeldVectors } from '../db/versions.ts'
import type { StoredVersion } from '../db/versions.ts'
import { madeByWorker } from '../encoders/create-encoder.ts'
import { requireScope } from '../middleware/authenticate.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { invalidRequest } from '../middleware/problem.ts'
import {
  attributesSchema,
  declaredAttributes,
  inFuture,
  isInFuture,
  knownId,
  moment,
  toAttributes,
} from './fields.ts'
import type { DeclaredAttributes } from './fields.ts'
import { BODY_STATUSES, KEY_STATUSES, problemResponses } from './problem-schema.ts'

/** Registers both routes. Attributes that the project does not declare are refused by name. */
export function registerProfiles(
  app: OpenAPIHono<AppEnv>,
  { project, authenticate }: { readonly project: Project; readonly authenticate: Authenticate },
): void {
  const users = {
    path: '/v1/users/{id}',
    id: knownId,
    summary: 'Put what is known of a user',
    attributes: declaredAttributes(project, 'user'),
    made: madeVectors(project.user),
  }
  const items = {
    path: '/v1/items/{id}',
    id: knownId,
    summary: 'Put what is known of an item',
    attributes: declaredAttributes(project, 'item'),
    made: madeVectors(project.item),
  }

  app.openapi(profileRoute(authenticate, users), async (c) => {
    const version = toVersion(c, { ...c.req.valid('param'), ...c.req.valid('json') })
    const db = connect(c.env.DB)
    const whole = await withHeldVectors(db, { ...version, kind: 'user' as const }, users.made)
    const changed = await storeVersion(db, whole, wantedBy(whole, users.made))
    return c.json({ id: version.id, knownAt: new Date(version.knownAt).toISOString(), changed }, 200)
  })
  app.openapi(profileRoute(authenticate, items), async (c) => {
    const version = toVersion(c, { ...c.req.valid('param'), ...c.req.valid('json') })
    const db = connect(c.env.DB)
    const whole = await withHeldVectors(db, { ...version, kind: 'item' as const }, items.made)
    const changed = await storeVersion(db, whole, wantedBy(whole, items.made))
    return c.json({ id: version.id, knownAt: new Date(version.knownAt).toISOString(), changed }, 200)
  })
}

/** The vectors that the Worker is to make of texts of a version, and has not yet. */
function wantedBy({ kind, id, knownAt, attributes }: StoredVersion, made: readonly MadeVector[]): Wanted[] {
  return madeByWorker(made).flatMap(({ name, text: textName, encoder: { model } }) => {
    const text = attributes[textName]
    const isWanted = typeof text === 'string' && (attributes[name] ?? null) === null
    return isWanted ? [{ kind, id, knownAt, name, textName, text, model }] : []
  })
}

interface ProfileKind {
  readonly path: string
  readonly id: typeof knownId
  readonly summary: string
  readonly attributes: DeclaredAttributes
}

function profileRoute(authenticate: Authenticate, kind: ProfileKind) {
  const { path, summary, attributes } = kind
  const body = z.strictObject({
    attributes: attributesSchema(attributes),
    knownAt: moment.optional().openapi({
      description:
        'With an admin key: since when this was known, where that is not now. For moving profiles with ' +
        'their past here, in any order; predictions and training at moments before it do not see it.',
    }),
  })
  const answer = z.object({
    id: z.string(),
    knownAt: z.string().openapi({ description: 'Since when it counts as known, ISO 8601' }),
    changed: z.boolean().openapi({ description: 'Whether this was new: the same again is not stored' }),
  })
  return createRoute({
    method: 'put',
    path,
    summary,
    description:
      'Scope: ingest. Replaces the attributes from now on; one that is null or left out is missing, none at ' +
      'all is how someone is forgotten. What was known before stays with the moments before.',
    security: [{ key: [] }],
    middleware: [authenticate('ingest')] as const,
    request: {
      params: z.object({ id: kind.id }),
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses: {
      200: { description: 'Known', content: { 'application/json': { schema: answer } } },
      ...problemResponses([...BODY_STATUSES, ...KEY_STATUSES]),
    },
  })
}

interface SentProfile {
  readonly id: string
  readonly attributes: Parameters<typeof toAttributes>[0]
  readonly knownAt?: number | undefined
}

/** Throws ProblemError where the key may not date what it puts, or dates it in the future. */
function toVersion(c: Context<AppEnv>, { id: profileId, attributes, knownAt }: SentProfile) {
  const nowMs = c.get('clock')()
  if (knownAt !== undefined) requireScope(c, 'admin')
  if (knownAt !== undefined && isInFuture(knownAt, nowMs)) throw invalidRequest([inFuture(['knownAt'])])
  return {
    id: profileId,
    knownAt: Math.min(knownAt ?? nowMs, nowMs),
    isDated: knownAt !== undefined,
    storedAt: nowMs,
    attributes: toAttributes(attributes),
  }
}
