// How close models come to the truth of a simulated project: log loss of the model over that of the
// true probabilities, on the same examples, and expected calibration error. For totals, root mean
// squared error over that of the true expectation.
// Next events and absence have a truth by formula and are compared on all examples, the others on some,
// whose truth is drawn.
//   node bench/truth.ts [--project shop] [--families pooled,transformer] [--seeds 1,2,3] [--part test]
//     [--users N] [--examples 3000] [--runs 100] [--json]
// `--part validation` is for choosing; the test part is for the number that is reported.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeSimulation } from '../cli/storage/simulate-data.ts'
import { findProject } from '../cli/terminal/failure.ts'
import { createMonitor, withPrefix } from '../cli/terminal/monitor.ts'
import { openData } from '../cli/storage/open-data.ts'
import type { Attributes, Event } from '../features/event.ts'
import type { Head } from '../features/manifest.ts'
import { longestHorizonMs } from '../features/project.ts'
import type { Task } from '../features/project.ts'
import { createRandom, shuffle } from '../features/random.ts'
import { simulatorByName, trueNextEvent, trueTask } from '../simulation/index.ts'
import type { Simulator } from '../simulation/index.ts'
import { answersOf, knownRows } from '../training/evaluate.ts'
import type { EventData } from '../training/data/data-set.ts'
import type { ExampleSet } from '../training/examples/example-set.ts'
import { makeExamples } from '../training/examples/make-examples.ts'
import type { PartExamples } from '../training/examples/make-examples.ts'
import type { PartName } from '../training/examples/parts.ts'
import { expectedCalibrationError, logLoss } from '../training/metrics/probability.ts'
import { describeTrainFault, fitModel } from '../training/train.ts'
import { meanAndSpread } from './spread.ts'

/** The end of every simulated log, so that two runs make the same one. */
const END_MS = Date.UTC(2026, 0, 1)

