// Small files that are whole or as they were, whenever the process dies.
import { renameSync, writeFileSync } from 'node:fs'

/** Replaces what the file holds; its owner alone may read it. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.unfinished`, text, { mode: 0o600 })
  renameSync(`${path}.unfinished`, path)
}
