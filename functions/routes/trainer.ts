// POST /v1/trainings/claim, …/{id}/heartbeat and …/{id}/end: what a trainer says to the service. It holds a
// training by a lease, and lets nobody else publish for it; each call may be made again.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { FEATURE_VERSION } from '../../features/manifest.ts'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { endAlarm, ringAlarm } from '../db/alarms.ts'
import { connect } from '../db/client.ts'
import { claimTraining, endTraining, findTraining, readPublishedRows, renewLease } from '../db/trainings.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { ProblemError } from '../middleware/problem.ts'
import { wholeParameter, words } from './fields.ts'
import { BODY_STATUSES, KEY_STATUSES, problemResponses } from './problem-schema.ts'
import { toSentTraining, trainingSchema } from './training-schema.ts'

const TEXT_LENGTH_MAX = 4_000
const LEASE_MS = { default: 120_000, min: 1_000, max: 3_600_000 }
/** Less of what the last bundle learned from is a fault of the data until a person says otherwise. */
const ROWS_SHARE_MIN = 0.5

const text = words(TEXT_LENGTH_MAX)
const leaseMs = z
  .number()
  .int()
  .min(LEASE_MS.min)
  .max(LEASE_MS.max)
  .default(LEASE_MS.default)
  .openapi({ description: 'How long the lease is to last unless a heartbeat renews it' })
const lease = text.openapi({ description: 'As the claim gave it' })
const idParams = z.object({ id: wholeParameter('the number of a training') })

export interface TrainerOptions {
  readonly project: Project
  readonly authenticate: Authenticate
}

export function registerTrainer(app: OpenAPIHono<AppEnv>, { project, authenticate }: TrainerOptions): void {
  app.openapi(claimRoute(authenticate), async (c) => {
    const { by, featureVersion, project: named, leaseMs: wanted } = c.req.valid('json')
    assertVersion(featureVersion)
    assertProject(project, named)
    const db = connect(c.env.DB)
    const secret = crypto.randomUUID()
    const nowMs = c.get('clock')()
    const { claimed, givenUp } = await claimTraining(db, { by, lease: secret, leaseMs: wanted, nowMs })
    if (givenUp !== undefined) await noteEnding(c, { ...givenUp, verdict: givenUp.verdict ?? '' })
    const training = claimed === undefined ? null : toSentTraining(claimed)
    return c.json({ training, lease: secret }, 200)
  })
  app.openapi(heartbeatRoute(authenticate), async (c) => {
    const { id } = c.req.valid('param')
    const { lease: held, ...progress } = c.req.valid('json')
    const isHeld = await renewLease(connect(c.env.DB), { id, lease: held, nowMs: c.get('clock')() }, progress)
    if (!isHeld) throw await lost(c, id)
    // Only now: who holds nothing rings no alarm, and ends none.
    if (progress.rows !== undefined) await assertEnough(c, progress.rows)
    return c.json({ leaseMs: progress.leaseMs }, 200)
  })
  app.openapi(endRoute(authenticate), async (c) => {
    const { id } = c.req.valid('param')
    const { lease: held, ...ending } = c.req.valid('json')
    const isEnded = await endTraining(connect(c.env.DB), { id, lease: held, nowMs: c.get('clock')() }, ending)
    if (!isEnded) throw await lost(c, id)
    await noteEnding(c, { id, ...ending })
    return c.json({ state: ending.state }, 200)
  })
}

/** Throws ProblemError other_version: what one version encodes another may read wrongly. */
function assertVersion(featureVersion: number): void {
  if (featureVersion === FEATURE_VERSION) return
  const detail = `The service encodes by version ${FEATURE_VERSION}, the trainer by ${featureVersion}: bring both to one commit`
  throw new ProblemError('other_version', { detail })
}

/** Throws ProblemError other_project: it would claim what it cannot carry out, and let it fail. */
function assertProject({ name }: Project, named: string | undefined): void {
  if (named === undefined || named === name) return
  throw new ProblemError('other_project', { detail: `The service serves project '${name}', not '${named}'` })
}

