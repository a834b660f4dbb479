// How often the gate promotes: a challenger that is as good as the champion, and one that is better, over many
// simulated gates with the noise that two fits on the same data have.
//   node bench/gate.ts [--runs 1000] [--users 5000] [--moments 5] [--rates 0.05,0.2,0.4]
//     [--shared 0.02] [--own 0.003] [--gains 0,0.01] [--json]
// --shared: by how much both are above the truth's loss for what they err alike; --own: for what each errs by
// itself, as another seed does; --gains: how much less than the champion's the challenger's loss is.
import { parseArgs } from 'node:util'
import { createRandom } from '../features/random.ts'
import { judge } from '../training/gate/verdict.ts'
import { simulateGate } from './simulated-gate.ts'

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    users: { type: 'string', default: '5000' },
    moments: { type: 'string', default: '5' },
    rates: { type: 'string', default: '0.05,0.2,0.4' },
    shared: { type: 'string', default: '0.02' },
    own: { type: 'string', default: '0.003' },
    gains: { type: 'string', default: '0,0.01' },
    json: { type: 'boolean', default: false },
  },
})

const runs = Number(options.runs)
const own = Number(options.own)
const rows = options.gains.split(',').map(Number).map(measure)
if (options.json) console.log(JSON.stringify({ ...options, rows }))
else for (const row of rows) console.log(JSON.stringify(row))

function measure(gain: number): object {
  const random = createRandom(1).fork(`gain ${gain}`)
  const counts = { promote: 0, keep: 0, too_few: 0 }
  let [halfWidths, taskWorse, sliceWorse, mean] = [0, 0, 0, 0]
  for (let run = 0; run < runs; run += 1) {
    const drawn = random.fork(`run ${run}`)
    const simulated = simulateGate(
      {
        users: Number(options.users),
        momentsOfUser: Number(options.moments),
        rates: options.rates.split(',').map(Number),
        sharedExcess: Number(options.shared),
        ownExcess: [own + gain * (1 + own), own],
      },
      drawn,
    )
    const verdict = judge({
      claim: 'better',
      ...simulated,
      calibration: { champion: {}, challenger: {} },
      random: drawn.fork('judge'),
    })
    counts[verdict.outcome] += 1
    halfWidths += ((verdict.gain?.high ?? 0) - (verdict.gain?.low ?? 0)) / 2
    mean += verdict.gain?.mean ?? 0
    taskWorse += Number(verdict.obstacles.some(({ code }) => code === 'task_worse'))
    sliceWorse += Number(verdict.obstacles.some(({ code }) => code === 'slice_worse'))
  }
  const share = (count: number): number => count / runs
  return {
    gain,
    runs,
    promoted: share(counts.promote),
    kept: share(counts.keep),
    tooFew: share(counts.too_few),
    meanGain: mean / runs,
    halfWidth: halfWidths / runs,
    taskWorse: share(taskWorse),
    sliceWorse: share(sliceWorse),
  }
}
