// How good the answer about somebody of whom nothing is known yet is: the prior of newcomers, learned from
// the first moments of earlier users, at the first moments of later ones. Beside it the truth about a
// stranger, which is the mean of the truth over many newcomers of another simulation: nobody who knows
// nothing can do better. What the attributes and the first event would tell stands there to compare.
//   node bench/newcomers.ts [--projects shop,course,finance,social] [--seeds 1,2,3] [--json]
// Log loss over the truth's, in percent; of amounts, the sum of predicted over actual. Asked: at most 3 %.
import { parseArgs } from 'node:util'
import type { Head } from '../features/heads/head.ts'
import { readerOf } from '../features/heads/kinds.ts'
import { target } from '../features/target.ts'
import type { Simulator } from '../simulation/index.ts'
import { makeExamples } from '../training/examples/make-examples.ts'
import { createHeads } from '../training/heads/create-heads.ts'
import { repeated } from '../training/heads/known-examples.ts'
import type { UserRecord } from '../training/data/data-set.ts'
import { excess, lossOf, predictedOverActual } from './losses.ts'
import { END_MS, simulatedLog, simulatorOf } from './simulated-log.ts'
import type { SimulatedLog } from './simulated-log.ts'
import { meanAndSpread } from './spread.ts'
import { trueAnswers } from './true-answers.ts'
import type { Truth } from './true-answers.ts'

const { values: options } = parseArgs({
  options: {
    projects: { type: 'string', default: 'shop,course,finance,social' },
    seeds: { type: 'string', default: '1,2,3' },
    json: { type: 'boolean', default: false },
  },
})

/** Few examples: it is all first moments of users that make the prior of newcomers. */
const EXAMPLES = { train: 5_000, validation: 1_000, test: 1_000 }
/** Of the truth about one newcomer and of that about a stranger. */
const FUTURES = { runs: 200, examplesMax: 2_000 }
/** The seed of the other simulation, whose newcomers say what a stranger is like. */
const OTHERS = 1_000

interface Row {
  readonly project: string
  readonly seed: number
  readonly task: string
  readonly newcomers: number
  /** In percent above the truth about a stranger: log loss, or root mean squared error of an amount. */
  readonly newcomerPrior: number
  readonly everyonesPrior: number
  /** How much less is lost by whoever knows the attributes and the first event. */
  readonly informed: number
  /** Of amounts alone. */
  readonly newcomerSums: number | null
  readonly everyonesSums: number | null
}

const rows: Row[] = []
for (const name of options.projects.split(',')) {
  const simulator = simulatorOf(name)
  for (const seed of options.seeds.split(',').map(Number)) rows.push(...(await measure(simulator, seed)))
}
console.log(options.json ? JSON.stringify({ rows }) : summary(rows))

async function measure(simulator: Simulator, seed: number): Promise<Row[]> {
  const { project } = simulator
  const log = simulatedLog({ simulator, seed })
  const made = await makeExamples({ project, data: log.data, seed, examples: EXAMPLES })
  if (!made.ok) throw new Error(JSON.stringify(made.reason))
  const { train, newcomers, plan } = made.value
  const heads = createHeads(project, { targets: train.targets, newcomerTargets: newcomers })
  if (!heads.ok) throw new Error(JSON.stringify(heads.reason))

  const laterFromMs = plan.parts.train?.untilMs ?? Infinity
  const later = firstMoments(log, laterFromMs)
  const informed = trueAnswers({ log, examples: later, seed, ...FUTURES })
  const others = simulatedLog({ simulator, seed: seed + OTHERS })
  const strangers = trueAnswers({ log: others, examples: firstMoments(others, 0), seed, ...FUTURES })
  return heads.value.heads.map((head): Row => {
    const truth = informed[head.task] ?? { rows: [], numbers: new Float64Array(0) }
    const targets = truth.rows.map((row) => later.targets[head.task]?.[row] ?? Number.NaN)
    const stranger = meanAnswer(head, strangers[head.task] ?? truth)
    const constant = (numbers: readonly number[]) => ({
      numbers: repeated(numbers, targets.length),
      targets,
    })
    const least = lossOf(head.kind, constant(stranger))
    const above = (numbers: readonly number[]): number => excess(lossOf(head.kind, constant(numbers)), least)
    const sums = (numbers: readonly number[]): number | null =>
      head.kind === 'amount' ? predictedOverActual(constant(numbers)) : null
    return {
      project: project.name,
      seed,
      task: head.task,
      newcomers: targets.length,
      newcomerPrior: above(head.newcomerPrior),
      everyonesPrior: above(head.prior),
      informed: excess(lossOf(head.kind, { numbers: truth.numbers, targets }), least),
      newcomerSums: sums(head.newcomerPrior),
      everyonesSums: sums(head.prior),
    }
  })
}

/** One example a user, right after their first event, of those who come from this moment on. */
function firstMoments(
  { users, law }: SimulatedLog,
  fromMs: number,
): Parameters<typeof trueAnswers>[0]['examples'] {
  const { project } = law.simulator
  const moments = [...users.values()]
    .map((user) => ({ ...user, atMs: user.events[0]?.occurredAt ?? 0 }))
    .filter(({ atMs }) => atMs >= fromMs)
  const targetsOf = (name: string): Float32Array =>
    Float32Array.from(moments, (moment) => targetOf(project.tasks[name], moment))
  return {
    count: moments.length,
    userIds: moments.map(({ userId }) => userId),
    atMs: Float64Array.from(moments, ({ atMs }) => atMs),
    targets: Object.fromEntries(Object.keys(project.tasks).map((name) => [name, targetsOf(name)])),
    isFirst: new Uint8Array(moments.length).fill(1),
    from: moments.map(() => 'event'),
  }

  function targetOf(
    task: (typeof project.tasks)[string] | undefined,
    { atMs, events }: UserRecord & { readonly atMs: number },
  ): number {
    if (task === undefined) return Number.NaN
    return target(project, task, { atMs, events, knownUntilMs: END_MS }) ?? Number.NaN
  }
}

/** The mean of true answers. */
function meanAnswer(head: Head, { numbers }: Truth): number[] {
  const { width } = readerOf(head)
  const count = numbers.length / width
  return Array.from({ length: width }, (_, index) => {
    const column = numbers.filter((_number, place) => place % width === index)
    return column.reduce((sum, value) => sum + value, 0) / count
  })
}

function summary(measured: readonly Row[]): string {
  const lines = [...Map.groupBy(measured, ({ project, task }) => `${project} | ${task}`)].map(
    ([name, group]) => {
      const column = (pick: (row: Row) => number | null, digits = 2): string =>
        meanAndSpread(group.map(pick), digits)
      const cells = [
        column((row) => row.newcomers, 0),
        column((row) => row.newcomerPrior),
        column((row) => row.everyonesPrior),
        column((row) => row.informed),
        column((row) => row.newcomerSums, 3),
        column((row) => row.everyonesSums, 3),
      ]
      return `| ${name} | ${cells.join(' | ')} |`
    },
  )
  const head = [
    '| project | task | newcomers | their prior, % | prior of everyone, % | informed truth, % | sums | sums of everyone |',
    '|---|---|---|---|---|---|---|---|',
  ]
  return [`first moments of later users, seeds ${options.seeds}`, '', ...head, ...lines].join('\n')
}
