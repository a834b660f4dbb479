// Sets of data: each has a database of its own, so that other data never meet in one history and nothing
// is lost when they change. A new one is made beside the others; it takes their place once it is whole.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isAlive } from '../processes/watchdog.ts'
import { CommandError } from '../terminal/failure.ts'
import { withStorage } from './open-storage.ts'
import { countOverHttp } from './over-http.ts'
import { currentSet, projectPaths, setPaths } from './paths.ts'
import { isWhole, readStamp } from './stamp.ts'
import type { Stamp } from './stamp.ts'
import { makeFolder } from '../../training/make-folder.ts'

export interface DataSetFolder {
  readonly name: string
  readonly folder: string
  readonly state: string
}

export interface StampedSet extends DataSetFolder {
  readonly stamp: Stamp
}

/** The sets made from the data of this name (nameOfData): the current one first, else the latest. */
export function setsFrom(project: string, source: string): StampedSet[] {
  const current = currentSet(project)
  return setNames(project)
    .flatMap((name) => {
      const paths = setPaths(project, name)
      const stamp = readStamp(paths.folder)
      return stamp?.source === source ? [{ name, ...paths, stamp }] : []
    })
    .toReversed()
    .toSorted((a, b) => Number(b.name === current) - Number(a.name === current))
}

/** Makes an empty set, named after the data. It is removed with this process unless `finish` is called. */
export function makeSet(project: string, source: string): DataSetFolder & { finish(): void } {
  const base = basename(source).replaceAll(/[^\w-]+/g, '-')
  const taken = new Set(setNames(project))
  let number = 1
  while (taken.has(`${base}-${number}`)) number += 1
  const name = `${base}-${number}`
  const paths = setPaths(project, name)
  makeFolder(paths.state)
  writeFileSync(join(paths.folder, 'building'), String(process.pid))
  const remove = (): void => {
    try {
      rmSync(paths.folder, { recursive: true, force: true })
    } catch {
      // Something still writes there: the next start removes it.
    }
  }
  process.once('exit', remove)
  const finish = (): void => {
    process.off('exit', remove)
    rmSync(join(paths.folder, 'building'))
  }
  return { name, ...paths, finish }
}

/** Removes what starts left that died before their set was whole. */
export function removeUnfinished(project: string): void {
  for (const name of setNames(project)) {
    const { folder } = setPaths(project, name)
    const note = join(folder, 'building')
    if (isWhole(folder) || !existsSync(note)) continue
    if (!isAlive(Number(readFileSync(note, 'utf8')))) rmSync(folder, { recursive: true })
  }
}

/** Throws CommandError where sets hold events, profiles, labels or keys that nobody could import again. */
export async function assertNothingLost(sets: readonly DataSetFolder[]): Promise<void> {
  for (const { name, folder: setFolder, state } of sets.filter((set) => existsSync(set.state))) {
    const lost = await withStorage({ kind: 'local', state }, {}, (storage) =>
      countOverHttp(storage, { setFolder, nowMs: Date.now() }),
    )
    const parts = Object.entries(lost).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []))
    if (parts.length === 0) continue
    throw new CommandError(
      `--fresh would delete what was sent or made since ${name} was imported (${parts.join(', ')}): add --force to do so`,
    )
  }
}

function setNames(project: string): string[] {
  const { sets } = projectPaths(project)
  return existsSync(sets)
    ? readdirSync(sets).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    : []
}
