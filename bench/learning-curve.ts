// What more examples bring: how far a model stays from the truth of a simulated shop, by the number of
// training examples, with the time and the memory that they take. All sizes are tested on the same moments.
//   node bench/learning-curve.ts [--project shop] [--users 80000] [--sizes 10000,30000,100000,300000,1000000]
//     [--families pooled] [--seeds 1] [--tested 20000] [--examples 3000] [--runs 100] [--json]
// Of --tested moments the truth of --examples is drawn, where there is no formula, from --runs futures. For
// a million examples give Node memory: node --max-old-space-size=12000 bench/learning-curve.ts
import { parseArgs } from 'node:util'
import { makeExamples } from '../training/examples/make-examples.ts'
import { findFamily } from '../training/find-family.ts'
import { rehearse } from '../training/rehearse.ts'
import { describeTrainFault } from '../training/train-fault.ts'
import { givenNumbers } from '../training/heads/known-examples.ts'
import { excess, lossOf } from './losses.ts'
import { sayLines } from './say-lines.ts'
import { simulatedLog, simulatorOf } from './simulated-log.ts'
import { meanAndSpread } from './spread.ts'
import { trueAnswers } from './true-answers.ts'
import type { Truth } from './true-answers.ts'

const { values: options } = parseArgs({
  options: {
    project: { type: 'string', default: 'shop' },
    users: { type: 'string', default: '80000' },
    sizes: { type: 'string', default: '10000,30000,100000,300000,1000000' },
    families: { type: 'string', default: 'pooled' },
    seeds: { type: 'string', default: '1' },
    tested: { type: 'string', default: '20000' },
    examples: { type: 'string', default: '3000' },
    runs: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly seed: number
  readonly family: string
  readonly wanted: number
  readonly made: number
  readonly task: string
  /** Loss over the truth's, in percent. */
  readonly excess: number
  /** From the log to examples, and from these to a tested model. */
  readonly replaySeconds: number
  readonly fitSeconds: number
  /** The most the process ever held, in megabytes, the simulated log included. */
  readonly peakMb: number
}

const rows: Row[] = []
for (const seed of options.seeds.split(',').map(Number)) rows.push(...(await measureSeed(seed)))
console.log(options.json ? JSON.stringify({ ...options, rows }) : summary(rows))

async function measureSeed(seed: number): Promise<Row[]> {
  const simulator = simulatorOf(options.project)
  const { project } = simulator
  const log = simulatedLog({ simulator, seed, userCount: Number(options.users) })
  const tested = Number(options.tested)
  let truths: Record<string, Truth> | undefined
  const measured: Row[] = []
  for (const wanted of options.sizes.split(',').map(Number)) {
    const startMs = performance.now()
    const wantedOf = { train: wanted, validation: tested, test: tested }
    const made = await makeExamples({ project, data: log.data, seed, examples: wantedOf })
    if (!made.ok) throw new Error(describeTrainFault(made.reason))
    const examples = made.value
    const replaySeconds = (performance.now() - startMs) / 1000
    // The moments of the test part hang on its own size alone.
    truths ??= trueAnswers({
      log,
      examples: examples.test,
      seed,
      runs: Number(options.runs),
      examplesMax: Number(options.examples),
    })
    for (const name of options.families.split(',')) {
      const family = findFamily(name)
      if (!family.ok) throw new Error(describeTrainFault(family.reason))
      const fitStartMs = performance.now()
      const monitor = sayLines(`seed ${seed}, ${name}, ${wanted} examples`)
      const rehearsed = await rehearse({ project, family: family.value, seed, examples, monitor })
      if (!rehearsed.ok) throw new Error(describeTrainFault(rehearsed.reason))
      const { heads, testOutputs: outputs } = rehearsed.value
      const cost = {
        made: examples.train.count,
        replaySeconds,
        fitSeconds: (performance.now() - fitStartMs) / 1000,
        peakMb: process.resourceUsage().maxRSS / 1024,
      }
      for (const head of heads) {
        const truth = truths[head.task] ?? { rows: [], numbers: new Float64Array(0) }
        const targets = truth.rows.map((row) => examples.test.targets[head.task]?.[row] ?? Number.NaN)
        const answers = givenNumbers(head, { outputs, rows: truth.rows })
        const [model, least] = [answers, truth.numbers].map((numbers) =>
          lossOf(head.kind, { numbers, targets }),
        )
        const above = excess(model ?? Number.NaN, least ?? Number.NaN)
        measured.push({ seed, family: name, wanted, task: head.task, excess: above, ...cost })
      }
    }
  }
  return measured
}

/** A line a family and size, a column a task. */
function summary(measured: readonly Row[]): string {
  const tasks = [...new Set(measured.map(({ task }) => task))]
  const groups = Map.groupBy(measured, ({ family, wanted }) => `${family} | ${wanted}`)
  const lines = [...groups].map(([name, group]) => {
    const column = (own: readonly Row[], pick: (row: Row) => number, digits: number): string =>
      meanAndSpread(own.map(pick), digits)
    const cells = [
      column(group, (row) => row.made, 0),
      ...tasks.map((task) =>
        column(
          group.filter((row) => row.task === task),
          (row) => row.excess,
          2,
        ),
      ),
      column(group, (row) => row.replaySeconds, 1),
      column(group, (row) => row.fitSeconds, 1),
      Math.max(...group.map((row) => row.peakMb)).toFixed(0),
    ]
    return `| ${name} | ${cells.join(' | ')} |`
  })
  const names = [
    'family',
    'wanted',
    'examples',
    ...tasks.map((task) => `${task}, %`),
    'replay, s',
    'fit, s',
    'peak, MB',
  ]
  const head = `| ${names.join(' | ')} |\n|${names.map(() => '---|').join('')}`
  return `${options.project}, ${options.users} users, seeds ${options.seeds}: loss over the truth's\n\n${head}\n${lines.join('\n')}`
}
