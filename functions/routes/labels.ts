// POST /v1/labels: takes what came true of label tasks, once each.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { storeLabels } from '../db/labels.ts'
import type { Label } from '../db/labels.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { invalidRequest } from '../middleware/problem.ts'
import type { Reason } from '../reason.ts'
import { inFuture, isInFuture } from './fields.ts'
import { labelSchema } from './label-schema.ts'
import { BODY_STATUSES, KEY_STATUSES, problemResponses } from './problem-schema.ts'
import type { ReasonCode } from './reasons.ts'

const LABELS_MAX = 500

/**
 * Registers POST /v1/labels. A request stands or falls whole: one label that cannot be right, and nothing is
 * stored. A user of whom nothing else is known is no fault: labels may come before the first event.
 */
export function registerLabels(
  app: OpenAPIHono<AppEnv>,
  { project, authenticate }: { readonly project: Project; readonly authenticate: Authenticate },
): void {
  app.openapi(labelsRoute(project, authenticate), async (c) => {
    const nowMs = c.get('clock')()
    const { labels } = c.req.valid('json')
    const sent = labels.map((label): Label => {
      // `at` as a clock ahead tells it: by now it would be another moment each time that the label is sent.
      const { at, knownAt = nowMs } = label
      return { ...label, knownAt: Math.max(at, Math.min(knownAt, nowMs)) }
    })
    const reasons = [
      ...labels.flatMap((label, index) => timeFaults(label, { index, nowMs })),
      ...repeated(sent),
    ]
    if (reasons.length > 0) throw invalidRequest(reasons)
    const accepted = await storeLabels(connect(c.env.DB), { sent, storedAt: nowMs })
    return c.json({ accepted, duplicates: sent.length - accepted }, 200)
  })
}

function labelsRoute(project: Project, authenticate: Authenticate) {
  const body = z.strictObject({ labels: z.array(labelSchema(project)).min(1).max(LABELS_MAX) })
  const answer = z.object({
    accepted: z.number().int().openapi({ description: 'Stored now, corrections among them' }),
    duplicates: z.number().int().openapi({ description: 'The same labels were stored before' }),
  })
  return createRoute({
    method: 'post',
    path: '/v1/labels',
    summary: 'Take labels',
    description:
      'Scope: ingest. 1–500 labels, all or none, idempotent by user, task and moment: the same again is not ' +
      'stored, and another value corrects the one before. A user of whom nothing else is known may have ' +
      'labels; a model learns from them once there is something to learn from.',
    security: [{ key: [] }],
    middleware: [authenticate('ingest')] as const,
    request: { body: { required: true, content: { 'application/json': { schema: body } } } },
    responses: {
      200: { description: 'What became of them', content: { 'application/json': { schema: answer } } },
      ...problemResponses([...BODY_STATUSES, ...KEY_STATUSES]),
    },
  })
}

interface Times {
  readonly at: number
  readonly knownAt?: number | undefined
}

function timeFaults(
  { at, knownAt }: Times,
  { index, nowMs }: { readonly index: number; readonly nowMs: number },
): Reason[] {
  const faults = [
    ...(isInFuture(at, nowMs) ? [inFuture(['at'])] : []),
    ...(knownAt !== undefined && isInFuture(knownAt, nowMs) ? [inFuture(['knownAt'])] : []),
    ...(knownAt !== undefined && knownAt < at
      ? [fault('known_too_early', ['knownAt'], 'Lies before the moment asked about')]
      : []),
  ]
  return faults.map((found) => ({ ...found, path: ['labels', index, ...found.path] }))
}

/** Two labels of one question: which of them holds nobody could say. */
function repeated(sent: readonly Label[]): Reason[] {
  const seen = new Set<string>()
  return sent.flatMap(({ userId, task, at }, index) => {
    const key = JSON.stringify([userId, task, at])
    if (!seen.has(key)) {
      seen.add(key)
      return []
    }
    const message = 'An earlier label of this request is about the same user, task and moment'
    return [fault('duplicate_label', ['labels', index], message)]
  })
}

function fault(code: ReasonCode, path: Reason['path'], message: string): Reason {
  return { code, path, message }
}
