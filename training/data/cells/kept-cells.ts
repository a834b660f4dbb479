// Cells that are computed once a row, in a table that stands between the file's and what is selected: checks
// name the same cell many times, and DuckDB computes what stands in the branches of a CASE anew each time.
import type { Keep } from './bind.ts'
import { cellsOf } from './cells.ts'
import type { Cells } from './cells.ts'
import { foundInOf } from './mentioned.ts'
import type { RawTable } from '../files/raw-table.ts'
import type { Check } from './row-checks.ts'

export interface KeptCells extends Cells {
  readonly keep: Keep
  /** A condition must be one that can be computed of every row. */
  readonly whereChecks: (where: string | undefined) => Check[]
  /** SQL of the rows of the table for which the condition holds or cannot be computed, beside which the cells stand that were asked for until now. */
  readonly from: (where: string | undefined) => string
}

/** The cells of a table, by names that hold in what is selected from `from`. */
export function keptCellsOf({ reading, named, table, typeOf }: RawTable): KeptCells {
  const nameBySql = new Map<string, string>()
  /** Each is computed of the table and of what stands in the levels before its own. */
  const levels: string[][] = []
  const levelByName = new Map<string, number>()
  const keep: Keep = (sql) => {
    if (sql === 'true' || sql === 'false' || levelByName.has(sql)) return sql
    const known = nameBySql.get(sql)
    if (known !== undefined) return known
    const name = `"presage cell ${nameBySql.size}"`
    const used = Array.from(sql.matchAll(/"presage cell \d+"/g), ([cell]) => levelByName.get(cell) ?? 0)
    const level = Math.max(-1, ...used) + 1
    nameBySql.set(sql, name)
    levelByName.set(name, level)
    levels[level] = [...(levels[level] ?? []), `${sql} as ${name}`]
    return name
  }
  const cells = cellsOf(reading, { columns: named, keep, typeOf })
  return {
    ...cells,
    keep,
    whereChecks: (where) => {
      if (where === undefined) return []
      const expected = 'a condition that can be computed of each row, as with try_cast(price as double) > 1'
      const found = foundInOf(cells, named)(where)
      return [{ field: 'where', expected, bad: `${tryCondition(where)} is null`, found }]
    },
    from: (where) => {
      const taken = where === undefined ? '' : ` where coalesce(${tryCondition(where)}, true)`
      const rows = `(select * from ${table}${taken})`
      return levels.reduce((before, level) => `(select *, ${level.join(', ')} from ${before})`, rows)
    },
  }
}

/** SQL: whether a condition holds, null where it cannot be computed of the row. */
export function tryCondition(where: string): string {
  return `try(coalesce(${where}, false))`
}
