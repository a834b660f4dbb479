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

/** The name that is the most like one that is not there; undefined where none is like it. */
export function nearestName(names: readonly string[], name: string): string | undefined {
  const letters = (text: string): string => foldCase(text).replaceAll(/[^\p{L}\p{N}]/gu, '')
  const ranked = names
    .filter((other) => other !== '')
    .map((other) => ({ other, distance: distanceOf(letters(name), letters(other)) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [first] = ranked
  if (first === undefined) return undefined
  return first.distance <= Math.max(1, letters(name).length / 3) ? first.other : undefined
}

function foldCase(name: string): string {
  return name.toLowerCase()
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distanceOf(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [i, letter] of Array.from(left).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(right).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}
