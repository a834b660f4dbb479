// GET /v1/export/{table}: a table as it was at a moment, a page at a time, for whoever trains on it.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { exportTables, isKeyOf, readExportPage } from '../db/export-page.ts'
import type { ExportTableName, PageKey } from '../db/export-page.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { invalidRequest, ProblemError } from '../middleware/problem.ts'
import { acceptsGzip } from './accepts-gzip.ts'
import { wholeParameter } from './fields.ts'
import { KEY_STATUSES, problemResponses } from './problem-schema.ts'

const ROWS_MAX = 10_000
/** A write takes at most so long: what is to be stored by an earlier moment is stored. */
const SETTLE_MS = 10_000

/** Registers GET /v1/export/{table}, which keeps nothing between two pages: a cursor says where one ended. */
export function registerExport(
  app: OpenAPIHono<AppEnv>,
  { project, authenticate }: { readonly project: Project; readonly authenticate: Authenticate },
): void {
  app.openapi(exportRoute(authenticate), async (c) => {
    const { table: named } = c.req.valid('param')
    const { until, since, after, limit = ROWS_MAX } = c.req.valid('query')
    const table = tableNamed(named)
    const untilMs = settled(until, c.get('clock')())
    const key = after === undefined ? undefined : parseCursor(table, after)
    const { lines, endKey, held } = await readExportPage(connect(c.env.DB), {
      table,
      untilMs,
      rowsMax: limit,
      ...(since !== undefined && { sinceMs: since }),
      ...(key !== undefined && { after: key }),
    })
    c.header('presage-project', project.name)
    c.header('presage-until', String(untilMs))
    if (held !== undefined) c.header('presage-held', String(held))
    if (endKey !== undefined) {
      const parameters = new URLSearchParams({
        until: String(untilMs),
        ...(since !== undefined && { since: String(since) }),
        after: JSON.stringify(endKey),
        limit: String(limit),
      })
      c.header('link', `</v1/export/${table}?${parameters.toString()}>; rel="next"`)
    }
    return ndjson(c, lines)
  })
}

function exportRoute(authenticate: Authenticate) {
  const names = Object.keys(exportTables)
  return createRoute({
    method: 'get',
    path: '/v1/export/{table}',
    summary: 'Export a table',
    description:
      `Scope: admin. Tables: ${names.join(', ')}. Lines of JSON in the order of the primary key, gzipped where the ` +
      'client takes that; the header Link gives the next page while there is one. All pages of all tables that ' +
      'name the same `until` show the same moment, whatever arrives meanwhile; each can be asked for again. With ' +
      '`since` come only rows that were stored after that moment, and the header Presage-Held tells how many rows ' +
      'of before a page went past: where they are not as many as were fetched then, some were changed or deleted.',
    security: [{ key: [] }],
    middleware: [authenticate('admin')] as const,
    request: {
      params: z.object({ table: z.string().openapi({ enum: names }) }),
      query: z.object({
        until: momentParameter().openapi({
          description: `Unix milliseconds, at least ${SETTLE_MS / 1000} s ago; where absent the latest such moment, which the header Presage-Until tells`,
        }),
        since: momentParameter().openapi({
          description:
            'Unix milliseconds, such as the `until` of an export before; where absent all rows come',
        }),
        after: z
          .string()
          .optional()
          .openapi({ description: 'Where the page before ended, as its Link has it' }),
        limit: wholeParameter('how many rows', ROWS_MAX)
          .optional()
          .openapi({ description: 'Rows of a page' }),
      }),
    },
    // Typed loosely: only bodies of JSON and of text have types here.
    responses: {
      200: { description: 'A page', content: { 'application/x-ndjson': { schema: z.string() } } },
      ...problemResponses([404, 409, 422, ...KEY_STATUSES]),
    } as Readonly<Record<number, { readonly description: string }>>,
  })
}

function momentParameter() {
  return z
    .string()
    .regex(/^\d{1,15}$/, { error: 'Expected Unix milliseconds' })
    .transform(Number)
    .optional()
}

function tableNamed(name: string): ExportTableName {
  if (Object.hasOwn(exportTables, name)) return name as ExportTableName
  throw new ProblemError('not_found', { detail: `There are ${Object.keys(exportTables).join(', ')}` })
}

/** Throws ProblemError not_settled where rows may yet be stored that belong to the moment. */
function settled(untilMs: number | undefined, nowMs: number): number {
  const latestMs = nowMs - SETTLE_MS
  if (untilMs === undefined || untilMs <= latestMs) return untilMs ?? latestMs
  const detail = `Rows of ${new Date(untilMs).toISOString()} may still arrive: ask for a moment ${SETTLE_MS / 1000} s ago`
  throw new ProblemError('not_settled', { detail })
}

/** Throws ProblemError invalid_request where it is none of the table. */
function parseCursor(table: ExportTableName, cursor: string): PageKey {
  try {
    const key: unknown = JSON.parse(cursor)
    if (Array.isArray(key) && isKeyOf(table, key)) return key
  } catch {
    // What is no JSON is no cursor either.
  }
  const message = `Expected what a Link of ${table} gave`
  throw invalidRequest([{ code: 'invalid_value', path: ['after'], message }])
}

function ndjson(c: Context<AppEnv>, lines: readonly string[]) {
  // The runtime compresses what says that it is.
  if (acceptsGzip(c.req.raw)) c.header('content-encoding', 'gzip')
  c.header('vary', 'accept-encoding')
  c.header('content-type', 'application/x-ndjson')
  return c.body(lines.length === 0 ? '' : `${lines.join('\n')}\n`, 200)
}
