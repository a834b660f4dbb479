// The service: routes, their order of checks, and what every error becomes. It holds in memory the
// bundle that answers and the keys it has verified; everything else is in D1 and R2.
import { OpenAPIHono } from '@hono/zod-openapi'
import { requestId } from 'hono/request-id'
import type { Project } from '../features/project.ts'
import type { AppEnv } from './app-env.ts'
import { CLOCK_HEADER, clockFor } from './clock.ts'
import type { LogOptions } from './log/prediction-log.ts'
import { createAuthenticate } from './middleware/authenticate.ts'
import { invalidRequest, ProblemError, problemResponse } from './middleware/problem.ts'
import { readBody } from './middleware/read-body.ts'
import { createServing } from './questions/serving.ts'
import { registerBundleFile } from './routes/bundle-file.ts'
import { registerDeployments } from './routes/deployments.ts'
import { registerDocs } from './routes/docs.ts'
import { registerDrift } from './routes/drift.ts'
import { registerEvents } from './routes/events.ts'
import { registerExperiment } from './routes/experiment.ts'
import { registerExport } from './routes/export.ts'
import { registerHealth } from './routes/health.ts'
import { registerLabels } from './routes/labels.ts'
import { registerLive } from './routes/live.ts'
import { registerModels } from './routes/models.ts'
import { registerPredict } from './routes/predict.ts'
import { registerProfiles } from './routes/profiles.ts'
import { isBundleFile, registerSendBundle } from './routes/send-bundle.ts'
import { registerTrainer } from './routes/trainer.ts'
import { registerTrainings } from './routes/trainings.ts'
import { toReasons } from './routes/reasons.ts'

export interface AppOptions {
  readonly project: Project
  /** How answers are logged. */
  readonly log?: LogOptions
}

/** The service of one project. */
export function createApp({ project, log }: AppOptions): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(toReasons(result.error.issues))
    },
  })
  const authenticate = createAuthenticate(project)
  const serving = createServing(project, log)

  app.use(requestId())
  app.use(async (c, next) => {
    c.set('clock', clockFor(c.env, c.req.header(CLOCK_HEADER)))
    await next()
  })
  app.use(readBody(isBundleFile))
  app.onError((error, c) => problemResponse(c, error))
  app.notFound((c) => problemResponse(c, new ProblemError('not_found')))

  registerEvents(app, { project, authenticate })
  registerLabels(app, { project, authenticate })
  registerProfiles(app, { project, authenticate })
  registerPredict(app, { project, authenticate, serving })
  registerModels(app, { authenticate })
  registerLive(app, { project, authenticate })
  registerDrift(app, { authenticate })
  registerDeployments(app, { project, authenticate, serving })
  registerExperiment(app, { project, authenticate })
  registerExport(app, { project, authenticate })
  registerBundleFile(app, { authenticate })
  registerSendBundle(app, { project, authenticate })
  registerTrainings(app, { project, authenticate })
  registerTrainer(app, { project, authenticate })
  registerHealth(app, { serving })
  registerDocs(app, { project })
  answerOtherMethods(app)
  return app
}

/** Known paths tell what they allow, and answer other methods with 405. HEAD is GET without its body. */
function answerOtherMethods(app: OpenAPIHono<AppEnv>): void {
  const routes = app.routes.filter(({ method }) => method !== 'ALL')
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = new Set(routes.filter((route) => route.path === path).map((route) => route.method))
    const allow = [...methods, ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
    app.all(path, (c) => {
      c.header('allow', allow)
      if (c.req.method === 'OPTIONS') return c.body(null, 204)
      throw new ProblemError('method_not_allowed', { detail: `Allowed here: ${allow}` })
    })
  }
}
