// From which data the model was made, and how: enough to make it again.
import type { FileReport } from '../data/report/file-report.ts'
import { describeEnding } from '../fit/ending.ts'
import type { StoppingPoint } from '../models/family.ts'
import { count, day, digits, percent, plural } from '../told-numbers.ts'
import { html, table } from './markup.ts'
import type { Markup } from './markup.ts'
import type { Told } from './told.ts'

/** Beyond so many attributes a page is no longer read; card.json has all. */
const ATTRIBUTES_MAX = 60

export function dataSection({ data }: Told): Markup {
  const { files, users, items, from, until, attributes } = data
  const period = from === undefined || until === undefined ? '' : ` from ${day(from)} until ${day(until)} UTC`
  const rows = attributes
    .slice(0, ATTRIBUTES_MAX)
    .map(({ name, kind, rows: all, present, distinct, unknown }) => [
      name,
      kind,
      all === 0 ? '–' : percent(present / all),
      count(distinct),
      unknown === undefined || present === 0 ? '' : percent(unknown.rows / present),
    ])
  const left = attributes.length - rows.length
  return html`<h2>Data</h2>
    <p>${plural(users, 'user')}, ${plural(items, 'item')}${period}.</p>
    ${table(['file', 'rows', 'read', 'repeated', 'unlabelled', 'skipped'], files.map(fileRow))}
    ${
      rows.length === 0
        ? html``
        : html`<h3>Attributes</h3>
            ${table(['attribute', 'kind', 'present', 'distinct', 'unknown'], rows)}`
    }
    ${left > 0 ? html`<p class="note">And ${plural(left, 'attribute')} more, in card.json.</p>` : html``}`
}

function fileRow({
  name,
  files,
  rows,
  stored,
  repeated,
  unlabelled,
  skipped,
}: FileReport): (string | Markup)[] {
  const bad = skipped.reduce((sum, reason) => sum + reason.rows, 0)
  return [
    files > 1 ? `${name} (${files} files)` : name,
    count(rows),
    count(stored),
    count(repeated),
    count(unlabelled),
    html`<span
      title="${skipped.map(({ rows: of, field, expected }) => `${of} × ${field}: expected ${expected}`).join('; ')}"
      >${count(bad)}</span
    >`,
  ]
}

export function makingSection(told: Told): Markup {
  const { trained, split, seed, versions, command, bundle } = told
  const facts: (readonly [string, string])[] = [
    ['split', split],
    ['seed', String(seed)],
    ...(bundle === undefined ? [] : [['bundle', bundle] as const]),
    ...(trained === undefined ? [] : factsOfTraining(trained)),
    ...Object.entries(versions).map(([name, version]) => [`version of ${name}`, version] as const),
  ]
  return html`<h2>How it was made</h2>
    ${command === undefined ? html`` : html`<pre><code>${command}</code></pre>`}
    ${trained === undefined ? html`` : parts(trained.rehearsal)}
    ${table(
      ['', ''],
      facts.map(([name, value]) => [name, html`<code>${value}</code>`]),
    )}`
}

type Trained = NonNullable<Told['trained']>

function parts({ parts: of }: Trained['rehearsal']): Markup {
  const rows = Object.entries(of).map(([name, { examples, from, until }]) => [
    name,
    count(examples),
    from === undefined ? '' : day(from),
    until === undefined ? '' : day(until),
  ])
  return table(['part of the rehearsal', 'moments', 'from', 'until'], rows)
}

function factsOfTraining({ deployed, rehearsal, settings, backend }: Trained): (readonly [string, string])[] {
  const { untilMs, examples, finalFit, parameters, steps, parity } = deployed
  const until = untilMs === null ? '' : `, knows nothing from ${day(new Date(untilMs).toISOString())} on`
  return [
    ['rehearsal', plural(rehearsal.steps, 'step')],
    ...startsOf(rehearsal.stoppedAt).map((told) => ['start', told] as const),
    ...(rehearsal.endings ?? []).map((ending) => ['ended', describeEnding(ending)] as const),
    [
      'bundle holds',
      `${finalFit ? 'a final fit on' : 'the rehearsed model of'} ${plural(examples, 'example')}${until}`,
    ],
    ['parameters', count(parameters)],
    ['steps', count(steps)],
    [
      'training beside ONNX Runtime',
      `differ by ${digits(parity.difference)} at most, on ${plural(parity.examples, 'example')}`,
    ],
    ['computed by', backend],
    ...Object.entries(settings).map(([name, value]) => [name, String(value)] as const),
  ]
}

/** Of each family that first learned from histories alone. */
function startsOf({ startEpochs, parts: mixed = {} }: StoppingPoint): string[] {
  const own =
    startEpochs === undefined ? [] : [`every next event of all histories, ${startEpochs.toFixed(1)} epochs`]
  return [...own, ...Object.values(mixed).flatMap(({ stoppedAt }) => startsOf(stoppedAt))]
}
