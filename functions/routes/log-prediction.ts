// Notes what was answered, and asks the shadow the same, once the answer is on its way.
import type { Context } from 'hono'
import type { EncodeRequest } from '../../features/encode.ts'
import { numbersOfAnswer } from '../../features/prediction-pack.ts'
import type { LoggedPrediction } from '../../features/prediction-pack.ts'
import type { AppEnv } from '../app-env.ts'
import type { Deployment, Roles } from '../db/deployments.ts'
import type { Answering } from '../inference/answerer.ts'
import { predict } from '../inference/predict.ts'
import type { Prediction } from '../inference/predict.ts'
import type { Serving } from '../questions/serving.ts'
import type { PredictBody } from './predict-schema.ts'

export interface AnsweredQuestion {
  readonly serving: Serving
  readonly roles: Roles
  readonly sent: PredictBody
  readonly request: EncodeRequest | undefined
  readonly answering: Answering<Deployment>
  readonly prediction: Prediction
  /** When the question came; what is asked about another moment is no live answer, and is not logged. */
  readonly nowMs: number
}

/** Takes up answers about users whose events are stored, and moments that are now: those will be known. */
export function logPrediction(c: Context<AppEnv>, question: AnsweredQuestion): void {
  const { serving, roles, sent, request, answering, prediction, nowMs } = question
  const { userId } = sent
  if (userId === undefined || sent.at !== undefined || c.env.PREDICTION_LOG === 'off') return
  const clock = c.get('clock')
  const keepAlive = (work: Promise<unknown>): void => c.executionCtx.waitUntil(work)
  const { deployed, insteadOf } = answering
  const propensity = serving.log.draw()
  const logged = (made: Prediction): { readonly prediction: LoggedPrediction } | undefined =>
    propensity === undefined
      ? undefined
      : {
          prediction: {
            id: c.get('requestId'),
            userId,
            atMs: nowMs,
            propensity,
            fallback: made.fallback,
            context: request?.context ?? null,
            numbers: Object.fromEntries(
              Object.entries(made.answers).map(([task, answer]) => [task, numbersOfAnswer(answer)]),
            ),
          },
        }
  const sources = { binding: c.env.DB, nowMs: clock(), keepAlive }
  const latencyMs = sources.nowMs - nowMs
  serving.log.note(
    {
      arm: { bundleId: deployed.bundleId, role: deployed.role },
      isFailure: prediction.fallback === 'model_failed',
      latencyMs,
      ...logged(prediction),
    },
    sources,
  )
  const { challenger, shadow } = roles
  // While an isolate that has just begun loads it, it is at no fault: the champion is not counted so either.
  if (challenger !== undefined && insteadOf?.id === challenger.bundleId && insteadOf.reason === 'unusable') {
    const arm = { bundleId: challenger.bundleId, role: challenger.role }
    serving.log.note({ arm, isFailure: true, latencyMs }, sources)
  }
  if (shadow === undefined || propensity === undefined) return
  keepAlive(askShadow(shadow))

  async function askShadow(asked: Deployment): Promise<void> {
    const arm = { bundleId: asked.bundleId, role: asked.role }
    const trial = await serving.answerer.acquireTrial(asked, { bucket: c.env.BUNDLES, keepAlive, clock })
    if (!trial.ok) {
      if (trial.reason.reason === 'loading') return
      serving.log.note({ arm, isFailure: true, latencyMs: 0 }, sources)
      return
    }
    try {
      const made = await predict(trial.value.bundle, request)
      const isFailure = made.fallback === 'model_failed'
      serving.log.note({ arm, isFailure, latencyMs: 0, ...logged(made) }, sources)
    } finally {
      trial.value.release()
    }
  }
}
