// The card as a page of HTML that needs nothing else: no script, no file, no network. What was read is escaped
// wherever it stands (markup.ts).
import { count, day, plural } from '../told-numbers.ts'
import { dataSection, makingSection } from './making.ts'
import { html, trusted } from './markup.ts'
import type { Markup } from './markup.ts'
import { STYLE } from './style.ts'
import { inShort, limits } from './summary.ts'
import { taskSection } from './task.ts'
import type { Told } from './told.ts'

export function cardPage(told: Told): string {
  const { project, family, bundle, tasks, quality, importance = {} } = told
  const what = told.trained === undefined ? 'evaluation' : 'model card'
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${project}: ${what} of ${family}</title>
        <style>
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${project}</h1>
          <p class="lead">
            ${what} of family
            <b>${family}</b>${bundle === undefined ? html`` : html`, bundle <code>${bundle}</code>`}
          </p>
          ${facts(told)} ${inShort(told)} ${limits(told)}
          ${Object.entries(tasks).map(([name, result]) => taskSection(name, result, { quality: quality[name], importance: importance[name] ?? [] }))}
          ${dataSection(told)} ${makingSection(told)}
        </main>
      </body>
    </html> `
  return page.markup
}

function facts({ data, tasks, trained }: Told): Markup {
  const results = Object.values(tasks)
  const tested = Math.max(0, ...results.map(({ examples }) => examples))
  const boxes: (readonly [string, string])[] = [
    [count(Object.keys(tasks).length), Object.keys(tasks).length === 1 ? 'task' : 'tasks'],
    [count(data.users), 'users read'],
    ...(data.from === undefined || data.until === undefined
      ? []
      : [
          [
            plural(daysBetween(data.from, data.until), 'day'),
            `${day(data.from).slice(0, 10)} to ${day(data.until).slice(0, 10)}`,
          ] as const,
        ]),
    ...(trained === undefined ? [] : [[count(trained.deployed.examples), 'examples learned from'] as const]),
    [count(tested), 'test moments at most'],
  ]
  return html`<div class="facts">
    ${boxes.map(([number, called]) => html`<div class="fact"><b>${number}</b><span>${called}</span></div> `)}
  </div>`
}

function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000)
}
