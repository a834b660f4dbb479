// Small files that are whole or as they were, whenever the process dies.
import { chmodSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'

/**
 * Replaces what the file holds; a new one its owner alone may read, who may read another stays as it was.
 * Where it cannot be written nothing is left of it.
 */
export function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.unfinished`
  try {
    writeFileSync(unfinished, text, { mode: 0o600 })
    const before = statSync(path, { throwIfNoEntry: false })
    if (before !== undefined) chmodSync(unfinished, before.mode)
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}
