// Judges trials in several threads. The large columns of the examples lie in memory that all share.
import { Worker } from 'node:worker_threads'
import type { ExampleSet } from '../examples/example-set.ts'
import type { Settings } from '../models/family.ts'
import type { Judged, TrialData } from './judge-trial.ts'

export interface TrialQuestion {
  readonly settings: Settings
  readonly share: number
}

export type TrialAnswer = Judged

export interface ThreadStart {
  readonly family: string
  readonly data: TrialData
}

export interface TrialThreads {
  /**
   * Judges when a thread is free, in the order of the calls; `begins` is told when it does. A thread that dies is
   * the failure of its trial. Undefined once they are closed.
   */
  judge(question: TrialQuestion, begins: () => void): Promise<Judged | undefined>
  close(): Promise<void>
}

interface Waiting {
  readonly question: TrialQuestion
  readonly begins: () => void
  readonly settle: (judged: Judged | undefined) => void
}

/** @param count how many trials run at once */
export function startTrialThreads(start: ThreadStart, count: number): TrialThreads {
  const { data } = start
  const shared = { ...start, data: { ...data, train: share(data.train), validation: share(data.validation) } }
  const waiting: Waiting[] = []
  const running = new Map<Worker, Waiting>()
  const idle: Worker[] = []
  let isClosed = false

  function next(): void {
    if (isClosed || running.size >= count) return
    const task = waiting.shift()
    if (task === undefined) return
    const worker = idle.pop() ?? startWorker()
    running.set(worker, task)
    task.begins()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(task.question)
  }
  function startWorker(): Worker {
    const worker = new Worker(new URL('trial-thread.ts', import.meta.url), { workerData: shared })
    let failure: Error | undefined
    worker.on('message', (judged: TrialAnswer) => {
      idle.push(worker)
      end(worker, judged)
    })
    worker.on('error', (error) => {
      failure = error
    })
    worker.on('exit', (code) => {
      end(worker, { cause: failure?.message ?? `its thread ended with code ${code}` })
    })
    return worker
  }
  function end(worker: Worker, judged: Judged): void {
    const task = running.get(worker)
    running.delete(worker)
    task?.settle(isClosed ? undefined : judged)
    next()
  }

  return {
    judge: (question, begins) =>
      new Promise((settle) => {
        if (isClosed) return settle(undefined)
        waiting.push({ question, begins, settle })
        next()
      }),
    async close() {
      isClosed = true
      for (const { settle } of waiting.splice(0)) settle(undefined)
      await Promise.all([...running.keys(), ...idle].map((worker) => worker.terminate()))
    },
  }
}

function share(examples: ExampleSet): ExampleSet {
  return { ...examples, inputs: shareAll(examples.inputs), targets: shareAll(examples.targets) }
}

function shareAll<Column extends Float32Array | Int32Array>(
  columns: Readonly<Record<string, Column>>,
): Record<string, Column> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => {
      const memory = new SharedArrayBuffer(column.byteLength)
      const copy = column instanceof Int32Array ? new Int32Array(memory) : new Float32Array(memory)
      copy.set(column)
      return [name, copy as Column]
    }),
  )
}
