// A thread that judges trials, one at a time, on examples that it shares with the others.
import { parentPort, workerData } from 'node:worker_threads'
import { selectExamples } from '../examples/example-set.ts'
import { findFamily } from '../find-family.ts'
import { judgeTrial } from './judge-trial.ts'
import type { ThreadStart, TrialAnswer, TrialQuestion } from './trial-threads.ts'

const { family: name, data } = workerData as ThreadStart
const family = findFamily(name)
if (!family.ok) throw new Error(`Expected a family, got '${name}'`)
// Native TensorFlow takes no memory that is shared; batches of training are copied anyway.
const own = { ...data, validation: selectExamples(data.validation, [...Array(data.validation.count).keys()]) }

parentPort?.on('message', ({ settings, share }: TrialQuestion) => {
  void judgeTrial({ ...own, family: family.value, settings, share }).then((judged: TrialAnswer) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort?.postMessage(judged)
  })
})
