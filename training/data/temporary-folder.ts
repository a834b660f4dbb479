// A folder for temporary files that its owner alone can read and that goes when the process ends, be it by
// a signal. Nothing can be done in a process that is killed outright: what such a one left goes when the
// next folder is made.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolder {
  readonly path: string
  /** Again does nothing. */
  remove(): void
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function createTemporaryFolder(): TemporaryFolder {
  removeLeftOver()
  const path = mkdtempSync(join(tmpdir(), `${prefix()}${process.pid}-`))
  const remove = (): void => {
    process.off('exit', remove)
    for (const signal of SIGNALS) process.off(signal, end)
    rmSync(path, { recursive: true, force: true })
  }
  /** A process that handles signals itself goes on to do so; any other ends as if nobody had listened. */
  const end = (signal: NodeJS.Signals): void => {
    remove()
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  process.once('exit', remove)
  for (const signal of SIGNALS) process.once(signal, end)
  return { path, remove }
}

/** Names the machine, for another may use the same folder and count its processes for itself. */
function prefix(): string {
  return `presage-${hostname().replaceAll(/[^A-Za-z0-9.]/g, '')}-`
}

function removeLeftOver(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix())) continue
    const pid = /^(\d+)-[^-]+$/.exec(name.slice(prefix().length))?.[1]
    if (pid === undefined || isRunning(Number(pid))) continue
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true })
    } catch {
      // Another user's: theirs to remove.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
