// Names under which files keep what the project calls otherwise.
import type { Random } from '../../../../features/random.ts'
import { quoteName } from '../../../../training/data/database.ts'
import type { SheetColumn } from './sheet.ts'

const NAMES = [
  'Col 1',
  'a.b.c',
  '2nd',
  'x-y',
  'Sum',
  'Ärger',
  'c7',
  'from',
  'w"q',
  "o'clock",
  'p/q',
  'k[0]',
  'm:n',
  'ab',
  'a b',
  '#',
  '$',
  'v+1',
]

/** The same columns under other names, which differ. */
export function renameColumns(columns: readonly SheetColumn[], seed: number): SheetColumn[] {
  return columns.map((column, index) => ({
    ...column,
    name: NAMES[(index + seed) % NAMES.length] ?? column.name,
  }))
}

/** A column in a mapping: its name as it is, or in quotes. */
export function expressionOf(name: string, random: Random): string {
  return random.integer(2) === 0 ? name : quoteName(name)
}
