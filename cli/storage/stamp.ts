// What a start has made and from what, so that the next one skips what is done.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { sha256Hex } from '../../features/hash.ts'
import type { Project } from '../../features/project.ts'
import { nameOfData } from '../../training/data/files/data-path.ts'
import type { DataPath } from '../../training/data/files/data-path.ts'
import { filesOfData } from '../../training/data/files/files-of-data.ts'
import type { Example } from './import.ts'
import { writeWhole } from './write-whole.ts'

export interface Stamp {
  /** The name of the data (nameOfData). */
  readonly source: string
  /** What the data were like (stateOfData). */
  readonly data: string
  /** Of all that the rest was made from. */
  readonly fingerprint: string
  readonly bundleFolder: string
  readonly example: Example
  /** A key of the local service; it opens nothing else. */
  readonly key: string
  /** A key that may do all, for the trainer beside the service; absent in sets of before there was one. */
  readonly trainerKey?: string
}

export interface StartInputs {
  readonly project: Project
  readonly path: DataPath
  readonly family: string
  readonly minutes?: number | undefined
  readonly seed: number
  readonly skipBadRows: boolean
  /** The folder of the package. */
  readonly root: string
}

/** What makes a bundle; the rest of the package can change without another one coming out. */
const CODE_FOLDERS = ['features', 'training'] as const
/** Not what editors leave beside it. */
const CODE_FILE = /^[^.].*\.(ts|wasm)$/

/**
 * Changes with the data (path, sizes and times), the project's declaration, the versions, and the code
 * that makes a bundle.
 */
export async function fingerprintOf({ path, root, ...settings }: StartInputs): Promise<string> {
  const state = stateOfData(settings.project, path)
  const version = [
    readFileSync(join(root, 'package.json'), 'utf8'),
    readdirSync(join(root, 'migrations')),
    codeOf(root),
  ]
  return sha256Hex(JSON.stringify([nameOfData(path), state, settings, version]))
}

/** Names and contents of the code that makes a bundle. */
export function codeOf(root: string): (readonly [string, string])[][] {
  return CODE_FOLDERS.map((folder) => codeIn(join(root, folder)))
}

/** Paths, sizes and times of the files that are read; the fault where some cannot be found. */
export function stateOfData(project: Project, path: DataPath): string {
  const files = filesOfData(project, path)
  if (!files.ok) return JSON.stringify(files.reason)
  return JSON.stringify(
    files.value.map((file) => {
      const { size, mtimeMs } = statSync(file)
      return [basename(file), size, mtimeMs]
    }),
  )
}

/** Names and contents of the code in a folder and below; some hundred KB in all. */
function codeIn(folder: string): (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CODE_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => [relative(folder, path), readFileSync(path, 'base64')])
}

/** The stamp in this folder; undefined where there is none that can be read. */
export function readStamp(folder: string): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'start.json'), 'utf8')) as Stamp
  } catch {
    return undefined
  }
}

export function writeStamp(folder: string, stamp: Stamp): void {
  writeWhole(join(folder, 'start.json'), JSON.stringify(stamp))
}

/** Whether a start made what lies in this folder to its end. */
export function isWhole(folder: string): boolean {
  return existsSync(join(folder, 'start.json'))
}
