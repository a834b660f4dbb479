// Cells that are computed once a row, in a table that stands between the file's and what is selected: checks
// name the same cell many times, and DuckDB computes what stands in the branches of a CASE anew each time.
import { cellsOf } from './cells.ts'
import type { Cells } from './cells.ts'
import type { RawTable } from '../files/raw-table.ts'

export interface KeptCells extends Cells {
  /** SQL of the rows of the table, beside which the cells stand that were asked for until now. */
  readonly from: (where: string | undefined) => string
}

/** The cells of a table, by names that hold in what is selected from `from`. */
export function keptCellsOf({ reading, named, table }: RawTable): KeptCells {
  const nameBySql = new Map<string, string>()
  const keep = (sql: string): string => {
    const name = nameBySql.get(sql) ?? `"presage cell ${nameBySql.size}"`
    nameBySql.set(sql, name)
    return name
  }
  return {
    ...cellsOf(reading, { columns: named, keep }),
    from: (where) => {
      const cells = Array.from(nameBySql, ([sql, name]) => `, ${sql} as ${name}`)
      return `(select *${cells.join('')} from ${table}${where === undefined ? '' : ` where ${where}`})`
    },
  }
}
