// Whether every training ends once though its trainers are killed at random steps:
//   npx node bench/trainer.ts [--trainings 60] [--seed 1] [--json]
import { parseArgs } from 'node:util'
import { killTrainers } from './killed-trainers.ts'

const { values } = parseArgs({
  options: {
    trainings: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const killed = await killTrainers({
  trainings: Number(values.trainings),
  seed: Number(values.seed),
  killsMax: 2,
  families: ['prior', 'softmax'],
  say: (line) => void process.stderr.write(`${line}\n`),
})
if (values.json) console.log(JSON.stringify(killed))
else console.log(killed)
