// Where the command keeps what it makes: .presage/<project>/ in the folder of the package, or in the
// folder that the environment variable PRESAGE_HOME names. Each set of data has a database of its own.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeWhole } from './write-whole.ts'

/** The folder of the package: package.json, wrangler.toml and migrations lie here. */
export const rootFolder = join(import.meta.dirname, '../..')

/** The set that verbs use before `npm start` has made one. */
const SET_DEFAULT = 'default'

export interface ProjectPaths {
  readonly folder: string
  /** One folder for each bundle, named by its id. */
  readonly bundles: string
  /** Simulated data. */
  readonly data: string
  /** One folder for each set of data. */
  readonly sets: string
}

export interface SetPaths {
  readonly folder: string
  /** Of the local D1 and R2, as wrangler keeps them. */
  readonly state: string
}

export function homeFolder(): string {
  return resolve(process.env['PRESAGE_HOME'] ?? join(rootFolder, '.presage'))
}

export function projectPaths(project: string): ProjectPaths {
  const folder = join(homeFolder(), project)
  return {
    folder,
    bundles: join(folder, 'bundles'),
    data: join(folder, 'data'),
    sets: join(folder, 'sets'),
  }
}

export function setPaths(project: string, set: string): SetPaths {
  const folder = join(projectPaths(project).sets, set)
  return { folder, state: join(folder, 'state') }
}

/** The set that dev serves and that import, publish and key write to. */
export function currentSet(project: string): string {
  const pointer = pointerOf(project)
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : SET_DEFAULT
}

/** Makes another set the current one, at once. */
export function pointTo(project: string, set: string): void {
  writeWhole(pointerOf(project), `${set}\n`)
}

function pointerOf(project: string): string {
  return join(projectPaths(project).folder, 'current')
}
