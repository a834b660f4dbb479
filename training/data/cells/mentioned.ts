// What an expression was computed from: where it gives nothing, a message shows the cells that it is about.
import type { Column } from '../files/columns.ts'
import { quoteName } from '../database.ts'
import type { Values } from './values.ts'

/** SQL of what an expression gives, as text; where that is nothing, of the columns that it names. */
export function foundInOf(
  { foundOf }: Pick<Values, 'foundOf'>,
  columns: readonly Column[],
): (expression: string) => string {
  return (expression) => {
    const cells = mentionedColumns(expression, columns).map((name) => foundOf(quoteName(name)))
    if (cells.length === 0) return foundOf(expression)
    return `coalesce(${foundOf(expression)}, nullif(concat_ws(', ', ${cells.join(', ')}), ''))`
  }
}

/** The columns whose names stand in the SQL, texts in quotes left aside; under the names that they are kept by. */
function mentionedColumns(expression: string, columns: readonly Column[]): string[] {
  const sql = expression.replaceAll(/'(?:[^']|'')*'/g, ' ')
  const names = Array.from(sql.matchAll(/"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*/gu), ([word, quoted]) =>
    (quoted?.replaceAll('""', '"') ?? word).toLowerCase(),
  )
  return columns.map(({ stored }) => stored).filter((stored) => names.includes(stored.toLowerCase()))
}
