// What the final fit is worth on the days after the end of the log, which no model has seen: the rehearsed
// model and the final fit are asked about the same moments there, and the simulation has gone on to tell
// what came true. Once in a world that stays as it is, once in one that drifts after 60 % of the log.
//   node bench/days-after.ts [--project shop] [--family pooled] [--seeds 1,2,3] [--users N] [--days 60] [--json]
// Log loss, or root mean squared error of a total, of both and of the final fit over the rehearsed model, in
// percent. Asked: with drift below zero, every seed; without at most 0.5.
import { parseArgs } from 'node:util'
import { DAY_MS } from '../features/project.ts'
import type { Head } from '../features/heads/head.ts'
import type { Features } from '../features/manifest.ts'
import { encodeMoments } from '../training/examples/encode-moments.ts'
import { makeExamples, makeFinalExamples } from '../training/examples/make-examples.ts'
import { finalFit } from '../training/final-fit.ts'
import { findFamily } from '../training/find-family.ts'
import type { Family } from '../training/models/family.ts'
import type { MomentPlan } from '../training/moments/plan.ts'
import { rehearse } from '../training/rehearse.ts'
import { describeTrainFault } from '../training/train-fault.ts'
import { givenNumbers, knownExamplesOf } from '../training/heads/known-examples.ts'
import { runModel } from './answers.ts'
import { excess, lossOf } from './losses.ts'
import { sayLines } from './say-lines.ts'
import { END_MS, simulatedLog, simulatorOf } from './simulated-log.ts'
import type { SimulatedLog } from './simulated-log.ts'
import { meanAndSpread } from './spread.ts'

