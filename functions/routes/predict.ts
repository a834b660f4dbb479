// POST /v1/predict: answers the project's tasks for one user at a moment.
import { createRoute } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { timing, wrapTime } from 'hono/timing'
import type { EncodeRequest } from '../../features/encode.ts'
import type { Answers } from '../../features/heads/head.ts'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import type { Deployment } from '../db/deployments.ts'
import type { Answering } from '../inference/answerer.ts'
import type { LoadedBundle } from '../inference/bundle.ts'
import { explainPrediction } from '../inference/explain.ts'
import type { Reasons } from '../inference/explain.ts'
import { predict } from '../inference/predict.ts'
import type { Prediction } from '../inference/predict.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { invalidRequest } from '../middleware/problem.ts'
import { readKnown, unlessNewcomer } from '../questions/known.ts'
import type { Serving } from '../questions/serving.ts'
import { acquireFor } from './acquire-bundle.ts'
import { NOTHING_CHANGES } from './explain-schema.ts'
import { inFuture, isInFuture, toAttributes } from './fields.ts'
import { toInlineRequest } from './inline-request.ts'
import type { Moments } from './inline-request.ts'
import { logPrediction } from './log-prediction.ts'
import { predictAnswerSchema, predictSchema } from './predict-schema.ts'
import type { PredictBody } from './predict-schema.ts'
import { BODY_STATUSES, KEY_STATUSES, problemResponses } from './problem-schema.ts'

export interface PredictOptions {
  readonly project: Project
  readonly authenticate: Authenticate
  readonly serving: Serving
}

/**
 * Registers POST /v1/predict. A user of whom nothing is known, or a model that fails, is answered by
 * the prior and marked so in `fallback`; without a bundle that can be read the answer is a 503.
 */
export function registerPredict(app: OpenAPIHono<AppEnv>, options: PredictOptions): void {
  const { project, serving } = options
  app.openapi(predictRoute(options), async (c) => {
    const sent = c.req.valid('json')
    // Read once: what a clock ahead tells of happened now, which is not after the moment asked.
    const clock = c.get('clock')
    const nowMs = clock()
    const atMs = momentAsked(sent, nowMs)
    const keepAlive = (work: Promise<unknown>): void => c.executionCtx.waitUntil(work)
    const reads = Promise.all([
      serving.roles({ binding: c.env.DB, keepAlive, clock }),
      known(c, { project, sent, atMs, nowMs }),
    ])
    const [roles, request] = await wrapTime(c, 'storage', reads)
    const answering = await wrapTime(c, 'bundle', acquireFor(c, { serving, roles, userId: sent.userId }))
    try {
      assertAnswered(answering.bundle, sent.tasks)
      const prediction = await wrapTime(
        c,
        'model',
        predict(answering.bundle, request, { interval: sent.interval === true }),
      )
      const reasons = await reasonsFor(c, { sent, request, answering, prediction })
      logPrediction(c, { serving, roles, sent, request, answering, prediction, nowMs })
      const requestId = c.get('requestId')
      return c.json(toAnswer({ sent, atMs, answering, prediction, reasons, requestId }), 200)
    } finally {
      answering.release()
    }
  })
}

function predictRoute({ project, authenticate }: PredictOptions) {
  return createRoute({
    method: 'post',
    path: '/v1/predict',
    summary: 'Predict what a user does next',
    description:
      'Scope: predict. By userId from what is stored, or from a history and attributes in the body. ' +
      'The header Server-Timing tells how long each stage took, as far as the clock of a Worker sees it.',
    security: [{ key: [] }],
    middleware: [timing({ total: true }), authenticate('predict')] as const,
    request: {
      body: { required: true, content: { 'application/json': { schema: predictSchema(project) } } },
    },
    responses: {
      200: {
        description: 'The answers, by task',
        content: { 'application/json': { schema: predictAnswerSchema } },
      },
      ...problemResponses([...BODY_STATUSES, ...KEY_STATUSES]),
    },
  })
}

type Answered = Pick<AnswerParts, 'sent' | 'answering' | 'prediction'>

/** The reasons of the answers that are given, where they are asked for. */
async function reasonsFor(
  c: Context<AppEnv>,
  { sent, request, answering, prediction }: Answered & { readonly request: EncodeRequest | undefined },
): Promise<Reasons | undefined> {
  const asked = sent.explain
  if (asked === undefined || asked === false) return undefined
  const tasks = sent.tasks ?? Object.keys(prediction.answers)
  const wanted = { ...(asked === true ? NOTHING_CHANGES : asked), tasks }
  return wrapTime(c, 'reasons', explainPrediction(answering.bundle, { request, prediction, asked: wanted }))
}

interface KnownQuestion extends Moments {
  readonly project: Project
  readonly sent: PredictBody
}

/** What is known of the user asked about; undefined for a newcomer. */
async function known(
  c: Context<AppEnv>,
  { project, sent, atMs, nowMs }: KnownQuestion,
): Promise<EncodeRequest | undefined> {
  const context = sent.context === undefined ? {} : { context: toAttributes(sent.context) }
  return sent.userId === undefined
    ? unlessNewcomer(project, { ...toInlineRequest(sent, { atMs, nowMs }), ...context })
    : readKnown(project, { binding: c.env.DB, userId: sent.userId, atMs, ...context })
}

function momentAsked(sent: PredictBody, nowMs: number): number {
  if (sent.at === undefined) return nowMs
  if (isInFuture(sent.at, nowMs)) throw invalidRequest([inFuture(['at'])])
  return sent.at
}

/** Throws ProblemError where a task is asked for by name that the bundle does not answer. */
function assertAnswered({ unanswered }: LoadedBundle, tasks: readonly string[] | undefined): void {
  const reasons = (tasks ?? []).flatMap((task, index) => {
    const reason = unanswered.get(task)
    if (reason === undefined) return []
    const path = ['tasks', index]
    return reason === 'changed'
      ? [
          {
            code: 'task_changed',
            path,
            message: `'${task}' meant something else when the model was trained: train and publish again`,
          },
        ]
      : [{ code: 'task_not_in_model', path, message: `The published model does not answer '${task}'` }]
  })
  if (reasons.length > 0) throw invalidRequest(reasons)
}

interface AnswerParts {
  readonly sent: PredictBody
  readonly atMs: number
  readonly answering: Answering<Deployment>
  readonly prediction: Prediction
  readonly reasons: Reasons | undefined
  readonly requestId: string
}

function toAnswer({ sent, atMs, answering, prediction, reasons, requestId }: AnswerParts) {
  const { deployed, bundle, insteadOf } = answering
  const unanswered =
    sent.tasks === undefined ? Array.from(bundle.unanswered, ([task, reason]) => ({ task, reason })) : []
  return {
    ...(sent.userId !== undefined && { userId: sent.userId }),
    at: new Date(atMs).toISOString(),
    bundle: {
      id: deployed.bundleId,
      family: deployed.family,
      role: deployed.role,
      createdAt: new Date(deployed.createdAt).toISOString(),
      ...(insteadOf !== undefined && { insteadOf: { id: insteadOf.id, reason: insteadOf.reason } }),
    },
    fallback: prediction.fallback,
    answers: sent.tasks === undefined ? prediction.answers : chosenAnswers(prediction.answers, sent.tasks),
    ...(unanswered.length > 0 && { unanswered }),
    ...(reasons !== undefined && { explanations: reasons }),
    requestId,
  }
}

/** Of each of the tasks, which assertAnswered has seen, its answer. */
function chosenAnswers(answers: Answers, tasks: readonly string[]): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([task]) => tasks.includes(task)))
}
