// Cells that are computed once a row, in a table that stands between the file's and what is selected: checks
// name the same cell many times, and DuckDB computes what stands in the branches of a CASE anew each time.
import { cellsOf } from './cells.ts'
import type { Cells } from './cells.ts'
import { foundInOf } from './mentioned.ts'
import type { RawTable } from '../files/raw-table.ts'
import type { Check } from './row-checks.ts'

export interface KeptCells extends Cells {
  /** A condition must be one that can be computed of every row. */
  readonly whereChecks: (where: string | undefined) => Check[]
  /** SQL of the rows of the table for which the condition holds or cannot be computed, beside which the cells stand that were asked for until now. */
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
  const cells = cellsOf(reading, { columns: named, keep })
  return {
    ...cells,
    whereChecks: (where) => {
      if (where === undefined) return []
      const expected = 'a condition that can be computed of each row, as with try_cast(price as double) > 1'
      const found = foundInOf(cells, named)(where)
      return [{ field: 'where', expected, bad: `${tryCondition(where)} is null`, found }]
    },
    from: (where) => {
      const kept = Array.from(nameBySql, ([sql, name]) => `, ${sql} as ${name}`)
      const taken = where === undefined ? '' : ` where coalesce(${tryCondition(where)}, true)`
      return `(select *${kept.join('')} from ${table}${taken})`
    },
  }
}

/** SQL: whether a condition holds, null where it cannot be computed of the row. */
export function tryCondition(where: string): string {
  return `try(coalesce(${where}, false))`
}