const { values: options } = parseArgs({
  options: {
    project: { type: 'string', default: 'shop' },
    family: { type: 'string', default: 'pooled' },
    seeds: { type: 'string', default: '1,2,3' },
    users: { type: 'string' },
    days: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
})

/** About so many moments are asked after events, and as many by the clock. */
const MOMENTS = 15_000

interface Row {
  readonly drift: boolean
  readonly seed: number
  readonly task: string
  readonly kind: Head['kind']
  readonly examples: number
  readonly rehearsed: number
  readonly final: number
  /** Of the final fit over the rehearsed model, in percent. */
  readonly change: number
}

const simulator = simulatorOf(options.project)
const { project } = simulator
const found = findFamily(options.family)
if (!found.ok) throw new Error(describeTrainFault(found.reason))
const rows: Row[] = []
for (const drift of [true, false]) {
  for (const seed of options.seeds.split(',').map(Number))
    rows.push(...(await measure(found.value, { drift, seed })))
}
console.log(options.json ? JSON.stringify({ project: project.name, rows }) : summary(rows))

interface Setting {
  readonly drift: boolean
  readonly seed: number
}

async function measure(family: Family, { drift, seed }: Setting): Promise<Row[]> {
  const userCount = options.users === undefined ? undefined : Number(options.users)
  const daysAfter = Number(options.days)
  const world = { behaviourDrift: drift }
  const log = simulatedLog({ simulator, seed, userCount, daysAfter, world })
  const request = { project, family, data: log.data, seed, monitor: sayLines(`seed ${seed}, drift ${drift}`) }
  const parts = await makeExamples(request)
  if (!parts.ok) throw new Error(describeTrainFault(parts.reason))
  const rehearsed = await rehearse({ ...request, examples: parts.value })
  if (!rehearsed.ok) throw new Error(describeTrainFault(rehearsed.reason))
  const all = await makeFinalExamples(request)
  if (!all.ok) throw new Error(describeTrainFault(all.reason))
  const fitted = await finalFit({ ...request, examples: all.value, rehearsal: rehearsed.value })
  if (!fitted.ok) throw new Error(describeTrainFault(fitted.reason))

  const before = await lossesAfter({ ...rehearsed.value, features: parts.value.features }, { log, seed })
  const after = await lossesAfter(fitted.value, { log, seed })
  return before.map(({ task, kind, examples, loss }): Row => {
    const final = after.find((other) => other.task === task)?.loss ?? Number.NaN
    return { drift, seed, task, kind, examples, rehearsed: loss, final, change: excess(final, loss) }
  })
}

interface Model {
  readonly features: Features
  readonly heads: readonly Head[]
  readonly proven: { readonly model: Uint8Array }
}

interface Loss {
  readonly task: string
  readonly kind: Head['kind']
  readonly examples: number
  readonly loss: number
}

/** How bad a model is on the days after the log. */
async function lossesAfter(
  { features, heads, proven }: Model,
  { log, seed }: { readonly log: SimulatedLog; readonly seed: number },
): Promise<Loss[]> {
  const request = { project, data: log.dataAfter, features, plan: planAfter(log, seed) }
  const examples = await encodeMoments({ ...request, part: 'test' })
  const outputs = await runModel({ model: proven.model, features }, examples)
  return heads.map((head) => {
    const { rows: known } = knownExamplesOf(examples, head.task)
    const targets = known.map((row) => examples.targets[head.task]?.[row] ?? Number.NaN)
    const loss = lossOf(head.kind, { numbers: givenNumbers(head, { outputs, rows: known }), targets })
    return { task: head.task, kind: head.kind, examples: known.length, loss }
  })
}

/** Moments after the end of the log, after events and by the clock. */
function planAfter({ dataAfter, users }: SimulatedLog, seed: number): MomentPlan {
  const fromMs = END_MS + 1
  const untilMs = END_MS + Number(options.days) * DAY_MS + 1
  const events = [...users.values()].reduce(
    (count, user) => count + user.events.filter(({ occurredAt }) => occurredAt >= fromMs).length,
    0,
  )
  const sampling = {
    eventRate: Math.min(1, MOMENTS / events),
    eventsOfUserMax: Infinity,
    clockPerMs: MOMENTS / (dataAfter.userCount * (untilMs - fromMs)),
    rowRate: 0,
  }
  return {
    seed,
    split: 'the days after the log',
    knownUntilMs: untilMs - 1,
    spanMs: untilMs - fromMs,
    parts: { test: { fromMs, untilMs, sampling } },
    outlying: { count: 0, examples: [] },
    expected: { train: 0, validation: 0, test: 2 * MOMENTS },
  }
}

function summary(measured: readonly Row[]): string {
  const groups = Map.groupBy(measured, ({ drift, task }) => `${drift ? 'drift' : 'none'} | ${task}`)
  const lines = [...groups].map(([name, group]) => {
    const column = (pick: (row: Row) => number, digits: number): string =>
      meanAndSpread(group.map(pick), digits)
    const cells = [
      column((row) => row.rehearsed, 4),
      column((row) => row.final, 4),
      column((row) => row.change, 2),
      group.map(({ change }) => change.toFixed(2)).join(', '),
    ]
    return `| ${name} | ${cells.join(' | ')} |`
  })
  const head = ['| drift | task | rehearsed | final fit | change, % | by seed |', '|---|---|---|---|---|---|']
  const title = `${project.name}, ${options.family}, ${options.days} days after the log, seeds ${options.seeds}`
  return [title, '', ...head, ...lines, '', ...verdicts(measured)].join('\n')
}

/** Of each world and seed, the mean change over the tasks that are judged by log loss. */
function verdicts(measured: readonly Row[]): string[] {
  const judged = measured.filter(({ kind }) => kind !== 'amount')
  const groups = Map.groupBy(judged, ({ drift, seed }) => `${drift ? 'with' : 'without'} drift, seed ${seed}`)
  return [...groups].map(([name, group]) => {
    const mean = group.reduce((sum, { change }) => sum + change, 0) / group.length
    return `${name}: log loss of the final fit ${mean.toFixed(2)} % over that of the rehearsed model`
  })
}
