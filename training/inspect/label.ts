// The label of a file: its classes as they are spelt once read, and what may tell it too early.
import { quoteName } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import { cellsOf } from '../data/cells/cells.ts'
import type { Column } from './column.ts'
import { findLeaks } from './find-leaks.ts'
import type { InspectedFile } from './inspect-file.ts'
import { presentOf } from './profile-columns.ts'
import type { Label, Warning } from './shape.ts'

const NEGATIVE = /^(0|no|n|false|f|none|negative)(\.0+)?$/i
const CELLS_MAX = 4_000_000
const ROWS_MAX = 30_000

/** Undefined where there are not two classes. Classes that say no come first. */
export async function readLabel(
  database: Database,
  { file, column }: { readonly file: InspectedFile; readonly column: Column },
): Promise<Label | undefined> {
  const { categoryOf } = cellsOf(file.reading)
  const rows = await database.all(`select ${categoryOf(quoteName(column.name))} as label, count(*)::double
    from ${file.table} where ${presentOf(column.name)} is not null group by 1 order by 1`)
  const counted = rows.flatMap(([value, count]) =>
    value === null || value === undefined ? [] : [{ value: String(value), count: Number(count) }],
  )
  if (counted.length < 2) return undefined
  const sorted = counted.toSorted((a, b) => Number(NEGATIVE.test(b.value)) - Number(NEGATIVE.test(a.value)))
  return { column, values: sorted.map(({ value }) => value), counts: sorted.map(({ count }) => count) }
}

/** Warnings of the columns that may tell the label because they were written after it. */
export async function leaksOf(
  database: Database,
  {
    file,
    label,
    columns,
  }: { readonly file: InspectedFile; readonly label: Column; readonly columns: readonly Column[] },
): Promise<Warning[]> {
  if (columns.length === 0) return []
  const limit = Math.max(200, Math.min(ROWS_MAX, Math.floor(CELLS_MAX / columns.length)))
  const stride = Math.max(1, Math.floor(file.rowCount / limit))
  const cells = [label, ...columns].map(({ name }) => `left(${presentOf(name)}, 100)`)
  const rows = await database.all(`select ${cells.join(', ')} from ${file.table}
    where ${presentOf(label.name)} is not null and rowid % ${stride} = 0 limit ${limit}`)
  return findLeaks(
    columns.map((column, index) => ({
      column,
      cells: rows.map((row) =>
        row[index + 1] === null || row[index + 1] === undefined ? null : String(row[index + 1]),
      ),
    })),
    rows.map(([own]) => String(own)),
  )
}
