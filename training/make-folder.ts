// A folder and those that it lies in. Node's own recursive mkdir tries without end where a file system takes no
// folders, as /proc.
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Does nothing where the folder is there. Throws the system's error where it cannot be made. */
export function makeFolder(path: string, mode?: number): void {
  if (isFolder(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path), mode)
  try {
    mkdirSync(path, mode)
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
