// How often an experiment between two equal arms is called decided at any of its daily looks: by the confidence
// sequence, and by an interval that is made for one look. And how often a difference is found, and how soon.
//   node bench/sequential.ts [--runs 10000] [--days 28] [--users 200] [--lift 0] [--seed 1] [--json]
// --users: who come a day, to both arms together; what they bring is skewed as spending is, and hangs on their
// past, which is known.
import { parseArgs } from 'node:util'
import { addUser, adjustByPast, NO_USERS } from '../features/statistics/cuped.ts'
import { describeExperiment, judgeExperiment } from '../features/statistics/experiment.ts'
import type { ExperimentVerdict } from '../features/statistics/experiment.ts'
import { createRandom } from '../features/random.ts'

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    days: { type: 'string', default: '28' },
    users: { type: 'string', default: '200' },
    lift: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})

const [runs, days, users, lift] = [options.runs, options.days, options.users, options.lift].map(Number)
const random = createRandom(Number(options.seed)).fork('sequential')
const counts = { better: 0, worse: 0, broken_split: 0 }
let [naive, decidedDays, explained, last] = [0, 0, 0, '']
for (let run = 0; run < (runs ?? 0); run += 1) {
  const { verdict, day, isNaivelyDecided } = runExperiment()
  if (verdict.kind in counts) counts[verdict.kind as keyof typeof counts] += 1
  if (verdict.kind === 'better' || verdict.kind === 'worse') decidedDays += day
  if ('explained' in verdict) explained += verdict.explained
  if (isNaivelyDecided) naive += 1
  last = describeExperiment(verdict)
}
const decided = counts.better + counts.worse
const share = (count: number): number => count / (runs ?? 1)
console.log(
  JSON.stringify({
    ...(options.json ? options : { runs, days, users, lift }),
    decided: share(decided),
    better: share(counts.better),
    brokenSplit: share(counts.broken_split),
    oneLookInterval: share(naive),
    meanDay: decided === 0 ? null : decidedDays / decided,
    varianceExplainedByPast: explained / (runs ?? 1),
    example: last,
  }),
)

/** Looked at daily until it is decided. */
function runExperiment(): { verdict: ExperimentVerdict; day: number; isNaivelyDecided: boolean } {
  let [control, treatment] = [NO_USERS, NO_USERS]
  let isNaivelyDecided = false
  let verdict: ExperimentVerdict = { kind: 'nothing_known' }
  let decidedOn = 0
  for (let day = 1; day <= (days ?? 0); day += 1) {
    for (let user = 0; user < (users ?? 0); user += 1) {
      const isTreated = random.next() < 0.5
      const past = random.exponential(1)
      const outcome = (0.5 * past + 0.5 * random.exponential(1)) * (isTreated ? 1 + (lift ?? 0) : 1)
      if (isTreated) treatment = addUser(treatment, { outcome, past })
      else control = addUser(control, { outcome, past })
    }
    if (decidedOn === 0) {
      verdict = judgeExperiment({
        assigned: { control: control.users, treatment: treatment.users },
        treatmentShare: 0.5,
        control,
        treatment,
        better: 'higher',
        days: day,
      })
      if (['better', 'worse', 'broken_split'].includes(verdict.kind)) decidedOn = day
    }
    const arms = adjustByPast(control, treatment)
    const error = Math.sqrt(arms.control.variance + arms.treatment.variance)
    if (Math.abs(arms.treatment.mean - arms.control.mean) > 1.96 * error) isNaivelyDecided = true
  }
  return { verdict, day: decidedOn, isNaivelyDecided }
}
