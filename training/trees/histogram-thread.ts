// A thread that sums columns when it is asked to, until it is ended.
import { workerData } from 'node:worker_threads'
import { sumColumns } from './histogram.ts'
import { COLUMNS, FROM, HAVE, SLOT, TO, WANTED } from './thread-control.ts'
import type { ThreadStart } from './thread-control.ts'

const { memory, bins, control } = workerData as ThreadStart

for (;;) {
  const have = Atomics.load(control, HAVE)
  if (Atomics.load(control, WANTED) === have) {
    Atomics.wait(control, WANTED, have)
    continue
  }
  const columns = control.subarray(COLUMNS + 1, COLUMNS + 1 + control[COLUMNS]!)
  sumColumns(memory, { from: control[FROM]!, to: control[TO]!, slot: control[SLOT]! }, { columns, bins })
  Atomics.add(control, HAVE, 1)
  Atomics.notify(control, HAVE)
}
