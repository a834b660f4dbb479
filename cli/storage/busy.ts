// Waits for a local database that another process is writing to: `presage dev` while an import runs.
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../terminal/failure.ts'

const BUSY = /SQLITE_BUSY|database is locked|Failed to get session commit token/
const WAIT_MS_MAX = 30_000
const PAUSE_MS = { first: 100, max: 1_000 }

export interface Waiting {
  readonly waitMsMax?: number
  /** Told once, when it begins to wait. */
  readonly say?: (line: string) => void
}

/**
 * Does the work, again and again while the database is busy. The work must come to the same when it is
 * done twice. Throws CommandError where it stays busy.
 */
export async function whenFree<Outcome>(
  work: () => Promise<Outcome>,
  { waitMsMax = WAIT_MS_MAX, say = sayOnStderr }: Waiting = {},
): Promise<Outcome> {
  const startMs = performance.now()
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS.max)) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Error) || !BUSY.test(error.message)) throw error
      const waitedMs = performance.now() - startMs
      if (waitedMs >= waitMsMax) {
        throw new CommandError(
          `The local database was busy for ${Math.round(waitedMs / 1000)} s: what else writes to it? (${error.message})`,
        )
      }
      if (pauseMs === PAUSE_MS.first)
        say(`the local database is busy: waiting up to ${Math.round(waitMsMax / 1000)} s`)
      await sleep(pauseMs)
    }
  }
}

function sayOnStderr(line: string): void {
  process.stderr.write(`${line}\n`)
}
