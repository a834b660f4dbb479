// Sums histograms in several threads: each takes some of the columns, so that a column is summed in the same
// order whoever does it, and any number of threads gives the same bytes.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { sumColumns } from './histogram.ts'
import type { HistogramMemory, LeafRows } from './histogram.ts'
import { COLUMNS, controlLength, FROM, HAVE, SLOT, TO, WANTED } from './thread-control.ts'
import type { ThreadStart } from './thread-control.ts'

/** Writes the histogram of a leaf for these columns. */
export type SumColumns = (rows: LeafRows, columns: Int32Array) => Promise<void>

export interface Threads {
  readonly sum: SumColumns
  close(): Promise<void>
}

export interface ThreadsRequest {
  readonly memory: HistogramMemory
  /** How many bins each column has. */
  readonly bins: readonly number[]
  /** This one included; one where there is little to do. */
  readonly threadCount: number
  /** What other threads run. */
  readonly program?: URL
}

/** Fewer cells are summed sooner than another thread is told of them. */
const CELLS_MIN = 20_000
/** After so long it is looked whether a thread still lives. */
const LOOK_MS = 200

interface Helper {
  readonly control: Int32Array
  readonly worker: Worker
  /** Why it does not answer any more. */
  failure: Error | undefined
}

export function createThreads({ memory, bins, threadCount, program }: ThreadsRequest): Threads {
  const file = program ?? new URL('histogram-thread.ts', import.meta.url)
  let closing = false
  const helpers = Array.from({ length: threadCount - 1 }, startHelper)

  function startHelper(): Helper {
    const control = new Int32Array(new SharedArrayBuffer(4 * controlLength(bins.length)))
    const workerData: ThreadStart = { memory, bins, control }
    const helper: Helper = { control, worker: new Worker(file, { workerData }), failure: undefined }
    helper.worker.on('error', (error) => {
      helper.failure ??= new Error('A thread that grows trees failed', { cause: error })
    })
    helper.worker.on('exit', (code) => {
      if (!closing) helper.failure ??= new Error(`A thread that grows trees ended with code ${code}`)
    })
    return helper
  }

  return {
    async sum(rows, columns) {
      if (helpers.length === 0 || (rows.to - rows.from) * columns.length < CELLS_MIN) {
        return sumColumns(memory, rows, { columns, bins })
      }
      const shares = sharesOf(columns, helpers.length + 1)
      for (const [place, helper] of helpers.entries()) ask(helper, rows, shares[place + 1] ?? [])
      sumColumns(memory, rows, { columns: shares[0] ?? [], bins })
      for (const helper of helpers) await answerOf(helper)
    },
    async close() {
      closing = true
      await Promise.all(helpers.map(({ worker }) => worker.terminate()))
    },
  }
}

/** Every so-manieth column each. */
function sharesOf(columns: Int32Array, count: number): number[][] {
  const shares = Array.from({ length: count }, () => [] as number[])
  for (const [place, column] of columns.entries()) shares[place % count]!.push(column)
  return shares
}

function ask({ control }: Helper, { from, to, slot }: LeafRows, columns: readonly number[]): void {
  control[FROM] = from
  control[TO] = to
  control[SLOT] = slot
  control.set([columns.length, ...columns], COLUMNS)
  Atomics.add(control, WANTED, 1)
  Atomics.notify(control, WANTED)
}

/** Throws where the thread has ended: it would never answer. */
async function answerOf(helper: Helper): Promise<void> {
  const { control } = helper
  for (;;) {
    const have = Atomics.load(control, HAVE)
    if (have === Atomics.load(control, WANTED)) return
    if (Atomics.wait(control, HAVE, have, LOOK_MS) !== 'timed-out') continue
    // Only between turns is it told that a thread has ended.
    await nextTurn()
    if (helper.failure !== undefined) throw helper.failure
  }
}
