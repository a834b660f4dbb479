// What a self-supervised start is worth where few users are labelled: log loss of the transformer over that of the
// true probabilities of a simulated project, with the start (where validation takes it) and without. Labelled users
// are drawn by the seed; of the others histories are known, in training and validation. All are asked in the test.
//   node bench/labelled-share.ts [--project course] [--shares 0.01,0.1,1] [--seeds 1,2,3] [--users N]
//     [--tasks nextActivity,dropsOutWithin14Days] [--part test] [--settings '{"timeBias":false}'] [--json]
// `--part validation` judges on the validation part of all users: for choosing.
import { parseArgs } from 'node:util'
import { createRandom, shuffle } from '../features/random.ts'
import { selectExamples } from '../training/examples/example-set.ts'
import type { ExampleSet } from '../training/examples/example-set.ts'
import { makeExamples } from '../training/examples/make-examples.ts'
import type { PartExamples } from '../training/examples/make-examples.ts'
import { givenNumbers } from '../training/heads/known-examples.ts'
import type { Settings } from '../training/models/family.ts'
import { transformer } from '../training/models/transformer.ts'
import { rehearse } from '../training/rehearse.ts'
import { describeTrainFault } from '../training/train-fault.ts'
import { excess, lossOf } from './losses.ts'
import { sayLines } from './say-lines.ts'
import { simulatedLog, simulatorOf } from './simulated-log.ts'
import { meanAndSpread } from './spread.ts'
import { trueAnswers } from './true-answers.ts'

const { values: options } = parseArgs({
  options: {
    project: { type: 'string', default: 'course' },
    shares: { type: 'string', default: '0.01,0.1,1' },
    seeds: { type: 'string', default: '1,2,3' },
    users: { type: 'string' },
    tasks: { type: 'string', default: 'nextActivity,dropsOutWithin14Days' },
    part: { type: 'string', default: 'test' },
    starts: { type: 'string', default: 'without,with' },
    settings: { type: 'string', default: '{}' },
    json: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly share: number
  readonly seed: number
  readonly start: string
  readonly task: string
  readonly examples: number
  readonly startEpochs: number
  readonly basis: string
  readonly model: number
  readonly truth: number
  /** Of the model over the truth, in percent. */
  readonly excess: number
}

const part = options.part === 'validation' ? 'validation' : 'test'
const tasks = options.tasks.split(',')
const rows: Row[] = []
for (const seed of options.seeds.split(',').map(Number)) rows.push(...(await measureSeed(seed)))
console.log(options.json ? JSON.stringify({ part, rows }) : summary())

async function measureSeed(seed: number): Promise<Row[]> {
  const simulator = simulatorOf(options.project)
  const userCount = options.users === undefined ? undefined : Number(options.users)
  const log = simulatedLog({ simulator, seed, userCount })
  const made = await makeExamples({ project: simulator.project, data: log.data, seed })
  if (!made.ok) throw new Error(describeTrainFault(made.reason))
  const judged = made.value[part]
  const truths = trueAnswers({ log, examples: judged, seed, runs: 200, examplesMax: 3_000 }, tasks)
  const measured: Row[] = []
  for (const share of options.shares.split(',').map(Number)) {
    const examples = { ...labelledOf(made.value, { share, seed }), test: judged }
    for (const start of options.starts.split(',')) {
      const monitor = sayLines(`seed ${seed}, ${100 * share} % labelled, ${start}`)
      const own = JSON.parse(options.settings) as Settings
      const settings = start === 'without' ? { ...own, startEpochsMax: 0 } : own
      const rehearsed = await rehearse({
        project: simulator.project,
        family: transformer,
        seed,
        examples,
        settings,
        monitor,
      })
      if (!rehearsed.ok) throw new Error(describeTrainFault(rehearsed.reason))
      const { heads, testOutputs: outputs, stoppedAt } = rehearsed.value
      for (const head of heads.filter(({ task }) => tasks.includes(task))) {
        const truth = truths[head.task] ?? { rows: [], numbers: new Float64Array(0) }
        const targets = truth.rows.map((row) => judged.targets[head.task]?.[row] ?? Number.NaN)
        const model = lossOf(head.kind, {
          numbers: givenNumbers(head, { outputs, rows: truth.rows }),
          targets,
        })
        const least = lossOf(head.kind, { numbers: truth.numbers, targets })
        measured.push({
          share,
          seed,
          start,
          task: head.task,
          examples: examples.train.count,
          startEpochs: stoppedAt.startEpochs ?? 0,
          basis: head.basis,
          model,
          truth: least,
          excess: excess(model, least),
        })
      }
    }
  }
  return measured
}

/** Examples of training and validation of so great a share of the users alone. */
function labelledOf(
  examples: PartExamples,
  { share, seed }: { readonly share: number; readonly seed: number },
): PartExamples {
  const ids = [...new Set([...examples.train.userIds, ...examples.validation.userIds])].toSorted()
  const drawn = shuffle(ids, createRandom(seed).fork('labelled')).slice(0, Math.ceil(share * ids.length))
  const labelled = new Set(drawn)
  const only = (set: ExampleSet): ExampleSet =>
    selectExamples(
      set,
      [...set.userIds.keys()].filter((row) => labelled.has(set.userIds[row] ?? '')),
    )
  return { ...examples, train: only(examples.train), validation: only(examples.validation) }
}

/** Mean over the seeds and, after ±, their standard deviation. */
function summary(): string {
  const nameOf = ({ share, task, start }: Row): string => `${100 * share} % | ${task} | ${start}`
  const lines = [...Map.groupBy(rows, nameOf)].map(([name, group]) => {
    const column = (pick: (row: Row) => number, digits: number): string =>
      meanAndSpread(group.map(pick), digits)
    const taken = group.filter(({ startEpochs }) => startEpochs > 0).length
    const cells = [
      column((row) => row.examples, 0),
      `${taken} of ${group.length}`,
      column((row) => row.model, 4),
      column((row) => row.truth, 4),
      column((row) => row.excess, 2),
    ]
    return `| ${name} | ${cells.join(' | ')} |`
  })
  const head = [
    '| labelled | task | start | examples | taken | model | truth | excess, % |',
    '|---|---|---|---|---|---|---|---|',
  ]
  return [`${options.project}, ${part} part, seeds ${options.seeds}`, '', ...head, ...lines].join('\n')
}
