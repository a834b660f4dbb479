// What it is worth to take lines of one moment for one visit: the same simulated log of baskets, the same
// examples, and two models, of which one counts lines alone, as bundles of version 2 do, and the other what
// training chooses. `grocery` is a log of baskets alone (bench/grocery-log.ts), whose truth stands beside them:
// of all the history, and of as many of its latest lines as encode looks at. Else a simulated project's.
//   node bench/baskets.ts [--project grocery] [--family pooled] [--seeds 1,2,3] [--part validation] [--users N] [--json]
import { parseArgs } from 'node:util'
import type { CountedList } from '../features/counted.ts'
import { HISTORY_LENGTH_MAX } from '../features/manifest.ts'
import type { Project } from '../features/project.ts'
import type { Metrics } from '../training/metrics/metrics.ts'
import { examplesOfPlan } from '../training/examples/make-examples.ts'
import { knownExamplesOf } from '../training/heads/known-examples.ts'
import { logLoss } from '../training/metrics/probability.ts'
import { rocAuc } from '../training/metrics/ranking.ts'
import type { DataSet } from '../training/data/data-set.ts'
import type { ExampleSet } from '../training/examples/example-set.ts'
import { findFamily } from '../training/find-family.ts'
import { planMoments } from '../training/moments/plan-moments.ts'
import { rehearse } from '../training/rehearse.ts'
import { describeTrainFault } from '../training/train-fault.ts'
import { grocery, groceryLog, knownOf, trueComing } from './grocery-log.ts'
import { sayLines } from './say-lines.ts'
import { simulatedLog, simulatorOf } from './simulated-log.ts'
import { meanAndSpread } from './spread.ts'

const { values: options } = parseArgs({
  options: {
    project: { type: 'string', default: 'grocery' },
    family: { type: 'string', default: 'pooled' },
    seeds: { type: 'string', default: '1,2,3' },
    part: { type: 'string', default: 'test' },
    users: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

/** By what is counted: undefined is what training chooses. */
const WAYS: Readonly<Record<string, CountedList | undefined>> = { lines: ['lines'], visits: undefined }

interface Row {
  readonly seed: number
  readonly counted: string
  readonly task: string
  /** Log loss, or the deviance of an amount. */
  readonly loss: number
  readonly auc: number | null
}

const part = options.part === 'validation' ? 'validation' : 'test'
const rows: Row[] = []
for (const seed of options.seeds.split(',').map(Number)) rows.push(...(await measure(seed)))
console.log(options.json ? JSON.stringify({ part, rows }) : summary(rows))

async function measure(seed: number): Promise<Row[]> {
  const userCount = options.users === undefined ? undefined : Number(options.users)
  const { project, data } = logOf(seed, userCount)
  const plan = await planMoments({ project, data, seed })
  if (!plan.ok) throw new Error(describeTrainFault(plan.reason))
  const family = findFamily(options.family)
  if (!family.ok) throw new Error(describeTrainFault(family.reason))
  const measured: Row[] = []
  for (const [name, counted] of Object.entries(WAYS)) {
    const made = await examplesOfPlan({ project, data, plan: plan.value, counted })
    const examples = { ...made, test: made[part] }
    const monitor = sayLines(`seed ${seed}, ${name}`)
    if (measured.length === 0 && project === grocery)
      measured.push(...(await truthRows(seed, { data, examples: examples.test })))
    const rehearsed = await rehearse({ project, family: family.value, seed, examples, monitor })
    if (!rehearsed.ok) throw new Error(describeTrainFault(rehearsed.reason))
    for (const [task, { model }] of Object.entries(rehearsed.value.card.tasks)) {
      measured.push({ seed, counted: name, task, ...figuresOf(model) })
    }
  }
  return measured
}

function logOf(
  seed: number,
  userCount: number | undefined,
): { readonly project: Project; readonly data: DataSet } {
  if (options.project === grocery.name)
    return { project: grocery, data: groceryLog(seed, userCount ?? 4_000) }
  const simulator = simulatorOf(options.project)
  const { data } = simulatedLog({ simulator, seed, userCount, world: { baskets: true } })
  return { project: simulator.project, data }
}

/** How well whoever knows the law tells who comes within a week. */
async function truthRows(
  seed: number,
  { data, examples }: { readonly data: DataSet; readonly examples: ExampleSet },
): Promise<Row[]> {
  const task = 'comesWithin7Days'
  const users = new Map((await Array.fromAsync(data.users())).map((user) => [user.userId, user]))
  const { known } = knownExamplesOf(examples, task)
  return [Infinity, HISTORY_LENGTH_MAX].map((linesMax): Row => {
    const answers = known.userIds.map((userId, row) => {
      const { events = [] } = users.get(userId) ?? {}
      return trueComing(knownOf(events, { atMs: known.atMs[row] ?? 0, linesMax }))
    })
    const probabilities = Float64Array.from(answers.flatMap((yes) => [1 - yes, yes]))
    return {
      seed,
      counted: linesMax === Infinity ? 'truth' : `truth of ${linesMax} lines`,
      task,
      loss: logLoss({ probabilities, targets: known.targets, classCount: 2 }),
      auc: rocAuc({ scores: answers, positive: [...known.targets].map((target) => target === 1) }),
    }
  })
}

function figuresOf(model: Metrics): Pick<Row, 'loss' | 'auc'> {
  const { deviance, auc } = model
  return { loss: Number(model['logLoss'] ?? deviance), auc: typeof auc === 'number' ? auc : null }
}

/** Mean over the seeds and, after ±, their standard deviation. */
function summary(measured: readonly Row[]): string {
  const lines = [...Map.groupBy(measured, ({ task, counted }) => `${task} | ${counted}`)].map(
    ([name, group]) => {
      const loss = meanAndSpread(
        group.map((row) => row.loss),
        4,
      )
      const auc = meanAndSpread(
        group.map((row) => row.auc),
        4,
      )
      return `| ${name} | ${loss} | ${auc} |`
    },
  )
  const head = ['| task | counted | log loss or deviance | AUC |', '|---|---|---|---|']
  return [`${part} part, seeds ${options.seeds}`, '', ...head, ...lines].join('\n')
}
