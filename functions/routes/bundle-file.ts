// GET /v1/bundles/{id}/{file}: a file of a published bundle, for who compares another with it.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv } from '../app-env.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { ProblemError } from '../middleware/problem.ts'
import { KEY_STATUSES, problemResponses } from './problem-schema.ts'

export const bundleIdSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/, { error: 'Expected the id of a bundle: 32 digits' })
export const fileNameSchema = z.string().regex(/^[\w.-]{1,64}$/, { error: 'Expected the name of a file' })

export function registerBundleFile(
  app: OpenAPIHono<AppEnv>,
  { authenticate }: { readonly authenticate: Authenticate },
): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/bundles/{id}/{file}',
    summary: 'Read a file of a published bundle',
    description: 'Scope: admin. `manifest.json` lists the others.',
    security: [{ key: [] }],
    middleware: [authenticate('admin')] as const,
    request: {
      params: z.object({ id: bundleIdSchema, file: fileNameSchema }),
    },
    // Typed loosely: only bodies of JSON and of text have types here.
    responses: {
      200: { description: 'The file', content: { 'application/octet-stream': { schema: z.string() } } },
      ...problemResponses([404, 422, ...KEY_STATUSES]),
    } as Readonly<Record<number, { readonly description: string }>>,
  })
  app.openapi(route, async (c) => {
    const { id, file } = c.req.valid('param')
    const found = await c.env.BUNDLES.get(`bundles/${id}/${file}`)
    if (found === null) throw new ProblemError('not_found', { detail: `Bundle ${id} has no file ${file}` })
    return c.body(found.body, 200, { 'content-type': 'application/octet-stream' })
  })
}
