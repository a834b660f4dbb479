// GET and POST /v1/trainings: what was trained and why, whether one is due, and asking for one now.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { queueTraining, readTrainingFacts, readTrainings } from '../db/trainings.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { ProblemError } from '../middleware/problem.ts'
import { decide } from '../scheduled/due/decide.ts'
import { tell } from '../scheduled/trainings.ts'
import { words } from './fields.ts'
import { BODY_STATUSES, KEY_STATUSES, problemResponses } from './problem-schema.ts'
import { toSentTraining, trainingSchema } from './training-schema.ts'

const TRAININGS_MAX = 100
const WHY_LENGTH_MAX = 1_000

export interface TrainingsOptions {
  readonly project: Project
  readonly authenticate: Authenticate
}

export function registerTrainings(
  app: OpenAPIHono<AppEnv>,
  { project, authenticate }: TrainingsOptions,
): void {
  app.openapi(listRoute(authenticate), async (c) => {
    const db = connect(c.env.DB)
    const [facts, trainings] = await Promise.all([readTrainingFacts(db), readTrainings(db, TRAININGS_MAX)])
    const due = decide({ facts, nowMs: c.get('clock')(), isOn: c.env.TRAINING !== 'off' })
    return c.json({ due, trainings: trainings.map(toSentTraining) }, 200)
  })
  app.openapi(queueRoute(authenticate), async (c) => {
    const { why } = c.req.valid('json')
    const nowMs = c.get('clock')()
    const queued = await queueTraining(connect(c.env.DB), { why, nowMs })
    if (queued === undefined)
      throw new ProblemError('training_open', { detail: 'GET /v1/trainings shows it' })
    const told = await tell(queued, { project, binding: c.env.DB, variables: c.env, nowMs })
    return c.json({ training: toSentTraining(queued), told }, 202)
  })
}

function listRoute(authenticate: Authenticate) {
  const answer = z.object({
    due: z
      .object({ isDue: z.boolean(), why: z.string() })
      .openapi({ description: 'Whether one is due now, and why or why not' }),
    trainings: z.array(trainingSchema).openapi({ description: `The latest ${TRAININGS_MAX}, latest first` }),
  })
  return createRoute({
    method: 'get',
    path: '/v1/trainings',
    summary: 'List the trainings',
    description: 'Scope: admin.',
    security: [{ key: [] }],
    middleware: [authenticate('admin')] as const,
    responses: {
      200: { description: 'The trainings', content: { 'application/json': { schema: answer } } },
      ...problemResponses(KEY_STATUSES),
    },
  })
}

function queueRoute(authenticate: Authenticate) {
  const body = z.strictObject({ why: words(WHY_LENGTH_MAX).default('asked for over HTTP') })
  const answer = z.object({
    training: trainingSchema,
    told: z.string().openapi({ description: 'Which trainer was told, or why none could be' }),
  })
  return createRoute({
    method: 'post',
    path: '/v1/trainings',
    summary: 'Ask for a training now',
    description: 'Scope: admin. Whether or not one is due; not while one is queued or under way.',
    security: [{ key: [] }],
    middleware: [authenticate('admin')] as const,
    request: { body: { required: true, content: { 'application/json': { schema: body } } } },
    responses: {
      202: { description: 'Queued', content: { 'application/json': { schema: answer } } },
      ...problemResponses([409, ...BODY_STATUSES, ...KEY_STATUSES]),
    },
  })
}
