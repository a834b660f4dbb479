// A folder for the exports of this process alone: two trainers of one machine would write into each other's files.
import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '../processes/watchdog.ts'
import { makeFolder } from '../../training/make-folder.ts'

/**
 * The path of it, beneath a folder. One of the same name whose process is gone is taken over with what was exported
 * into it, by a rename, which of two that want it one alone can do.
 */
export function ownFolder(parent: string, name: string): string {
  const own = join(parent, `${name}-${process.pid}`)
  makeFolder(parent)
  const names = readdirSync(parent)
  if (names.includes(`${name}-${process.pid}`)) return own
  for (const other of names) {
    const pid = other.startsWith(`${name}-`) ? other.slice(name.length + 1) : ''
    if (!/^\d+$/.test(pid) || isAlive(Number(pid))) continue
    try {
      renameSync(join(parent, other), own)
      break
    } catch {
      // Another was quicker.
    }
  }
  return own
}
