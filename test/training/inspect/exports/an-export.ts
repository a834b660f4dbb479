// Made-up files that look as the exports of common tools do, and what a person would say of each: by which
// the inspection is measured. The lists are written from what the tools document, not from what is found.
import type { Random } from '../../../../features/random.ts'
import type { ColumnKind } from '../../../../training/inspect/column.ts'

/** One of these where several are as good. */
export type Kinds = ColumnKind | readonly ColumnKind[]

/** Roles by the names of columns; where several would do, each of them stands in the list. */
export interface ExportRoles {
  readonly kind: 'table' | 'events' | 'sequences'
  readonly user?: readonly string[]
  readonly item?: readonly string[]
  readonly time?: readonly string[]
  readonly type?: readonly string[]
  readonly value?: readonly string[]
  readonly label?: readonly string[]
  /** Of a table: names a row. */
  readonly id?: readonly string[]
  readonly at?: readonly string[]
  /** The files beside a log. */
  readonly users?: string
  readonly items?: string
}

export interface Export {
  /** What it is an export of. */
  readonly name: string
  /** The text of each file, by its name. */
  readonly files: Readonly<Record<string, string>>
  /** What the columns of each file are; all columns stand here. */
  readonly columns: Readonly<Record<string, Readonly<Record<string, Kinds>>>>
  readonly roles: ExportRoles
  /** Columns that a model must not learn from: they tell the answer, or came after it. */
  readonly leaks?: readonly string[]
}

type Cell = string | number | boolean | undefined

/** Quoted where it must be, as most tools write. */
export function csvOf(rows: readonly (readonly Cell[])[], delimiter = ','): string {
  const written = rows.map((row) =>
    row
      .map((cell) => {
        const text = cell === undefined ? '' : String(cell)
        return text.includes(delimiter) || /["\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
      })
      .join(delimiter),
  )
  return `${written.join('\n')}\n`
}

export function jsonLinesOf(rows: readonly object[]): string {
  return `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`
}

/** Those in front come oftener, as people and products do. */
export function skewed(random: Random, count: number): number {
  return Math.floor(count * random.next() ** 2)
}

export function pick<T>(random: Random, values: readonly [T, ...T[]]): T {
  return values[Math.floor(random.next() * values.length)] ?? values[0]
}

/** '2024-01-31 10:00:00' of a moment, in UTC. */
export function spaced(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

/** '31.01.2024' or the like: D, M, Y stand for the parts, y for a year of two digits. */
export function dayAs(ms: number, form: string): string {
  const [year = '', month = '', day = ''] = new Date(ms).toISOString().slice(0, 10).split('-')
  const parts: Record<string, string> = { D: day, M: month, Y: year, y: year.slice(2) }
  return form.replaceAll(/[DMYy]/g, (letter) => parts[letter] ?? letter)
}

export const DAY_MS = 86_400_000
