// HTML made of templates in which every value is escaped but markup made the same way. So no name, no category
// and no text of a file can become a tag.

export interface Markup {
  readonly markup: string
}

type Value = string | number | Markup | readonly Markup[] | undefined

/** Markup of a template; nothing stands for undefined. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const texts = parts.map((part, at) => part + (at < values.length ? markupOf(values[at]) : ''))
  return { markup: texts.join('') }
}

/** Text that is markup as it stands, as a style sheet of our own. Never for anything that was read. */
export function trusted(markup: string): Markup {
  return { markup }
}

/** A table; numbers stand right, from the second column on. */
export function table(
  head: readonly (string | Markup)[],
  rows: readonly (readonly (string | Markup)[])[],
): Markup {
  if (rows.length === 0) return html``
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...rest]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${rest.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}

function markupOf(value: Value): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return escaped(value)
  if (typeof value === 'number') return String(value)
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  // Characters that no page may hold would end or garble it.
  // oxlint-disable-next-line no-control-regex -- these are what is taken out
  const shown = text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/g, '\uFFFD')
  return shown.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
