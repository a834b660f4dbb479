// The OpenAPI document as one page of HTML, without scripts.
import type { OpenAPIHono } from '@hono/zod-openapi'
import { html, raw } from 'hono/html'
import { PROBLEMS } from '../middleware/problem.ts'
import { REASON_CODES } from './reasons.ts'

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>

interface Operation {
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly body: unknown
  readonly responses: readonly (readonly [status: string, description: string, schema: unknown])[]
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
  code, pre { font: 14px/1.4 ui-monospace, monospace; background: #f4f4f5; border-radius: 4px }
  code { padding: 0 .25em } pre { padding: .75rem; overflow-x: auto }
  section { border-top: 1px solid #d4d4d8; margin-top: 2rem }
  td, th { text-align: left; vertical-align: top; padding: .1rem 1rem .1rem 0 }
  :target { background: #fef9c3 }`

/** A whole page for a document. All text is escaped. */
export function docsPage(document: Document) {
  const schemas = Object.entries(document.components?.schemas ?? {})
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${document.info.title}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <h1>${document.info.title}</h1>
        <p>
          Send <code>Authorization: Bearer psg_…</code> where a scope is named. The document behind this page:
          <a href="/v1/openapi.json">/v1/openapi.json</a>.
        </p>
        ${operations(document).map(operationSection)}
        <section>
          <h2>Schemas</h2>
          ${schemas.map(
            ([name, schema]) =>
              html`<h3 id="schema-${name}">${name}</h3>
                ${json(schema)}`,
          )}
        </section>
        <section>
          <h2>Problems</h2>
          <p>
            Every error is an <code>application/problem+json</code> document (RFC 9457) with one of these
            codes.
          </p>
          ${codeTable(Object.entries(PROBLEMS).map(([code, { status, title }]) => [code, `${status}. ${title}.`]))}
          <h3>Reasons</h3>
          <p>
            What is wrong in a body, with status 422; the problem has the code that all its reasons share.
          </p>
          ${codeTable(Object.entries(REASON_CODES))}
        </section>
      </body>
    </html>`
}

function operations(document: Document): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Readonly<Record<string, Readonly<Record<string, unknown>>>>).map(
      ([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        summary: String(operation['summary'] ?? ''),
        description: String(operation['description'] ?? ''),
        body: schemaOf(operation['requestBody']),
        responses: Object.entries((operation['responses'] ?? {}) as Readonly<Record<string, unknown>>).map(
          ([status, response]) =>
            [
              status,
              String((response as { description?: string }).description ?? ''),
              schemaOf(response),
            ] as const,
        ),
      }),
    ),
  )
}

function schemaOf(holder: unknown): unknown {
  const content =
    (holder as { content?: Readonly<Record<string, { schema?: unknown }>> } | undefined)?.content ?? {}
  return Object.values(content)[0]?.schema
}

function operationSection({ method, path, summary, description, body, responses }: Operation) {
  return html`<section>
    <h2><code>${method} ${path}</code></h2>
    <p>${summary}. ${description}</p>
    ${
      body === undefined
        ? ''
        : html`<h3>Body</h3>
            ${json(body)}`
    }
    <h3>Answers</h3>
    <table>
      ${responses.map(
        ([status, text, schema]) =>
          html`<tr>
            <th>${status}</th>
            <td>${text}${status === '200' && schema !== undefined ? json(schema) : ''}</td>
          </tr>`,
      )}
    </table>
  </section>`
}

function codeTable(rows: readonly (readonly [code: string, meaning: string])[]) {
  return html`<table>
    ${rows.map(
      ([code, meaning]) =>
        html`<tr id="${code}">
          <th><code>${code}</code></th>
          <td>${meaning}</td>
        </tr>`,
    )}
  </table>`
}

function json(value: unknown) {
  return html`<pre>${JSON.stringify(value, null, 2)}</pre>`
}
