// GET /v1/openapi.json, and /docs: the same document as a page that needs nothing from elsewhere.
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { docsPage } from './docs-page.ts'

/** Register these last: they describe the routes registered before them. */
export function registerDocs(app: OpenAPIHono<AppEnv>, { project }: { readonly project: Project }): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'A key made by `presage key create`',
  })
  // What a route or a page says never changes, and takes long to write.
  let document: ReturnType<typeof app.getOpenAPI31Document> | undefined
  let page: string | undefined
  const describe = (): ReturnType<typeof app.getOpenAPI31Document> =>
    (document ??= app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: `Presage: ${project.name}`, version: '1' },
    }))
  app.get('/v1/openapi.json', (c) => c.json(describe()))
  app.get('/docs', async (c) => c.html((page ??= String(await docsPage(describe())))))
}