/** Throws ProblemError data_shrank, and lets the alarm of that name ring. */
async function assertEnough(c: Context<AppEnv>, rows: number): Promise<void> {
  const db = connect(c.env.DB)
  const nowMs = c.get('clock')()
  const before = await readPublishedRows(db)
  if (before === undefined || rows >= ROWS_SHARE_MIN * before) {
    await endAlarm(db, { kind: 'data_shrank', nowMs })
    return
  }
  const detail = `${rows} rows, where the last bundle that was published learned from ${before}: look what became of the others, then publish by hand`
  await ringAlarm(db, { kind: 'data_shrank', at: nowMs, detail })
  throw new ProblemError('data_shrank', { detail })
}

/** Lets the alarm ring of a training that failed, and ends it when one did not. */
async function noteEnding(
  c: Context<AppEnv>,
  { id, state, verdict }: { readonly id: number; readonly state: string; readonly verdict: string },
): Promise<void> {
  const db = connect(c.env.DB)
  const nowMs = c.get('clock')()
  if (state === 'failed')
    await ringAlarm(db, { kind: 'training', at: nowMs, detail: `Training ${id}: ${verdict}` })
  else if (state !== 'refused') await endAlarm(db, { kind: 'training', nowMs })
}

/** Whose it is now. */
async function lost(c: Context<AppEnv>, id: number): Promise<ProblemError> {
  const training = await findTraining(connect(c.env.DB), id)
  if (training === undefined) return new ProblemError('not_found', { detail: `There is no training ${id}` })
  const { state, claimedBy } = training
  const detail =
    state === 'claimed' ? `Training ${id} was taken up by ${claimedBy}` : `Training ${id} is ${state}`
  return new ProblemError('lease_lost', { detail })
}

function claimRoute(authenticate: Authenticate) {
  const body = z.strictObject({
    by: text.min(1).openapi({ description: 'Who claims, as people read it' }),
    leaseMs,
    featureVersion: z.number().int().openapi({ description: 'By which the trainer encodes' }),
    project: text.optional().openapi({ description: 'Which the trainer trains; another is refused' }),
  })
  const answer = z.object({
    training: trainingSchema.nullable().openapi({ description: 'null where nothing is to be done' }),
    lease: z.string(),
  })
  return createRoute({
    ...shared(authenticate),
    path: '/v1/trainings/claim',
    summary: 'Take up a training that is queued, or whose trainer was not heard of any more',
    request: { body: { required: true, content: { 'application/json': { schema: body } } } },
    responses: {
      200: { description: 'What is to be done', content: { 'application/json': { schema: answer } } },
      ...problemResponses([409, ...BODY_STATUSES, ...KEY_STATUSES]),
    },
  })
}

function heartbeatRoute(authenticate: Authenticate) {
  const body = z.strictObject({
    lease,
    leaseMs,
    step: text,
    rows: z
      .number()
      .int()
      .nonnegative()
      .optional()
      .openapi({ description: 'How many rows there are to learn from' }),
    bundleId: text.optional().openapi({ description: 'Told before the bundle is published' }),
  })
  const answer = z.object({ leaseMs: z.number().int() })
  return createRoute({
    ...shared(authenticate),
    path: '/v1/trainings/{id}/heartbeat',
    summary: 'Renew the lease of a training',
    request: {
      params: idParams,
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses: {
      200: { description: 'Renewed', content: { 'application/json': { schema: answer } } },
      ...problemResponses([404, 409, ...BODY_STATUSES, ...KEY_STATUSES]),
    },
  })
}

function endRoute(authenticate: Authenticate) {
  const state = z.enum(['published', 'kept', 'refused', 'failed'])
  const body = z.strictObject({ lease, state, verdict: text })
  return createRoute({
    ...shared(authenticate),
    path: '/v1/trainings/{id}/end',
    summary: 'End a training',
    request: {
      params: idParams,
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses: {
      200: { description: 'Ended', content: { 'application/json': { schema: z.object({ state }) } } },
      ...problemResponses([404, 409, ...BODY_STATUSES, ...KEY_STATUSES]),
    },
  })
}

function shared(authenticate: Authenticate) {
  return {
    method: 'post' as const,
    description: 'Scope: admin.',
    security: [{ key: [] }],
    middleware: authenticate('admin'),
  }
}
