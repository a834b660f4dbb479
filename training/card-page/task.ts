// Everything that is known of one task: metrics with ranges beside the prior, curves, classes, slices.
import type { TaskResult } from '../card.ts'
import type { PartImportance } from '../importance.ts'
import type { Difference } from '../metrics/bootstrap.ts'
import type { Confusion } from '../metrics/kind-curves.ts'
import { METRIC_NAMES } from '../metrics/names.ts'
import type { SliceCard, SliceMark } from '../quality/judge-slices.ts'
import type { Quality } from '../quality/quality.ts'
import { curveChart, reliabilityChart } from './charts.ts'
import { count, digits, percent, plural, range } from '../told-numbers.ts'
import { html, table } from './markup.ts'
import type { Markup } from './markup.ts'
import { anchorOf } from './summary.ts'

interface More {
  readonly quality: Quality | undefined
  readonly importance: readonly PartImportance[]
}

export function taskSection(name: string, result: TaskResult, { quality, importance }: More): Markup {
  const { examples, users, basis, draws } = result
  const answers = basis === 'prior' ? html` <span class="mark warn">the prior answers</span>` : html``
  if (examples === 0)
    return html`<h2 id="${anchorOf(name)}">${name}${answers}</h2>
      <p>No test moment has a known outcome.</p>`
  return html`<h2 id="${anchorOf(name)}">${name}${answers}</h2>
    <p class="lead">
      ${count(examples)} test moments of ${count(users)} users. Ranges hold at 95 %, from ${count(draws)}
      draws of users.
    </p>
    <div class="beside">
      <div>${metrics(result)}${atThresholds(result)}${rivals(result)}${goesBy(importance, result)}</div>
      <div>${charts(result, quality)}</div>
    </div>
    ${confusion(quality?.perMoment.confusion)}${classes(result)}${slices(quality?.slices ?? [], result)}`
}

/** Of two classes the second is told of, of more the mean: the other three would repeat or blur it. */
const LEFT_OUT = {
  ofTwo: ['precisionMacro', 'recallMacro', 'f1Macro'],
  ofMany: ['precision', 'recall', 'f1'],
}

function metrics({ model, prior, intervals, examples, users }: TaskResult): Markup {
  const leftOut = 'liftAt1' in model ? LEFT_OUT.ofTwo : LEFT_OUT.ofMany
  const hasMore = examples > users
  const rows = Object.entries(METRIC_NAMES).flatMap(([metric, called]) => {
    if (typeof model[metric] !== 'number' || leftOut.includes(metric)) return []
    const perUser = (model['perUser'] as Readonly<Record<string, unknown>> | undefined)?.[metric]
    const soft = (text: string): Markup => html`<span class="soft">${text}</span>`
    return [
      [
        called,
        html`<b>${digits(model[metric])}</b>`,
        soft(range(intervals[metric])),
        soft(digits(prior[metric])),
        ...(hasMore ? [soft(perUser === undefined ? '' : digits(perUser))] : []),
      ],
    ]
  })
  return table(['', 'model', '95 %', 'prior', ...(hasMore ? ['per user'] : [])], rows)
}

function atThresholds({ model, intervals }: TaskResult): Markup {
  const names = Object.keys(model).flatMap((key) =>
    key.startsWith('threshold') ? [key.slice('threshold'.length)] : [],
  )
  const rows = names.map((name) => [
    html`${percent(model[`threshold${name}`])}${name === 'Best' ? html` <span class="soft">best F1 of validation</span>` : html``}`,
    ...['taken', 'precision', 'recall', 'f1', 'accuracy'].map((metric) => {
      const key = `${metric}At${name}`
      return html`<span title="${range(intervals[key])}"
        >${metric === 'f1' ? digits(model[key]) : percent(model[key])}</span
      >`
    }),
  ])
  if (rows.length === 0) return html``
  return html`<h3>“Yes” from a probability on</h3>
    ${table(['from', 'said of', 'precision', 'recall', 'F1', 'accuracy'], rows)}`
}

function rivals({ against }: TaskResult): Markup {
  const rows = Object.entries(against).flatMap(([rival, differences]) =>
    Object.entries(differences).map(([metric, difference]) => [
      `${METRIC_NAMES[metric] ?? metric}, less ${rival}`,
      html`<b>${signed(difference.difference)}</b>`,
      html`<span class="soft">${range(difference.interval, signed)}</span>`,
      verdictOf(difference),
    ]),
  )
  if (rows.length === 0) return html``
  return html`<h3>On the same moments</h3>
    ${table(['difference', '', '95 %', ''], rows)}`
}

/** So many parts are told of. */
const PARTS_SHOWN = 12

