// One search of a project at a time: two would share its journal and both change its file.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../training/make-folder.ts'
import { isAlive } from '../processes/watchdog.ts'
import { CommandError } from '../terminal/failure.ts'

/** Holds the folder until it is released or this process ends. Throws CommandError where another process does. */
export function holdFolder(folder: string, project: string): () => void {
  makeFolder(folder)
  const path = join(folder, 'running')
  for (;;) {
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: 'wx', mode: 0o600 })
      break
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const pid = Number(readHolder(path))
    if (pid > 0 && pid !== process.pid && isAlive(pid)) {
      throw new CommandError(
        `Project '${project}' is being tuned by process ${pid}: wait for its end, or stop it`,
      )
    }
    rmSync(path, { force: true })
  }
  const release = (): void => rmSync(path, { force: true })
  process.once('exit', release)
  return () => {
    process.off('exit', release)
    release()
  }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
