// Work that Ctrl-C must not leave half done.
import { setImmediate as nextTurn } from 'node:timers/promises'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Does the work to its end; a signal that came meanwhile takes effect after it. For short work. */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  let held: NodeJS.Signals | undefined
  const hold = (signal: NodeJS.Signals): void => {
    held = signal
  }
  for (const signal of SIGNALS) process.on(signal, hold)
  try {
    return await work()
  } finally {
    // A signal that came while nothing else could run is told in the next turn.
    await nextTurn()
    for (const signal of SIGNALS) process.off(signal, hold)
    if (held !== undefined) process.kill(process.pid, held)
  }
}