/** By the reasons of some of the test moments. */
function goesBy(importance: readonly PartImportance[], { model }: TaskResult): Markup {
  const shown = importance.filter(({ mean }) => mean > 0).slice(0, PARTS_SHOWN)
  if (shown.length === 0) return html``
  const told = (mean: number): string => ('deviance' in model ? digits(mean) : `${digits(100 * mean)} points`)
  return html`<h3>What the answer goes by</h3>
    <p class="soft">How far each part moves it from the answer about somebody typical, on average.</p>
    ${table(
      ['', 'moves it by'],
      shown.map(({ part, mean }) => [part, told(mean)]),
    )}`
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${digits(Math.abs(value))}`
}

function verdictOf({ p }: Difference): Markup {
  return p <= 0.05
    ? html`<span class="soft">p ${p < 0.01 ? '< .01' : digits(p)}</span>`
    : html`<span class="warn">may be chance (p ${digits(p)})</span>`
}

function charts({ model }: TaskResult, quality: Quality | undefined): Markup {
  if (quality === undefined) return html``
  const { perMoment, perUser } = quality
  const { roc, precisionRecall, gain, reliability } = perMoment
  const unit = 'deviance' in model ? 'amount' : 'share'
  const base = typeof model['actualMean'] === 'number' ? model['actualMean'] : 0
  const dashed = perUser === undefined ? '' : ' Dashed: each user weighs the same.'
  return html`<div class="charts">
    ${reliabilityChart(reliability, { unit, perUser: perUser?.reliability })}
    ${roc && curveChart({ title: 'ROC', caption: `Dotted: chance.${dashed}`, x: 'of the others, taken for it', y: 'of those, found', curve: roc, perUser: perUser?.roc, chance: 'rising' })}
    ${precisionRecall && curveChart({ title: 'Precision by recall', caption: 'Dotted: how often it comes.', x: 'recall', y: 'precision', curve: precisionRecall, perUser: perUser?.precisionRecall, chance: base })}
    ${gain && curveChart({ title: 'Gain', caption: 'How many of those to come are among the likeliest.', x: 'looked at, likeliest first', y: 'found', curve: gain, perUser: perUser?.gain, chance: 'rising' })}
  </div>`
}

function confusion(matrix: Confusion | undefined): Markup {
  if (matrix === undefined) return html``
  const { classes: names, counts } = matrix
  return html`<h3>What came, and what was thought likeliest</h3>
    <div class="scroll">
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">came ↓ likeliest →</th>
            ${names.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${counts.map(
            (row, came) =>
              html`<tr>
                <th scope="row">${names[came]}</th>
                ${row.map((number, chosen) => (chosen === came ? html`<td class="right">${count(number)}</td>` : html`<td>${count(number)}</td>`))}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`
}

function classes({ model }: TaskResult): Markup {
  const perClass = Object.entries(
    (model['perClass'] ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  )
  if (perClass.length <= 2) return html``
  const rows = perClass.map(([name, scores]) => [
    name,
    ...['support', 'auc', 'averagePrecision', 'precision', 'recall', 'f1'].map((metric) =>
      digits(scores[metric]),
    ),
  ])
  return html`<h3>Each class against the rest</h3>
    ${table(['class', 'moments', 'ROC AUC', 'average precision', 'precision', 'recall', 'F1'], rows)}`
}

const MARKS: Readonly<Record<SliceMark, Markup>> = {
  small: html`<span class="mark soft">few users</span>`,
  worth_less: html`<span class="mark bad">worth less</span>`,
  told_too_much: html`<span class="mark bad">told too much</span>`,
  told_too_little: html`<span class="mark bad">told too little</span>`,
}

/** Of slices that nothing is amiss with, the largest. */
const UNMARKED_MAX = 20

/** Marked ones first. */
function slices(all: readonly SliceCard[], { model, basis }: TaskResult): Markup {
  if (all.length === 0) return html``
  const mean = 'deviance' in model ? digits : percent
  const weight = ({ marks }: SliceCard): number => (marks.length === 0 ? 1 : marks.includes('small') ? 2 : 0)
  const sorted = all.toSorted((a, b) => weight(a) - weight(b) || b.examples - a.examples)
  const markedCount = sorted.filter((slice) => weight(slice) === 0).length
  const shown = sorted.slice(0, markedCount + UNMARKED_MAX)
  const left = sorted.length - shown.length
  const rows = shown.map((slice) => [
    html`${slice.name}${slice.marks.map((mark) => MARKS[mark])}`,
    count(slice.examples),
    count(slice.users),
    basis === 'prior' ? '–' : percent(slice.gain),
    digits(slice.order),
    mean(slice.told),
    mean(slice.came),
  ])
  return html`<h3>Slices</h3>
    ${table(['slice', 'moments', 'users', 'saves', 'order', 'told', 'came'], rows)}
    <p class="note">
      “Worth less”: saves less of the prior’s loss than over all moments; “told too much” or “too little”:
      further off than over all moments; both beyond chance, so that of the marks one in twenty is false. Of
      few users nothing is tested. ${left > 0 ? `And ${plural(left, 'slice')} more, in card.json.` : ''}
    </p>`
}
