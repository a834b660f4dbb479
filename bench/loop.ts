// Months of a service in minutes: 120 days through the real Worker, D1, R2 and trainers, with behaviour that
// drifts on day 60, a broken bundle on day 30, a bad challenger on day 75 and trainers that die. What is
// answered is compared with the truth of the simulation, and with what the first bundle would have answered.
//   npm run bench:loop -- [--days 120] [--users 2000] [--questions 600] [--seed 1] [--family pooled] [--plot docs/loop.svg] [--json]
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { figuresOf, plotOf } from './loop/figures.ts'
import { runMonths } from './loop/run.ts'

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '120' },
    users: { type: 'string', default: '2000' },
    questions: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    family: { type: 'string', default: 'pooled' },
    'drift-day': { type: 'string', default: '60' },
    'broken-day': { type: 'string', default: '30' },
    'bad-day': { type: 'string', default: '75' },
    'kill-chance': { type: 'string', default: '0.4' },
    plot: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

const request = {
  days: Number(values.days),
  users: Number(values.users),
  questionsPerDay: Number(values.questions),
  seed: Number(values.seed),
  family: values.family,
  driftDay: Number(values['drift-day']),
  brokenDay: Number(values['broken-day']),
  badDay: Number(values['bad-day']),
  killChance: Number(values['kill-chance']),
  say: (line: string) => void process.stderr.write(`${line}\n`),
}
const run = await runMonths(request)
if (values.plot !== undefined) writeFileSync(values.plot, plotOf(run, request))
const figures = figuresOf(run, request)
console.log(values.json ? JSON.stringify(figures) : JSON.stringify(figures, null, 2))
process.exit()
