// POST /v1/events: takes what users did, once each.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { storeEvents } from '../db/events.ts'
import type { StoredEvents } from '../db/events.ts'
import { idOf, judgeEvents, toRefused } from '../intake/judge-events.ts'
import type { Judgement, Rejection } from '../intake/judge-events.ts'
import { requireScope } from '../middleware/authenticate.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { invalidRequest } from '../middleware/problem.ts'
import type { Reason } from '../reason.ts'
import { eventSchema, parseEvent } from './event-schema.ts'
import { BODY_STATUSES, KEY_STATUSES, problemResponses, reasonSchema } from './problem-schema.ts'

const EVENTS_MAX = 500
const CONFLICT: Reason = {
  code: 'conflicting_id',
  path: ['id'],
  message: 'Another event is stored under this id, and stays',
}

/**
 * Registers POST /v1/events. Events stand and fall alone, requests that cannot be right fall whole:
 * - A body that is no list of 1–500 events, two events with the same id, or a list without a single
 *   valid event: 4xx with the reasons by index, and nothing is stored.
 * - Else 200: the valid events are stored, those that were stored before count as duplicates, and the others,
 *   among them those under whose id another event is stored, are listed with their reasons and kept in
 *   quarantine.
 */
export function registerEvents(
  app: OpenAPIHono<AppEnv>,
  { project, authenticate }: { readonly project: Project; readonly authenticate: Authenticate },
): void {
  const schema = eventSchema(project)
  app.openAPIRegistry.register('Event', schema)
  app.openapi(eventsRoute(authenticate), async (c) => {
    const { events: sent, backfill: isBackfill = false } = c.req.valid('json')
    if (isBackfill) requireScope(c, 'admin')
    const receivedAt = c.get('clock')()
    const parse = (raw: unknown) => parseEvent(raw, { schema, receivedAt })
    const { accepted, rejected } = judgeEvents(sent, { parse, receivedAt, isBackfill })
    if (accepted.length === 0) throw invalidRequest(rejected.flatMap(reasonsInRequest))
    const refused = rejected.map((rejection) => toRefused(rejection, sent[rejection.index]))
    const requestId = c.get('requestId')
    const stored = await storeEvents(connect(c.env.DB), {
      accepted,
      refused,
      conflictText: JSON.stringify([CONFLICT]),
      requestId,
      receivedAt,
    })
    return c.json(toAnswer({ sent, accepted, rejected, stored }), 200)
  })
}

function eventsRoute(authenticate: Authenticate) {
  const events = z
    .array(z.unknown())
    .min(1)
    .max(EVENTS_MAX)
    .superRefine(refuseRepeatedIds)
    .openapi({ type: 'array', items: { $ref: '#/components/schemas/Event' } })
  const backfill = z
    .boolean()
    .optional()
    .openapi({
      description:
        'With an admin key: the events count as received when they happened, so that a model learns as if ' +
        'it had known them in time. For a log that was kept elsewhere and is moved here once. Not for events ' +
        'that come late as a matter of course: predictions will not have them in time either.',
    })
  const rejection = z.object({
    index: z.number().int(),
    id: z.string().optional(),
    reasons: z.array(reasonSchema).readonly(),
  })
  const answer = z.object({
    accepted: z.number().int().openapi({ description: 'Stored now' }),
    duplicates: z.number().int().openapi({ description: 'The same events were stored before' }),
    rejected: z.array(rejection).readonly().openapi({
      description: 'Not valid, or another event is stored under the id: kept in quarantine',
    }),
  })
  return createRoute({
    method: 'post',
    path: '/v1/events',
    summary: 'Take events',
    description:
      'Scope: ingest. 1–500 events, idempotent by id. Events of one moment keep the order of the list. ' +
      'An event up to five minutes ahead of the clock here happened when it was received. Past events are ' +
      'taken too, and are not seen at moments before they were received; see backfill.',
    security: [{ key: [] }],
    middleware: [authenticate('ingest')] as const,
    request: {
      body: {
        required: true,
        content: { 'application/json': { schema: z.strictObject({ events, backfill }) } },
      },
    },
    responses: {
      200: { description: 'What became of each event', content: { 'application/json': { schema: answer } } },
      ...problemResponses([...BODY_STATUSES, ...KEY_STATUSES]),
    },
  })
}

function refuseRepeatedIds(sent: readonly unknown[], context: z.core.$RefinementCtx): void {
  const seen = new Set<string>()
  for (const [index, raw] of sent.entries()) {
    const id = idOf(raw)
    if (id === undefined) continue
    if (seen.has(id)) {
      const message = 'An earlier event of this request has the same id'
      context.addIssue({ code: 'custom', path: [index, 'id'], message, params: { reason: 'duplicate_id' } })
    }
    seen.add(id)
  }
}

interface Outcome extends Judgement {
  readonly sent: readonly unknown[]
  readonly stored: StoredEvents
}

function toAnswer({ sent, accepted, rejected, stored: { count, conflicts } }: Outcome) {
  const conflicting = conflicts.map((index): Rejection => {
    const id = idOf(sent[index])
    return { index, ...(id !== undefined && { id }), reasons: [CONFLICT] }
  })
  return {
    accepted: count,
    duplicates: accepted.length - count - conflicts.length,
    rejected: [...rejected, ...conflicting].toSorted((a, b) => a.index - b.index),
  }
}

function reasonsInRequest({ index, reasons }: Rejection): Reason[] {
  return reasons.map((found) => ({ ...found, path: ['events', index, ...found.path] }))
}
