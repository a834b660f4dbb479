// POST /v1/events: takes what users did, once each.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Event } from '../../features/event.ts'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { storeEvents } from '../db/events.ts'
import type { RefusedEvent } from '../db/events.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { invalidRequest } from '../middleware/problem.ts'
import type { Reason } from '../middleware/problem.ts'
import { cutText } from './cut-text.ts'
import { eventSchema } from './event-schema.ts'
import { isInFuture } from './fields.ts'
import { BODY_STATUSES, KEY_STATUSES, problemResponses, reasonSchema } from './problem-schema.ts'
import { toReasons } from './reasons.ts'

const EVENTS_MAX = 500
/** How much of a refused event's text is kept. */
const REFUSED_TEXT_MAX = 2_000
const REASONS_MAX = 10

interface Rejection {
  readonly index: number
  readonly id?: string
  readonly reasons: readonly Reason[]
}

interface Judgement {
  readonly accepted: readonly Event[]
  readonly rejected: readonly Rejection[]
}

/**
 * Registers POST /v1/events. Events stand and fall alone, requests that cannot be right fall whole:
 * - A body that is no list of 1–500 events, two events with the same id, or a list without a single
 *   valid event: 4xx with the reasons by index, and nothing is stored.
 * - Else 200: the valid events are stored, those whose id was known before count as duplicates, and
 *   the others are listed with their reasons and kept in quarantine.
 */
export function registerEvents(
  app: OpenAPIHono<AppEnv>,
  { project, authenticate }: { readonly project: Project; readonly authenticate: Authenticate },
): void {
  const schema = eventSchema(project)
  app.openAPIRegistry.register('Event', schema)
  app.openapi(eventsRoute(authenticate), async (c) => {
    const receivedAt = Date.now()
    const sent = c.req.valid('json').events
    const { accepted, rejected } = judgeEvents(sent, { schema, receivedAt })
    if (accepted.length === 0) throw invalidRequest(rejected.flatMap(reasonsInRequest))
    const refused = rejected.map((rejection) => toRefused(rejection, sent[rejection.index]))
    const requestId = c.get('requestId')
    const stored = await storeEvents(connect(c.env.DB), { accepted, refused, requestId, receivedAt })
    return c.json({ accepted: stored, duplicates: accepted.length - stored, rejected }, 200)
  })
}

function eventsRoute(authenticate: Authenticate) {
  const list = z
    .array(z.unknown())
    .min(1)
    .max(EVENTS_MAX)
    .superRefine(refuseRepeatedIds)
    .openapi({ type: 'array', items: { $ref: '#/components/schemas/Event' } })
  const rejection = z.object({
    index: z.number().int(),
    id: z.string().optional(),
    reasons: z.array(reasonSchema).readonly(),
  })
  const answer = z.object({
    accepted: z.number().int().openapi({ description: 'Stored now' }),
    duplicates: z.number().int().openapi({ description: 'Their ids were known before' }),
    rejected: z.array(rejection).readonly().openapi({ description: 'Not valid, kept in quarantine' }),
  })
  return createRoute({
    method: 'post',
    path: '/v1/events',
    summary: 'Take events',
    description: 'Scope: ingest. 1–500 events, idempotent by id.',
    security: [{ key: [] }],
    middleware: [authenticate('ingest')] as const,
    request: {
      body: { required: true, content: { 'application/json': { schema: z.strictObject({ events: list }) } } },
    },
    responses: {
      200: { description: 'What became of each event', content: { 'application/json': { schema: answer } } },
      ...problemResponses([...BODY_STATUSES, ...KEY_STATUSES]),
    },
  })
}

function judgeEvents(
  sent: readonly unknown[],
  { schema, receivedAt }: { readonly schema: ReturnType<typeof eventSchema>; readonly receivedAt: number },
): Judgement {
  const accepted: Event[] = []
  const rejected: Rejection[] = []
  for (const [index, raw] of sent.entries()) {
    const parsed = schema.safeParse(raw)
    const reasons = parsed.success
      ? futureReasons(parsed.data.occurredAt, receivedAt)
      : toReasons(parsed.error.issues)
    if (parsed.success && reasons.length === 0) {
      accepted.push(toEvent(parsed.data, receivedAt))
    } else {
      const id = idOf(raw)
      rejected.push({ index, ...(id !== undefined && { id }), reasons: reasons.slice(0, REASONS_MAX) })
    }
  }
  return { accepted, rejected }
}

function toEvent(sent: z.output<ReturnType<typeof eventSchema>>, receivedAt: number): Event {
  const { itemId, value, properties, ...event } = sent
  return {
    ...event,
    receivedAt,
    ...(itemId !== undefined && { itemId }),
    ...(value !== undefined && { value }),
    ...(properties !== undefined && { properties }),
  }
}

function futureReasons(occurredAt: number, nowMs: number): Reason[] {
  if (!isInFuture(occurredAt, nowMs)) return []
  return [{ code: 'time_in_future', path: ['occurredAt'], message: 'Lies more than five minutes ahead' }]
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

function idOf(raw: unknown): string | undefined {
  return typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'string'
    ? raw.id
    : undefined
}

function reasonsInRequest({ index, reasons }: Rejection): Reason[] {
  return reasons.map((found) => ({ ...found, path: ['events', index, ...found.path] }))
}

function toRefused({ index, reasons }: Rejection, raw: unknown): RefusedEvent {
  return {
    position: index,
    eventText: cutText(jsonText(raw), REFUSED_TEXT_MAX),
    reasonsText: JSON.stringify(reasons),
  }
}

/** JSON.stringify recurses: what is nested too deeply for it is not kept. */
function jsonText(raw: unknown): string {
  try {
    return JSON.stringify(raw)
  } catch {
    return 'null'
  }
}
