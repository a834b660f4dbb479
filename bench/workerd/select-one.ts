// The service with one more path, for comparison: a handler that only runs `select 1` on the same D1.
import { Hono } from 'hono'
import service from '../../functions/index.ts'

const app = new Hono<{ Bindings: Env }>()
app.post('/select-one', async (c) => c.json(await c.env.DB.prepare('select 1').first()))
app.mount('/', (request, env: Env, context: ExecutionContext) => service.fetch(request, env, context))

// oxlint-disable-next-line import/no-default-export -- wrangler takes a Worker's default export
export default app
