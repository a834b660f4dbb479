// What a reader must know in the first minute: how good each task is, and what to beware of.
import { SUPPORT_MIN } from '../../features/support.ts'
import type { TaskResult } from '../card.ts'
import { describeShortage } from '../heads/describe-shortage.ts'
import { bar } from './charts.ts'
import { count, digits, percent, plural, range } from '../told-numbers.ts'
import { html, table } from './markup.ts'
import type { Markup } from './markup.ts'
import type { Told } from './told.ts'

/** A line a task. */
export function inShort({ tasks }: Told): Markup {
  const rows = Object.entries(tasks).map(([name, result]) => [
    html`<a href="#${anchorOf(name)}">${name}</a>`,
    savedOf(result),
    orderOf(result),
    shareOrAmount(result, 'predictedMean'),
    shareOrAmount(result, 'actualMean'),
    count(result.examples),
  ])
  return html`<h2>In short</h2>
    ${table(['task', 'saves of the prior’s loss', 'order', 'told', 'came', 'moments'], rows)}
    <p class="note">
      The prior knows only how often each outcome comes. “Order” is ROC AUC, or the rank correlation of
      amounts: .5, or 0, is chance. “Told” and “came” are means over all test moments. Ranges hold at 95 %,
      users being drawn.
    </p>`
}

/** A place on the page for the name of a task. */
export function anchorOf(task: string): string {
  return `task-${encodeURIComponent(task.toWellFormed())}`
}

/** The loss by which answers of this kind are judged. */
export function lossOf({
  model,
  prior,
}: TaskResult): { readonly name: string; readonly own: number; readonly prior: number } | undefined {
  for (const name of ['logLoss', 'deviance']) {
    const [own, its] = [model[name], prior[name]]
    if (typeof own === 'number' && typeof its === 'number') return { name, own, prior: its }
  }
  return undefined
}

function savedOf(result: TaskResult): Markup {
  const loss = lossOf(result)
  if (loss === undefined) return html`<span class="soft">no test moments</span>`
  if (result.basis === 'prior') return html`<span class="soft">the prior answers</span>`
  const saved = 1 - loss.own / loss.prior
  const against = result.against['prior']?.[loss.name]
  const [low, high] = against?.interval ?? []
  const between =
    low === undefined || high === undefined
      ? ''
      : `${percent(-high / loss.prior)} – ${percent(-low / loss.prior)}`
  const isSure = against !== undefined && against.p <= 0.05 && against.difference < 0
  return html`${bar(saved)}<b>${percent(saved)}</b>
    <span class="soft">${between}</span
    >${isSure ? html`` : html`<span class="mark warn">may be chance</span>`}`
}

function orderOf({ model, intervals, basis }: TaskResult): Markup {
  const name = ['auc', 'spearman'].find((metric) => typeof model[metric] === 'number')
  if (name === undefined || basis === 'prior') return html`–`
  return html`<b>${digits(model[name])}</b> <span class="soft">${range(intervals[name])}</span>`
}

function shareOrAmount({ model }: TaskResult, metric: string): string {
  if (typeof model[metric] !== 'number') return '–'
  return 'deviance' in model ? digits(model[metric]) : percent(model[metric])
}

const FEW_USERS = 200

/** What the numbers do not show by themselves. */
export function limits(told: Told): Markup {
  const { undated, shortages, tasks, quality, data, trained } = told
  const entries = Object.entries(tasks)
  const unskilled = entries.filter(([, { basis }]) => basis === 'prior').map(([name]) => name)
  const few = entries
    .filter(([, { users, examples }]) => examples > 0 && users < FEW_USERS)
    .map(([name]) => name)
  const marked = Object.entries(quality).flatMap(([task, { slices }]) =>
    slices.some(({ marks }) => marks.some((mark) => mark !== 'small')) ? [task] : [],
  )
  const outlying = trained?.rehearsal.outlying.count ?? 0
  const lines: Markup[] = [
    ...(undated.length === 0
      ? []
      : [
          html`Taken as known ever since, though they may change, and so may tell the future:
            ${undated.join(', ')}. Give <code>knownAt</code>, or declare <code>fixed</code> what does not
            change.`,
        ]),
    ...(unskilled.length === 0
      ? []
      : [html`Answered by the prior, for want of skill or of examples: ${unskilled.join(', ')}.`]),
    ...shortages.map((shortage) => html`Too rare to learn: ${describeShortage(shortage)}.`),
    ...(few.length === 0
      ? []
      : [html`Tested on fewer than ${FEW_USERS} users, so that ranges are wide: ${few.join(', ')}.`]),
    ...(marked.length === 0
      ? []
      : [html`Some slices are worth less than the whole, or are off: see ${marked.join(', ')}.`]),
    ...(outlying === 0
      ? []
      : [html`${plural(outlying, 'time')} so far from all others that nothing was asked there.`]),
    ...(trained === undefined
      ? []
      : [
          trained.deployed.finalFit
            ? html`The numbers are of a rehearsal, which did not see its test; the model that the bundle holds
              was then fitted on everything.`
            : html`The bundle holds the rehearsed model, which knows nothing of the latest days.`,
          html`Where fewer than ${SUPPORT_MIN} moments of training knew as little as is known of a moment that
            is asked about, the prior answers, and says <code>too_little_known</code>.`,
        ]),
    ...data.warnings.map(({ text }) => html`${text}.`),
    ...(trained?.notes ?? []).map((note) => html`${note}`),
  ]
  if (lines.length === 0) return html``
  return html`<div class="limits">
    <h3>Limits</h3>
    <ul>
      ${lines.map((line) => html`<li>${line}</li> `)}
    </ul>
  </div>`
}
