// The names of a file's columns, and those under which the database keeps them. What nobody can ask for by
// name (no name, or one of several that differ in letter case at most) is kept under a name of its own, so
// that it harms nobody who does not ask for it.
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'

export interface Column {
  /** As the file writes it; empty where it has none. */
  readonly name: string
  /** As the database does. */
  readonly stored: string
  /** From 1. */
  readonly place: number
}

/** @param names in the order of the file */
export function storeColumns(names: readonly string[]): Column[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(foldCase(name), (counts.get(foldCase(name)) ?? 0) + 1)
  return names.map((name, index) => {
    const place = index + 1
    const isAlone = name !== '' && counts.get(foldCase(name)) === 1
    return { name, place, stored: isAlone ? name : `${name} (column ${place})` }
  })
}

/** Whether a project can ask for it by its name. */
export function isAskable({ name, stored }: Column): boolean {
  return name !== '' && name === stored
}

/** Columns of several files: one that a file before had is the same column. */
export function uniteColumns(left: readonly Column[], right: readonly Column[]): Column[] {
  const known = new Set(left.map(({ stored }) => foldCase(stored)))
  return [...left, ...right.filter(({ stored }) => !known.has(foldCase(stored)))]
}

/**
 * The column of this name: of the same letters, else the only one of these letters in any case; undefined
 * where there is none. The reason of a failure is the columns among which the name does not choose.
 */
export function findColumn(
  columns: readonly Column[],
  name: string,
): Result<Column | undefined, readonly Column[]> {
  const same = columns.filter((column) => column.name === name)
  const alike = same.length > 0 ? same : columns.filter((column) => foldCase(column.name) === foldCase(name))
  return alike.length > 1 || name === '' ? fail(alike) : succeed(alike[0])
}

/** Whether there is a column of this name, or are several. */
export function hasColumn(columns: readonly Column[], name: string): boolean {
  return columns.some((column) => foldCase(column.name) === foldCase(name))
}

function foldCase(name: string): string {
  return name.toLowerCase()
}
