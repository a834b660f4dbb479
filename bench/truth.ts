// How close models come to the truth of a simulated project: log loss of the model over that of the
// true probabilities, on the same examples, and expected calibration error, of all test examples and of
// their later half. Of totals, root mean squared error over that of the true expectation, and the sum of
// what was predicted over the sum of what came.
// Moments are those of the project: after events and by the clock. Next events and absence have a truth by
// formula and are compared on all examples, the others on some, whose truth is drawn.
//   node bench/truth.ts [--projects shop,course,finance,social] [--families softmax,pooled,transformer]
//     [--seeds 1,2,3] [--part test] [--users N] [--examples 3000] [--runs 200] [--json]
// `--part validation` is for choosing; the test part is for the number that is reported.
import { parseArgs } from 'node:util'
import type { Head } from '../features/heads/head.ts'
import type { Simulator } from '../simulation/index.ts'
import type { ExampleSet } from '../training/examples/example-set.ts'
import { makeExamples } from '../training/examples/make-examples.ts'
import { findFamily } from '../training/find-family.ts'
import { expectedCalibrationError } from '../training/metrics/probability.ts'
import { laterHalf } from '../training/metrics/weights.ts'
import { rehearse } from '../training/rehearse.ts'
import { describeTrainFault } from '../training/train-fault.ts'
import { givenNumbers, knownExamplesOf } from '../training/heads/known-examples.ts'
import { excess, lossOf, predictedOverActual } from './losses.ts'
import { sayLines } from './say-lines.ts'
import { simulatedLog, simulatorOf } from './simulated-log.ts'
import { meanAndSpread } from './spread.ts'
import { trueAnswers } from './true-answers.ts'
import type { Truth } from './true-answers.ts'

const { values: options } = parseArgs({
  options: {
    projects: { type: 'string', default: 'shop,course,finance,social' },
    families: { type: 'string', default: 'softmax,pooled,transformer' },
    seeds: { type: 'string', default: '1,2,3' },
    part: { type: 'string', default: 'test' },
    users: { type: 'string' },
    examples: { type: 'string', default: '3000' },
    runs: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly project: string
  readonly seed: number
  readonly family: string
  readonly task: string
  readonly basis: Head['basis']
  readonly examples: number
  /** Log loss, or root mean squared error of a total. */
  readonly model: number
  readonly truth: number
  /** Of the model over the truth, in percent. */
  readonly excess: number
  readonly ece: number | null
  readonly eceLater: number | null
  readonly eceOfTruth: number | null
  readonly predictedOverActual: number | null
}

const part = options.part === 'validation' ? 'validation' : 'test'
const rows: Row[] = []
for (const name of options.projects.split(',')) {
  const simulator = simulatorOf(name)
  for (const seed of options.seeds.split(',').map(Number)) rows.push(...(await measureSeed(simulator, seed)))
}
console.log(options.json ? JSON.stringify({ part, rows }) : summary(rows))

/** One simulated log, its truth, and every family trained on it. */
async function measureSeed(simulator: Simulator, seed: number): Promise<Row[]> {
  const { project } = simulator
  const userCount = options.users === undefined ? undefined : Number(options.users)
  const log = simulatedLog({ simulator, seed, userCount })
  const made = await makeExamples({ project, data: log.data, seed })
  if (!made.ok) throw new Error(describeTrainFault(made.reason))
  const examples = { ...made.value, test: made.value[part] }
  const truths = trueAnswers({
    log,
    examples: examples.test,
    seed,
    runs: Number(options.runs),
    examplesMax: Number(options.examples),
  })
  const measured: Row[] = []
  for (const name of options.families.split(',')) {
    const family = findFamily(name)
    if (!family.ok) throw new Error(describeTrainFault(family.reason))
    const monitor = sayLines(`${project.name}, seed ${seed}, ${name}`)
    const rehearsed = await rehearse({ project, family: family.value, seed, examples, monitor })
    if (!rehearsed.ok) throw new Error(describeTrainFault(rehearsed.reason))
    const { heads, testOutputs: outputs } = rehearsed.value
    for (const head of heads) {
      const truth = truths[head.task] ?? { rows: [], numbers: new Float64Array(0) }
      const compared = compare(head, { examples: examples.test, outputs, truth })
      measured.push({ project: project.name, seed, family: name, task: head.task, ...compared })
    }
  }
  return measured
}

interface Compared {
  readonly examples: ExampleSet
  readonly outputs: Parameters<typeof givenNumbers>[1]['outputs']
  readonly truth: Truth
}

/** Losses on the examples whose truth is known; calibration on all whose target is. */
function compare(
  head: Head,
  { examples, outputs, truth }: Compared,
): Omit<Row, 'project' | 'seed' | 'family' | 'task'> {
  const { rows: all, known } = knownExamplesOf(examples, head.task)
  const targets = truth.rows.map((row) => examples.targets[head.task]?.[row] ?? Number.NaN)
  const model = lossOf(head.kind, { numbers: givenNumbers(head, { outputs, rows: truth.rows }), targets })
  const least = lossOf(head.kind, { numbers: truth.numbers, targets })
  const losses = { basis: head.basis, examples: truth.rows.length, model, truth: least }
  const answers = givenNumbers(head, { outputs, rows: all })
  if (head.kind === 'amount') {
    const sums = predictedOverActual({ numbers: answers, targets: [...known.targets] })
    const none = { ece: null, eceLater: null, eceOfTruth: null }
    return { ...losses, excess: excess(model, least), ...none, predictedOverActual: sums }
  }
  const classCount = head.classes.length
  const forecasts = { probabilities: answers, targets: known.targets, classCount }
  const later = laterHalf(known.atMs)
  return {
    ...losses,
    excess: excess(model, least),
    ece: expectedCalibrationError(forecasts),
    eceLater: later === undefined ? null : expectedCalibrationError({ ...forecasts, weights: later }),
    eceOfTruth: expectedCalibrationError({ probabilities: truth.numbers, targets, classCount }),
    predictedOverActual: null,
  }
}

/** Mean over the seeds and, after ±, their standard deviation. */
function summary(measured: readonly Row[]): string {
  const nameOf = ({ project, family, task }: Row): string => `${project} | ${family} | ${task}`
  const lines = [...Map.groupBy(measured, nameOf)].map(([name, group]) => {
    const column = (pick: (row: Row) => number | null, digits: number): string =>
      meanAndSpread(group.map(pick), digits)
    const cells = [
      group.map(({ basis }) => basis).find((basis) => basis === 'prior') ?? 'model',
      column((row) => row.model, 4),
      column((row) => row.truth, 4),
      column((row) => row.excess, 2),
      column((row) => row.ece, 4),
      column((row) => row.eceLater, 4),
      column((row) => row.eceOfTruth, 4),
      column((row) => row.predictedOverActual, 3),
    ]
    return `| ${name} | ${cells.join(' | ')} |`
  })
  const head = [
    '| project | family | task | basis | model | truth | excess, % | ECE | ECE, later half | ECE of the truth | predicted / actual |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
  ]
  return [`${part} part, seeds ${options.seeds}`, '', ...head, ...lines].join('\n')
}
