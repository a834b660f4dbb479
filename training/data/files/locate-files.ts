// Finds the files of a role: those that the command names, those that the source names, or those of the
// standard name.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { FileSource } from '../../../features/source.ts'
import type { DataFault } from '../data-fault.ts'
import { namedPathsOf, pathsIn, ROLES } from './data-path.ts'
import type { DataPath, Role } from './data-path.ts'
import { expandPath, expandPaths, isHidden } from './expand-path.ts'
import type { FileList } from './expand-path.ts'
import { kindOfName } from './file-kind.ts'

/** The role without which there is nothing to read. */
export type MainRole = 'events' | 'rows'

export interface Located {
  readonly main: MainRole
  readonly path: DataPath
  /** All that the source says of files of the main role: which of them it names. */
  readonly mainSources: readonly FileSource[]
}

/** Files of the main role, for one of its sources. */
export function locateMain(
  { main, path, mainSources }: Located,
  source: FileSource,
): Result<FileList, DataFault> {
  const { base, named } = namedPathsOf(path)
  const given = named[main]
  const isOne = new Set(mainSources.map(({ file }) => JSON.stringify(file))).size <= 1
  const files = filesIn(source)
  // What the command names takes the place of the one file that the source names, not of several.
  if (given !== undefined && (isOne || files.length === 0)) return expandPaths(given)
  if (base === undefined && given === undefined) {
    return fail({ code: 'missing_file', path: pathsIn(path).join(', '), name: main })
  }
  if (base === undefined || given !== undefined) {
    return expandPaths(files.map((file) => relativeTo(given?.[0] ?? '', file)))
  }
  if (isFolder(base)) {
    if (files.length > 0) return expandPaths(files.map((file) => relativeTo(base, file)))
    const standard = findInFolder(base, main)
    return standard === undefined ? partsBeside(base, main) : expandPath(standard)
  }
  if (files.length === 0 || isOne) return expandPath(base)
  return fail({ code: 'several_files', path: base, files: mainSources.flatMap(filesIn) })
}

/** Files that stand beside; undefined where there are none and the source names none. */
export function locateBeside(
  path: DataPath,
  { role, source }: { readonly role: Role; readonly source: FileSource | undefined },
): Result<FileList | undefined, DataFault> {
  const { base, named } = namedPathsOf(path)
  const given = named[role]
  if (given !== undefined) return expandPaths(given)
  const start = base ?? pathsIn(path)[0] ?? ''
  const files = source === undefined ? [] : filesIn(source)
  if (files.length > 0) return expandPaths(files.map((file) => relativeTo(start, file)))
  if (base === undefined || !isFolder(base)) return succeed(undefined)
  const standard = findInFolder(base, role)
  return standard === undefined ? succeed(undefined) : expandPath(standard)
}

function filesIn({ file }: FileSource): readonly string[] {
  return file === undefined ? [] : typeof file === 'string' ? [file] : file
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

/** A path as the source gives it: relative to the folder of the data, or to that of a file of theirs. */
function relativeTo(start: string, file: string): string {
  if (isAbsolute(file)) return file
  return join(isFolder(start) ? start : dirname(start), file)
}

/** The file or folder of parts with this name before the first dot; undefined where there is none. */
function findInFolder(folder: string, name: string): string | undefined {
  const found = readdirSync(folder).filter((file) => isOfRole(folder, { file, name }))
  return found.toSorted().map((file) => join(folder, file))[0]
}

function isOfRole(folder: string, { file, name }: { readonly file: string; readonly name: string }): boolean {
  if (file === name) return isFolder(join(folder, file))
  return file.startsWith(`${name}.`) && kindOfName(file) !== undefined
}

/** A folder in which no file has the standard name is a folder of parts, but for the files of other roles. */
function partsBeside(folder: string, main: MainRole): Result<FileList, DataFault> {
  const others = ROLES.filter((role) => role !== main)
  const names = readdirSync(folder).filter((name) => !isHidden(name))
  const beside = names.filter((file) => others.some((name) => isOfRole(folder, { file, name })))
  if (beside.length === 0) {
    const parts = expandPath(folder)
    return parts.ok || parts.reason.code !== 'empty_folder'
      ? parts
      : fail({ code: 'missing_file', path: folder, name: main })
  }
  return fail({ code: 'missing_file', path: folder, name: main })
}
