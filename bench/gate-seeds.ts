// A/A gates of real trainings: the same settings and the same simulated log, other seeds. Every ordered pair of
// seeds is judged as champion and challenger by what a training on all before the gate's test answers there.
//   node bench/gate-seeds.ts [--project shop] [--users 5000] [--families softmax,pooled] [--seeds 8] [--logs 2]
//     [--examples 20000] [--json]
import { parseArgs } from 'node:util'
import { createRandom } from '../features/random.ts'
import { answerMadeAgain } from '../training/answer-test.ts'
import type { TestAnswers } from '../training/answer-test.ts'
import { calibrationCosts } from '../training/gate/calibration-cost.ts'
import { pairLosses } from '../training/gate/paired-losses.ts'
import { gateSlices } from '../training/gate/gate-slices.ts'
import { TEST_MS_MAX } from '../training/gate/judge-challenger.ts'
import { findFamily } from '../training/find-family.ts'
import { judge } from '../training/gate/verdict.ts'
import { examplesFor } from '../training/moments/plan.ts'
import { planMoments } from '../training/moments/plan-moments.ts'
import { describeTrainFault } from '../training/train-fault.ts'
import { meanAndSpread } from './spread.ts'
import { simulatedLog, simulatorOf } from './simulated-log.ts'

const { values: options } = parseArgs({
  options: {
    project: { type: 'string', default: 'shop' },
    users: { type: 'string', default: '5000' },
    families: { type: 'string', default: 'softmax,pooled' },
    seeds: { type: 'string', default: '8' },
    logs: { type: 'string', default: '2' },
    examples: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly family: string
  readonly log: number
  readonly outcome: string
  readonly obstacles: readonly string[]
  readonly users: number
  readonly gain: number
  readonly halfWidth: number
}

const rows: Row[] = []
for (let log = 1; log <= Number(options.logs); log += 1) rows.push(...(await measureLog(log)))
console.log(options.json ? JSON.stringify({ ...options, rows }) : summary(rows))

async function measureLog(log: number): Promise<Row[]> {
  const simulator = simulatorOf(options.project)
  const { project } = simulator
  const { data } = simulatedLog({ simulator, seed: log, userCount: Number(options.users) })
  const examples = examplesFor(Number(options.examples))
  const planned = await planMoments({ project, data, seed: log, examples, testMsMax: TEST_MS_MAX })
  if (!planned.ok) throw new Error(describeTrainFault(planned.reason))
  const measured: Row[] = []
  for (const name of options.families.split(',')) {
    const found = findFamily(name)
    if (!found.ok) throw new Error(describeTrainFault(found.reason))
    const family = found.value
    const answerers: TestAnswers[] = []
    for (let seed = 1; seed <= Number(options.seeds); seed += 1) {
      const recipe = { family, seed, finalFit: true }
      const answered = await answerMadeAgain(recipe, { project, data, plan: planned.value, examples })
      if (!answered.ok) throw new Error(describeTrainFault(answered.reason))
      answerers.push(answered.value)
      process.stderr.write(`log ${log}, ${name}: seed ${seed}\n`)
    }
    const costs = answerers.map((answerer) => calibrationCosts(answerer.examples, answerer))
    for (const [a, champion] of answerers.entries()) {
      for (const [b, challenger] of answerers.entries()) {
        if (a === b) continue
        const { examples: test, features } = challenger
        const paired = pairLosses(test, { champion, challenger })
        const verdict = judge({
          claim: 'better',
          paired,
          slices: paired.flatMap((task) => gateSlices(task, { examples: test, features })),
          calibration: { champion: costs[a] ?? {}, challenger: costs[b] ?? {} },
          random: createRandom(log).fork(`${name}/${a}/${b}`),
        })
        const { mean = 0, low = 0, high = 0 } = verdict.gain ?? {}
        measured.push({
          family: name,
          log,
          outcome: verdict.outcome,
          obstacles: verdict.obstacles.map(({ code }) => code),
          users: verdict.users,
          gain: mean,
          halfWidth: (high - low) / 2,
        })
      }
    }
  }
  return measured
}

/** A line a family. */
function summary(measured: readonly Row[]): string {
  const lines = [...Map.groupBy(measured, ({ family }) => family)].map(([family, own]) => {
    const shareOf = (holds: (row: Row) => boolean): string => `${own.filter(holds).length} of ${own.length}`
    const cells = [
      shareOf(({ outcome }) => outcome === 'promote'),
      shareOf(({ outcome }) => outcome === 'too_few'),
      shareOf(({ obstacles }) => obstacles.includes('task_worse')),
      shareOf(({ obstacles }) => obstacles.includes('slice_worse')),
      shareOf(({ obstacles }) => obstacles.includes('calibration')),
      meanAndSpread(
        own.map(({ gain }) => 100 * gain),
        3,
      ),
      meanAndSpread(
        own.map(({ halfWidth }) => 100 * halfWidth),
        3,
      ),
    ]
    return `| ${family} | ${cells.join(' | ')} |`
  })
  const head =
    '| family | promoted | too few | a task worse | a slice worse | calibration | gain, % | half width, % |'
  return [head, `|${'---|'.repeat(8)}`, ...lines].join('\n')
}
