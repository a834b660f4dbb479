// From a path to the files it stands for. A path is a path first, whatever characters are in its name; else
// a pattern, in which * stands for any part of one name. A folder is the files in it, which are the parts of
// one table.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { DataFault } from '../data-fault.ts'
import { kindOfName } from './file-kind.ts'

/** Files that are read one after the other as one table. */
export interface FileList {
  /** As it is said: the file, or the folder or pattern that stands for them. */
  readonly name: string
  /** In order of names; never empty. */
  readonly paths: readonly string[]
}

export function expandPath(path: string): Result<FileList, DataFault> {
  if (existsSync(path)) {
    return statSync(path).isDirectory() ? partsOf(path) : succeed({ name: path, paths: [path] })
  }
  if (!path.includes('*')) return fail({ code: 'missing_file', path })
  const matches = matchesOf(path)
  if (matches.length === 0) return fail({ code: 'no_match', path })
  const files: string[] = []
  for (const match of matches) {
    const expanded = expandPath(match)
    if (!expanded.ok) return expanded
    files.push(...expanded.value.paths)
  }
  return sameKind({ name: path, paths: files })
}

/** Several paths, one after the other. */
export function expandPaths(paths: readonly string[]): Result<FileList, DataFault> {
  const lists: FileList[] = []
  for (const path of paths) {
    const expanded = expandPath(path)
    if (!expanded.ok) return expanded
    lists.push(expanded.value)
  }
  return sameKind({
    name: lists.map(({ name }) => name).join(', '),
    paths: lists.flatMap((list) => list.paths),
  })
}

/** Names that begin so are of the tools that wrote the folder (_SUCCESS), or of nobody's concern. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name.startsWith('_')
}

/** The files of a folder of parts. */
function partsOf(folder: string): Result<FileList, DataFault> {
  const names = readdirSync(folder)
    .filter((name) => !isHidden(name))
    .toSorted()
  const inner = names.find((name) => statSync(join(folder, name)).isDirectory())
  if (inner !== undefined) return fail({ code: 'folder_in_parts', path: folder, name: inner })
  if (names.length === 0) return fail({ code: 'empty_folder', path: folder })
  return sameKind({ name: folder, paths: names.map((name) => join(folder, name)) })
}

/** Parts of one table are of one kind; what is not is refused by name. */
function sameKind(list: FileList): Result<FileList, DataFault> {
  const [first = ''] = list.paths
  const kind = kindOfName(first)
  const other = list.paths.find((path) => kindOfName(path) !== kind)
  if (other !== undefined) return fail({ code: 'mixed_kinds', path: list.name, files: [first, other] })
  return succeed(list)
}

/** Paths that fit a pattern, in order of names; hidden ones fit none. */
function matchesOf(pattern: string): string[] {
  const start = isAbsolute(pattern) ? '/' : ''
  const segments = pattern.split('/').filter((segment) => segment !== '')
  let found = [start]
  for (const segment of segments) {
    found = found.flatMap((folder) => {
      if (!segment.includes('*') || existsSync(join(folder, segment))) {
        return existsSync(join(folder, segment)) ? [join(folder, segment)] : []
      }
      const here = folder === '' ? '.' : folder
      if (!statSync(here).isDirectory()) return []
      const fits = patternOf(segment)
      return readdirSync(here)
        .filter((name) => !isHidden(name) && fits.test(name))
        .toSorted()
        .map((name) => join(folder, name))
    })
  }
  return found
}

function patternOf(segment: string): RegExp {
  const literal = segment.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${literal.join('.*')}$`)
}
