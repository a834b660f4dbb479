// Small files that are whole or as they were, whenever the process dies.
import { renameSync, rmSync, writeFileSync } from 'node:fs'

/** Replaces what the file holds; its owner alone may read it. Where it cannot be written nothing is left of it. */
export function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.unfinished`
  try {
    writeFileSync(unfinished, text, { mode: 0o600 })
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}