const { values: options } = parseArgs({
  options: {
    project: { type: 'string', default: 'shop' },
    families: { type: 'string', default: 'softmax,pooled,transformer' },
    seeds: { type: 'string', default: '1,2,3' },
    part: { type: 'string', default: 'test' },
    users: { type: 'string' },
    examples: { type: 'string', default: '3000' },
    runs: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly seed: number
  readonly family: string
  readonly task: string
  readonly examples: number
  /** Log loss, or root mean squared error of a total. */
  readonly model: number
  readonly truth: number
  /** model / truth − 1. */
  readonly excess: number
  readonly ece: number | null
  readonly eceOfTruth: number | null
}

const project = findProject(options.project)
const part: PartName = options.part === 'validation' ? 'validation' : 'test'
const rows: Row[] = []
for (const seed of options.seeds.split(',').map(Number)) rows.push(...(await measureSeed(seed)))
if (options.json) console.log(JSON.stringify({ project: project.name, part, rows }))
else console.log(summary(rows))

/** One simulated log, its truth, and every family trained on it. */
async function measureSeed(seed: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'presage-truth-'))
  try {
    const simulator = simulatorByName[project.name]
    if (simulator === undefined) throw new Error(`Project '${project.name}' has no simulator`)
    const userCount = options.users === undefined ? undefined : Number(options.users)
    await writeSimulation({
      project: project.name,
      seed,
      userCount,
      endMs: END_MS,
      folder: join(folder, 'data'),
    })
    const data = await openData({ project, path: join(folder, 'data'), skipBadRows: false })
    if (data.kind !== 'events') throw new Error('Expected a simulated log')
    const made = await makeExamples({ project, data, seed })
    if (!made.ok) throw new Error(describeTrainFault(made.reason))
    const examples: PartExamples = { ...made.value, test: made.value[part] }
    const truths = await truthOf({ simulator, data, examples: examples.test, seed })
    const measured: Row[] = []
    for (const family of options.families.split(',')) {
      const monitor = withPrefix(`seed ${seed}, ${family}`, createMonitor())
      const fitted = await fitModel({ project, data, family, seed, examples, monitor })
      if (!fitted.ok) throw new Error(describeTrainFault(fitted.reason))
      const { manifest, testOutputs } = fitted.value
      for (const head of manifest.heads) {
        const truth = truths[head.task] ?? { rows: [], answers: new Float64Array(0) }
        const output = testOutputs[head.task] ?? new Float32Array(0)
        const all = knownRows(examples.test.targets[head.task] ?? new Float32Array(0))
        const whole = answersOf(head, { output, rows: all })
        const answers = answersOf(head, { output, rows: truth.rows })
        const compared = { head, targets: examples.test.targets[head.task] ?? new Float32Array(0) }
        measured.push({
          seed,
          family,
          task: head.task,
          examples: truth.rows.length,
          ...compare(compared, { truth, answers, all, whole }),
        })
      }
    }
    data.close()
    return measured
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** For some examples whose target is known, the true answers [rows, width]. */
interface Truth {
  readonly rows: readonly number[]
  readonly answers: Float64Array
}

interface TruthOptions {
  readonly simulator: Simulator
  readonly data: EventData
  readonly examples: ExampleSet
  readonly seed: number
}

async function truthOf({ simulator, data, examples, seed }: TruthOptions): Promise<Record<string, Truth>> {
  const { items } = data
  // A next event counts where it comes within the longest horizon.
  const withinMs = longestHorizonMs(project) || Infinity
  const histories = new Map<string, { attributes: Attributes; events: readonly Event[] }>()
  for await (const { userId, attributes, events } of data.users())
    histories.set(userId, { attributes, events })
  const truths: Record<string, Truth> = {}
  for (const [name, task] of Object.entries(project.tasks)) {
    const known = knownRows(examples.targets[name] ?? new Float32Array(0))
    const chosen = hasFormula(task)
      ? known
      : shuffle(known, createRandom(seed).fork(`truth/${name}`)).slice(0, Number(options.examples))
    const random = createRandom(seed).fork(`futures/${name}`)
    const answers = chosen.flatMap((row) => {
      const atMs = examples.atMs[row] ?? 0
      const { attributes, events: history } = histories.get(examples.userIds[row] ?? '') ?? {
        attributes: {},
        events: [],
      }
      const request = { simulator, history, attributes, items, atMs }
      if (task.kind === 'nextEvent') return Object.values(trueNextEvent({ ...request, withinMs }))
      const answer = trueTask({ ...request, task, random, runs: Number(options.runs) })
      return task.kind === 'total' ? [answer] : [1 - answer, answer]
    })
    truths[name] = { rows: chosen, answers: Float64Array.from(answers) }
    process.stderr.write(`seed ${seed}: truth of ${name} on ${chosen.length} examples\n`)
  }
  return truths
}

/** Whether the truth is cheap enough for every example; else it is drawn for some of them. */
function hasFormula(task: Task): boolean {
  return task.kind === 'nextEvent' || task.kind === 'absent'
}

/** Losses on the examples whose truth is known; calibration on all of them. */
function compare(
  { head, targets }: { readonly head: Head; readonly targets: Float32Array },
  answered: {
    readonly truth: Truth
    readonly answers: Float64Array
    readonly all: readonly number[]
    readonly whole: Float64Array
  },
): Pick<Row, 'model' | 'truth' | 'excess' | 'ece' | 'eceOfTruth'> {
  const { truth, answers, all, whole } = answered
  const actual = (from: readonly number[]): number[] => from.map((row) => targets[row] ?? Number.NaN)
  const classCount = head.classes.length
  if (head.kind === 'total') {
    const [model, best] = [answers, truth.answers].map((given) => rootMeanSquare(given, actual(truth.rows)))
    return { ...excessOf(model, best), ece: null, eceOfTruth: null }
  }
  const [model, best] = [answers, truth.answers].map((probabilities) =>
    logLoss({ probabilities, targets: actual(truth.rows), classCount }),
  )
  return {
    ...excessOf(model, best),
    ece: expectedCalibrationError({ probabilities: whole, targets: actual(all), classCount }),
    eceOfTruth: expectedCalibrationError({
      probabilities: truth.answers,
      targets: actual(truth.rows),
      classCount,
    }),
  }
}

function excessOf(model = Number.NaN, truth = Number.NaN): Pick<Row, 'model' | 'truth' | 'excess'> {
  return { model, truth, excess: model / truth - 1 }
}

function rootMeanSquare(given: Float64Array, actual: readonly number[]): number {
  const sum = actual.reduce((total, value, row) => total + ((given[row] ?? Number.NaN) - value) ** 2, 0)
  return Math.sqrt(sum / actual.length)
}

/** Mean over the seeds and, after ±, their standard deviation. */
function summary(measured: readonly Row[]): string {
  const groups = Map.groupBy(measured, ({ family, task }) => `${family} | ${task}`)
  const lines = [...groups].map(([name, group]) => {
    const column = (pick: (row: Row) => number | null, digits: number): string =>
      meanAndSpread(group.map(pick), digits)
    const cells = [
      column((row) => row.model, 4),
      column((row) => row.truth, 4),
      column((row) => 100 * row.excess, 2),
      column((row) => row.ece, 4),
      column((row) => row.eceOfTruth, 4),
    ]
    return `| ${name} | ${cells.join(' | ')} |`
  })
  const head =
    '| family | task | model | truth | excess, % | ECE | ECE of the truth |\n|---|---|---|---|---|---|---|'
  return `${project.name}, ${part} part, seeds ${options.seeds}\n\n${head}\n${lines.join('\n')}`
}
