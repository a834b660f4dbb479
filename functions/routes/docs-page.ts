// The OpenAPI document as one page of HTML, without scripts.
import { z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { html, raw } from 'hono/html'
import { PROBLEMS } from '../middleware/problem.ts'
import { REASON_CODES } from './reasons.ts'

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>

/** What of an operation is shown. */
const holderSchema = z.object({
  description: z.string().default(''),
  content: z.record(z.string(), z.object({ schema: z.unknown() })).default({}),
})
const operationSchema = z.object({
  summary: z.string().default(''),
  description: z.string().default(''),
  requestBody: holderSchema.optional(),
  responses: z.record(z.string(), holderSchema).default({}),
})
const methodsSchema = z.record(z.string(), operationSchema)

type Holder = z.output<typeof holderSchema>

interface Operation extends z.output<typeof operationSchema> {
  readonly method: string
  readonly path: string
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
  const components = Object.entries(document.components?.schemas ?? {})
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
          ${components.map(
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
    Object.entries(methodsSchema.parse(methods)).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  )
}

function operationSection({ method, path, summary, description, requestBody, responses }: Operation) {
  return html`<section>
    <h2><code>${method} ${path}</code></h2>
    <p>${summary}${/[.?]$/.test(summary) ? '' : '.'} ${description}</p>
    ${
      requestBody === undefined
        ? ''
        : html`<h3>Body</h3>
            ${schemas(requestBody)}`
    }
    <h3>Answers</h3>
    <table>
      ${Object.entries(responses).map(
        ([status, response]) =>
          html`<tr>
            <th>${status}</th>
            <td>${response.description}${status === '200' ? schemas(response) : ''}</td>
          </tr>`,
      )}
    </table>
  </section>`
}

function schemas(holder: Holder) {
  return Object.values(holder.content).map(({ schema }) => json(schema))
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
