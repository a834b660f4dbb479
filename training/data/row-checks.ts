// What must hold of a row. Checks are SQL conditions over a table of raw cells; the first that fails
// is the row's fault, kept as the check's number so that the message is made only for rows listed.
import type { BadRow } from './data-fault.ts'
import type { Database } from './database.ts'
import { linesOf, ROW } from './raw-table.ts'
import type { RawTable } from './raw-table.ts'

export interface Check {
  readonly field: string
  readonly expected: string
  /** SQL: true where the row is bad. */
  readonly bad: string
  /** SQL: what is there instead. */
  readonly found: string
  /** Says the row's id too: what is wrong lies in the rows of that id together. */
  readonly namesId?: true
}

const LISTED_MAX = 10
const FOUND_LENGTH_MAX = 80

/** SQL for the columns `fault` (number of the check, null in a good row) and `found`. */
export function faultColumns(checks: readonly Check[]): string {
  if (checks.length === 0) return 'null::integer as fault, null::varchar as found'
  const faults = checks.map(({ bad }, index) => `when ${bad} then ${index}`)
  const found = checks.map(
    (check) => `when ${check.bad} then left((${check.found})::varchar, ${FOUND_LENGTH_MAX})`,
  )
  return `case ${faults.join(' ')} end as fault, case ${found.join(' ')} end as found`
}

export interface FoundFaults {
  readonly count: number
  /** The first ten. */
  readonly rows: readonly BadRow[]
}

/**
 * The bad rows of a file: those that could not be split and those of a checked table made of it, which has
 * a column `id`.
 */
export async function findFaults(
  database: Database,
  {
    raw,
    table,
    checks,
  }: { readonly raw: RawTable; readonly table: string; readonly checks: readonly Check[] },
): Promise<FoundFaults> {
  const bad = `from ${table} where fault is not null`
  const [counted] = await database.all(`select count(distinct ${ROW})::double ${bad}`)
  const listed = await database.all(`select ${ROW}::double, arg_min(fault, fault), arg_min(found, fault),
    arg_min(id, fault) ${bad} group by ${ROW} order by 1 limit ${LISTED_MAX}`)
  const lines = await linesOf(
    raw.file,
    listed.map(([row]) => Number(row)),
  )
  const rows = listed.map(([row, fault, found, id]): BadRow => {
    const check = checks[Number(fault)]
    return {
      line: lines.get(Number(row)) ?? Number(row),
      field: check?.field ?? '',
      expected: check?.expected ?? '',
      ...(check?.namesId === true && { id: String(id) }),
      ...(found !== null && found !== '' && { found: String(found) }),
    }
  })
  return {
    count: raw.badCount + Number(counted?.[0]),
    rows: [...raw.badRows, ...rows].toSorted((a, b) => a.line - b.line).slice(0, LISTED_MAX),
  }
}
