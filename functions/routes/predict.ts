// POST /v1/predict: answers the project's tasks for one user at a moment.
import { createRoute } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { timing, wrapTime } from 'hono/timing'
import type { Answers } from '../../features/decode.ts'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { predict } from '../inference/predict.ts'
import type { Prediction } from '../inference/predict.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { invalidRequest } from '../middleware/problem.ts'
import type { Champion } from './champion.ts'
import { isInFuture } from './fields.ts'
import { loadQuestion } from './load-question.ts'
import type { Question, QuestionSources } from './load-question.ts'
import { predictAnswerSchema, predictSchema } from './predict-schema.ts'
import type { PredictBody } from './predict-schema.ts'
import { BODY_STATUSES, KEY_STATUSES, problemResponses } from './problem-schema.ts'

export interface PredictOptions {
  readonly project: Project
  readonly authenticate: Authenticate
  readonly champion: Champion
}

/**
 * Registers POST /v1/predict. A user of whom nothing is known, or a model that fails, is answered by
 * the prior and marked so in `fallback`; without a bundle that can be read the answer is a 503.
 */
export function registerPredict(app: OpenAPIHono<AppEnv>, options: PredictOptions): void {
  app.openapi(predictRoute(options), async (c) => {
    const sent = c.req.valid('json')
    const at = momentAsked(sent, Date.now())
    const question = await loadQuestion(sent, questionSources(c, { champion: options.champion, at }))
    const prediction = await wrapTime(c, 'model', predict(question.bundle, question.request))
    return c.json(toAnswer({ sent, at, question, prediction, requestId: c.get('requestId') }), 200)
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

function questionSources(
  c: Context<AppEnv>,
  { champion, at }: { readonly champion: Champion; readonly at: number },
): QuestionSources {
  return {
    db: connect(c.env.DB),
    bucket: c.env.BUNDLES,
    keepAlive: (work) => c.executionCtx.waitUntil(work),
    time: (stage, work) => wrapTime(c, stage, work),
    champion,
    at,
  }
}

function momentAsked(sent: PredictBody, nowMs: number): number {
  if (sent.at === undefined) return nowMs
  if (!isInFuture(sent.at, nowMs)) return sent.at
  throw invalidRequest([
    { code: 'time_in_future', path: ['at'], message: 'Lies more than five minutes ahead' },
  ])
}

interface AnswerParts {
  readonly sent: PredictBody
  readonly at: number
  readonly question: Question
  readonly prediction: Prediction
  readonly requestId: string
}

function toAnswer({ sent, at, question, prediction, requestId }: AnswerParts) {
  const { bundleId, family, createdAt } = question.deployment
  return {
    ...(sent.userId !== undefined && { userId: sent.userId }),
    at: new Date(at).toISOString(),
    bundle: { id: bundleId, family, createdAt: new Date(createdAt).toISOString() },
    fallback: prediction.fallback,
    answers: chosenAnswers(prediction.answers, sent.tasks),
    requestId,
  }
}

function chosenAnswers(answers: Answers, tasks: readonly string[] | undefined): Answers {
  if (tasks === undefined) return answers
  const chosen = tasks.map((task, index) => {
    const answer = answers[task]
    if (answer !== undefined) return [task, answer] as const
    const message = `The published model does not answer '${task}'`
    throw invalidRequest([{ code: 'task_not_in_model', path: ['tasks', index], message }])
  })
  return Object.fromEntries(chosen)
}
