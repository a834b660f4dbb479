// The service, and under /unlogged the same one that logs no answer: one isolate, one app, one database.
import { Hono } from 'hono'
import service from '../../functions/index.ts'

const app = new Hono<{ Bindings: Env }>()
app.mount('/unlogged', (request, env: Env, context: ExecutionContext) =>
  service.fetch(request, { ...env, PREDICTION_LOG: 'off' }, context),
)
app.mount('/', (request, env: Env, context: ExecutionContext) => service.fetch(request, env, context))

// oxlint-disable-next-line import/no-default-export -- wrangler takes a Worker's default export
export default app
