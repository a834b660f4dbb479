// How long a prediction by userId with a history of 100 events takes, beside a handler that only runs
// `select 1` on the same local D1. Both are asked in turn, over one connection each, in one run.
//   node bench/predict.ts [--bundle FOLDER] [--json]
// Without --bundle: the bundle trained last for the shop (`npm start` makes one).
import { parseArgs } from 'node:util'
import { assertAnswers, createSeed, EVENT_COUNT, keepAlive, latestBundle, measure } from './asked-user.ts'
import { startService } from './local-service.ts'
import { median } from './median.ts'

const WARM_UP_COUNT = 300
const MEASURED_COUNT = 1_500

const { values } = parseArgs({
  options: { bundle: { type: 'string' }, json: { type: 'boolean', default: false } },
})
const folder = values.bundle ?? (await latestBundle())
const service = await startService('bench/workerd/select-one.ts', await createSeed(folder))
try {
  const calls = {
    selectOne: { url: `${service.url}/select-one`, body: '{}', agent: keepAlive() },
    predict: {
      url: `${service.url}/v1/predict`,
      body: JSON.stringify({ userId: 'u-1' }),
      agent: keepAlive(),
    },
  }
  await assertAnswers(calls.predict)
  const selectOneMs: number[] = []
  const predictMs: number[] = []
  for (let index = 0; index < WARM_UP_COUNT + MEASURED_COUNT; index += 1) {
    const pair = [await measure(calls.selectOne), await measure(calls.predict)] as const
    if (index < WARM_UP_COUNT) continue
    selectOneMs.push(pair[0])
    predictMs.push(pair[1])
  }
  const result = {
    bundle: folder,
    requests: MEASURED_COUNT,
    selectOneMs: median(selectOneMs),
    predictMs: median(predictMs),
    ratio: median(predictMs) / median(selectOneMs),
  }
  console.log(values.json ? JSON.stringify(result) : table(result))
  for (const { agent } of Object.values(calls)) agent.destroy()
} finally {
  await service.stop()
}

function table(result: { selectOneMs: number; predictMs: number; ratio: number; requests: number }): string {
  return [
    `median of ${result.requests} requests each, in turn`,
    `select 1        ${result.selectOneMs.toFixed(2)} ms`,
    `predict         ${result.predictMs.toFixed(2)} ms (${EVENT_COUNT} events of history)`,
    `ratio           ${result.ratio.toFixed(2)} (at most 1.4)`,
  ].join('\n')
}
