// What `--data` names: one path for all files, paths by what they hold, or both.
import { resolve } from 'node:path'
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'

/** What a file holds. Its standard name is this word and an ending: events.csv. */
export const ROLES = ['events', 'rows', 'users', 'items', 'questions'] as const
export type Role = (typeof ROLES)[number]

export interface NamedPaths {
  /** A file, a folder or a pattern; what the source names is relative to it. */
  readonly base?: string
  readonly named: Readonly<Partial<Record<Role, readonly string[]>>>
}

/** A text is the base alone. */
export type DataPath = string | NamedPaths

export function namedPathsOf(path: DataPath): NamedPaths {
  return typeof path === 'string' ? { base: path, named: {} } : path
}

/** Every path that is named, the base first. */
export function pathsIn(path: DataPath): string[] {
  const { base, named } = namedPathsOf(path)
  return [...(base === undefined ? [] : [base]), ...ROLES.flatMap((role) => named[role] ?? [])]
}

/** One text for the same data, in whatever order its paths are named. */
export function nameOfData(path: DataPath): string {
  const { base, named } = namedPathsOf(path)
  const parts = ROLES.flatMap((role) => (named[role] ?? []).map((one) => `${role}=${one}`))
  return [...(base === undefined ? [] : [base]), ...parts].join(',')
}

/** The same from every folder. */
export function absolutePath(path: DataPath): DataPath {
  if (typeof path === 'string') return resolve(path)
  const { base, named } = namedPathsOf(path)
  const entries = Object.entries(named).map(([role, paths]) => [role, paths.map((one) => resolve(one))])
  return { ...(base !== undefined && { base: resolve(base) }), named: Object.fromEntries(entries) }
}

export interface ParsedPaths extends Pick<NamedPaths, 'named'> {
  /** Of which nobody said what they hold. */
  readonly plain: readonly string[]
}

/** Reads any number of paths, with or without what they hold. */
export function parsePaths(
  args: readonly string[],
  exists: (path: string) => boolean,
): Result<ParsedPaths, string> {
  const plain: string[] = []
  const named: Partial<Record<Role, string[]>> = {}
  for (const arg of args) {
    const [word = '', ...rest] = arg.split('=')
    const role = ROLES.find((one) => one === word)
    if (role === undefined || rest.length === 0 || exists(arg)) plain.push(arg)
    else if (rest.join('=') === '') return fail(`${arg} names no file`)
    else named[role] = [...(named[role] ?? []), rest.join('=')]
  }
  return succeed({ plain, named })
}

/** Reads arguments such as `export.csv` or `users=people.csv`; a file of that very name is that file. */
export function parseDataPath(
  args: readonly string[],
  exists: (path: string) => boolean,
): Result<DataPath, string> {
  const parsed = parsePaths(args, exists)
  if (!parsed.ok) return fail(`--data ${parsed.reason}`)
  const { plain, named } = parsed.value
  const [base, other] = plain
  if (base !== undefined && other !== undefined) {
    return fail(
      `--data names '${base}' and '${other}': say what each holds, as in --data events=${base} --data users=${other}`,
    )
  }
  if (base !== undefined && Object.keys(named).length === 0) return succeed(base)
  return succeed({ ...(base !== undefined && { base }), named })
}
