// How much longer a prediction takes where answers are logged: the same request to the same isolate with and
// without, in turns over one connection each, the first of a pair by chance. What is compared is each pair.
//   node bench/prediction-log.ts [--bundle FOLDER] [--pairs N] [--json]
// Without --bundle: the bundle trained last for the shop (`npm start` makes one).
import { parseArgs } from 'node:util'
import { createRandom } from '../features/random.ts'
import { assertAnswers, createSeed, EVENT_COUNT, keepAlive, latestBundle, measure } from './asked-user.ts'
import { startService } from './local-service.ts'
import { median } from './median.ts'

const WARM_UP_COUNT = 300
const RATIO_MAX = 1.05

const { values } = parseArgs({
  options: {
    bundle: { type: 'string' },
    pairs: { type: 'string', default: '3000' },
    json: { type: 'boolean', default: false },
  },
})
const pairs = Number(values.pairs)
const random = createRandom(1)
const service = await startService(
  'bench/workerd/unlogged.ts',
  await createSeed(values.bundle ?? (await latestBundle())),
)
try {
  const body = JSON.stringify({ userId: 'u-1' })
  const logged = { url: `${service.url}/v1/predict`, body, agent: keepAlive() }
  const unlogged = { url: `${service.url}/unlogged/v1/predict`, body, agent: keepAlive() }
  await assertAnswers(logged)
  await assertAnswers(unlogged)
  const loggedMs: number[] = []
  const unloggedMs: number[] = []
  for (let index = 0; index < WARM_UP_COUNT + pairs; index += 1) {
    const isLoggedFirst = random.next() < 0.5
    const first = await measure(isLoggedFirst ? logged : unlogged)
    const second = await measure(isLoggedFirst ? unlogged : logged)
    if (index < WARM_UP_COUNT) continue
    loggedMs.push(isLoggedFirst ? first : second)
    unloggedMs.push(isLoggedFirst ? second : first)
  }
  const result = {
    pairs,
    loggedMs: median(loggedMs),
    unloggedMs: median(unloggedMs),
    ratio: median(loggedMs) / median(unloggedMs),
    ratioOfMeans: mean(loggedMs) / mean(unloggedMs),
    medianDifferenceMs: median(loggedMs.map((ms, index) => ms - (unloggedMs[index] ?? Number.NaN))),
  }
  console.log(values.json ? JSON.stringify(result) : table(result))
  for (const { agent } of [logged, unlogged]) agent.destroy()
} finally {
  await service.stop()
}

function mean(measured: readonly number[]): number {
  return measured.reduce((sum, ms) => sum + ms, 0) / measured.length
}

function table(result: {
  readonly pairs: number
  readonly loggedMs: number
  readonly unloggedMs: number
  readonly ratio: number
  readonly ratioOfMeans: number
  readonly medianDifferenceMs: number
}): string {
  return [
    `${result.pairs} pairs, ${EVENT_COUNT} events of history, medians`,
    `without the log  ${result.unloggedMs.toFixed(2)} ms`,
    `with the log     ${result.loggedMs.toFixed(2)} ms`,
    `ratio            ${result.ratio.toFixed(3)} (of means ${result.ratioOfMeans.toFixed(3)}; at most ${RATIO_MAX})`,
    `median of the differences of pairs ${result.medianDifferenceMs.toFixed(3)} ms`,
  ].join('\n')
}
