// What an attribute that follows the purchase does to a model: the shop's plan turns premium within days of
// one, and here has no other meaning, so that nothing is to be learned from it at a moment. Three models of
// the same events and moments: with the plan as versions in time; without it; and with the plan of the last
// day at every moment, as a file without times gives it. That one is judged twice, as its own test sees it
// and as it does once it is asked about people whose plan is that of the moment.
//   node bench/following-attribute.ts [--family pooled] [--seeds 1,2,3] [--users N] [--examples 3000]
//     [--runs 200] [--json]
// Log loss over the truth's, in percent; of totals, root mean squared error. Asked: dated versions lose as
// much as no plan does, ± 1 %.
import { parseArgs } from 'node:util'
import { UNDATED_MS, attributesAt } from '../features/attributes.ts'
import { defineProject } from '../features/project.ts'
import type { Project } from '../features/project.ts'
import { shop } from '../projects/shop.ts'
import { shopSimulator } from '../simulation/shop.ts'
import type { Simulator } from '../simulation/index.ts'
import type { DataSet } from '../training/data/data-set.ts'
import { encodeMoments } from '../training/examples/encode-moments.ts'
import type { ExampleSet } from '../training/examples/example-set.ts'
import { makeExamples } from '../training/examples/make-examples.ts'
import type { PartExamples } from '../training/examples/make-examples.ts'
import { findFamily } from '../training/find-family.ts'
import { rehearse } from '../training/rehearse.ts'
import type { Rehearsal } from '../training/rehearse.ts'
import { describeTrainFault } from '../training/train-fault.ts'
import { givenNumbers } from '../training/heads/known-examples.ts'
import { runModel } from './answers.ts'
import { excess, lossOf } from './losses.ts'
import { sayLines } from './say-lines.ts'
import { END_MS, dataSetOf, simulatedLog } from './simulated-log.ts'
import { meanAndSpread } from './spread.ts'
import { trueAnswers } from './true-answers.ts'

const { values: options } = parseArgs({
  options: {
    family: { type: 'string', default: 'pooled' },
    seeds: { type: 'string', default: '1,2,3' },
    users: { type: 'string' },
    examples: { type: 'string', default: '3000' },
    runs: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
})

/** A shop in which everybody behaves as on one plan, whatever theirs is. */
const simulator: Simulator = {
  ...shopSimulator,
  behaviour: (user) => shopSimulator.behaviour({ ...user, plan: 'plus' }),
}
const world = { followingAttribute: true, driftingAttribute: false }

const { events, item, context, tasks, user } = shop
const withoutPlan = defineProject({
  name: shop.name,
  events,
  user: { country: user.country, age: user.age },
  item,
  context,
  tasks,
})

interface Row {
  readonly seed: number
  readonly task: string
  readonly truth: number
  /** Over the truth, in percent. */
  readonly dated: number
  readonly without: number
  readonly undatedAsTested: number
  readonly undatedAsMet: number
}

const rows: Row[] = []
for (const seed of options.seeds.split(',').map(Number)) rows.push(...(await measure(seed)))
console.log(options.json ? JSON.stringify({ rows }) : summary(rows))

async function measure(seed: number): Promise<Row[]> {
  const userCount = options.users === undefined ? undefined : Number(options.users)
  const log = simulatedLog({ simulator, seed, userCount, world })
  const dated = await fit({ name: 'dated', project: shop, data: log.data, seed })
  const without = await fit({ name: 'without', project: withoutPlan, data: log.data, seed })
  const undated = await fit({ name: 'undated', project: shop, data: asOfLastDay(log.data, log.users), seed })
  const { features, plan } = undated.examples
  const met = await encodeMoments({ project: shop, data: log.data, features, plan, part: 'test' })
  const metOutputs = await runModel({ model: undated.rehearsal.proven.model, features }, met)

  const test = dated.examples.test
  for (const other of [without.examples.test, undated.examples.test, met]) assertSameMoments(test, other)
  const truths = trueAnswers({
    log,
    examples: test,
    seed,
    runs: Number(options.runs),
    examplesMax: Number(options.examples),
  })
  return Object.keys(shop.tasks).map((task): Row => {
    const truth = truths[task] ?? { rows: [], numbers: new Float64Array(0) }
    const targets = truth.rows.map((row) => test.targets[task]?.[row] ?? Number.NaN)
    const kind = headOf(dated.rehearsal, task).kind
    const least = lossOf(kind, { numbers: truth.numbers, targets })
    const above = ({ rehearsal }: Fit, outputs = rehearsal.testOutputs): number => {
      const numbers = givenNumbers(headOf(rehearsal, task), { outputs, rows: truth.rows })
      return excess(lossOf(kind, { numbers, targets }), least)
    }
    return {
      seed,
      task,
      truth: least,
      dated: above(dated),
      without: above(without),
      undatedAsTested: above(undated),
      undatedAsMet: above(undated, metOutputs),
    }
  })
}

interface Fit {
  readonly examples: PartExamples
  readonly rehearsal: Rehearsal
}

async function fit(request: {
  readonly name: string
  readonly project: Project
  readonly data: DataSet
  readonly seed: number
}): Promise<Fit> {
  const { name, seed } = request
  const family = findFamily(options.family)
  if (!family.ok) throw new Error(describeTrainFault(family.reason))
  const made = await makeExamples(request)
  if (!made.ok) throw new Error(describeTrainFault(made.reason))
  const monitor = sayLines(`seed ${seed}, ${name}`)
  const rehearsed = await rehearse({ ...request, family: family.value, examples: made.value, monitor })
  if (!rehearsed.ok) throw new Error(describeTrainFault(rehearsed.reason))
  return { examples: made.value, rehearsal: rehearsed.value }
}

/** The same log with the attributes of its last day, known ever since. */
function asOfLastDay(data: DataSet, users: ReturnType<typeof simulatedLog>['users']): DataSet {
  const records = [...users.values()].map((record) => ({
    ...record,
    versions: [{ knownAt: UNDATED_MS, attributes: attributesAt(record.versions, END_MS) }],
  }))
  return dataSetOf(records, data.items)
}

function assertSameMoments(left: ExampleSet, right: ExampleSet): void {
  const isSame =
    left.count === right.count &&
    left.userIds.every((id, row) => id === right.userIds[row] && left.atMs[row] === right.atMs[row])
  if (!isSame) throw new Error('Expected the same moments in every project, got others')
}

function headOf({ heads }: Rehearsal, task: string): Rehearsal['heads'][number] {
  const head = heads.find((candidate) => candidate.task === task)
  if (head === undefined) throw new Error(`Expected a head of '${task}', got none`)
  return head
}

function summary(measured: readonly Row[]): string {
  const lines = [...Map.groupBy(measured, ({ task }) => task)].map(([task, group]) => {
    const column = (pick: (row: Row) => number, digits = 2): string => meanAndSpread(group.map(pick), digits)
    const cells = [
      column((row) => row.truth, 4),
      column((row) => row.dated),
      column((row) => row.without),
      column((row) => excess(100 + row.dated, 100 + row.without)),
      column((row) => row.undatedAsTested),
      column((row) => row.undatedAsMet),
    ]
    return `| ${task} | ${cells.join(' | ')} |`
  })
  const head = [
    '| task | truth | dated, % | without, % | dated over without, % | undated as tested, % | undated as met, % |',
    '|---|---|---|---|---|---|---|',
  ]
  return [`plan follows the purchase, ${options.family}, seeds ${options.seeds}`, '', ...head, ...lines].join(
    '\n',
  )
}
