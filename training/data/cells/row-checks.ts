// What must hold of a row. Checks are SQL conditions over a table of raw cells; the first that fails
// is the row's fault, kept as the check's number so that the message is made only for rows listed.
import type { Keep } from './bind.ts'
import type { BadRow, DataFault, SkippedRows } from '../data-fault.ts'
import type { Database } from '../database.ts'
import { placesOf } from '../files/raw-table.ts'
import type { Origin } from '../files/raw-table.ts'
import { ROW } from '../files/row-number.ts'

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

/**
 * SQL for the columns `fault` (number of the check, from `first`; null in a good row) and `found`.
 * @param keep gives a name to SQL, so that only the faults that there are are looked at twice
 */
export function faultColumns(
  checks: readonly Check[],
  { keep, first = 0 }: { readonly keep: Keep; readonly first?: number },
): string {
  if (checks.length === 0) return 'null::integer as fault, null::varchar as found'
  const faults = checks.map(({ bad }, index) => `when ${bad} then ${first + index}`)
  const fault = keep(`case ${faults.join(' ')} end`)
  const found = checks.map((check, index) => `when ${first + index} then (${check.found})::varchar`)
  return `${fault} as fault, case when ${fault} is not null then
    left(case ${fault} ${found.join(' ')} end, ${FOUND_LENGTH_MAX}) end as found`
}

export interface FoundFaults {
  readonly count: number
  /** What is wrong with how many of them, the most frequent first. */
  readonly reasons: readonly SkippedRows[]
  /** Rows of the checked table that have none. */
  readonly goodCount: number
  /** The first ten. */
  readonly rows: readonly BadRow[]
}

/**
 * The bad rows of files: those that could not be split and those of a checked table made of them, which has
 * a column `id`.
 */
export async function findFaults(
  database: Database,
  {
    origin,
    table,
    checks,
  }: { readonly origin: Origin; readonly table: string; readonly checks: readonly Check[] },
): Promise<FoundFaults> {
  const bad = `from ${table} where fault is not null`
  const [counted] = await database.all(`select count(*)::double, count(fault)::double from ${table}`)
  const [all = 0, faulty = 0] = (counted ?? []).map(Number)
  if (faulty === 0 && origin.badCount === 0) return { count: 0, reasons: [], goodCount: all, rows: [] }
  const listed = await database.all(`select ${ROW}::double, arg_min(fault, fault), arg_min(found, fault),
    arg_min(id, fault) ${bad} group by ${ROW} order by 1 limit ${LISTED_MAX}`)
  const byFault = await database.all(`select fault, count(*)::double from (
    select min(fault) as fault ${bad} group by ${ROW}) group by fault`)
  const reasons = byFault.map(([fault, rows]) => ({ ...reasonOf(checks[Number(fault)]), rows: Number(rows) }))
  if (origin.badCount > 0) reasons.push({ ...SPLIT, rows: origin.badCount })
  const numbers = listed.map(([row]) => Number(row))
  const places = await placesOf(origin, numbers)
  const rows = listed.map(([row, fault, found, id]): BadRow => {
    const check = checks[Number(fault)]
    return {
      ...(places.get(Number(row)) ?? { line: Number(row), unit: 'row' }),
      field: check?.field ?? '',
      expected: check?.expected ?? '',
      ...(check?.namesId === true && { id: String(id) }),
      ...(found !== null && found !== '' && { found: String(found) }),
    }
  })
  const order = new Map(origin.files.map(({ file }, index) => [file.path, index]))
  const rank = ({ file }: BadRow): number => order.get(file ?? '') ?? 0
  return {
    count: byFault.reduce((sum, [, many]) => sum + Number(many), origin.badCount),
    reasons: sumRows(reasons).toSorted((a, b) => b.rows - a.rows),
    goodCount: all - faulty,
    rows: [...origin.badRows, ...rows]
      .toSorted((a, b) => rank(a) - rank(b) || a.line - b.line)
      .slice(0, LISTED_MAX),
  }
}

/** Rows that are no row at all, each for a reason of its own. */
const SPLIT = { field: 'line', expected: 'a row of the file' }

function reasonOf(check: Check | undefined): Omit<SkippedRows, 'rows'> {
  return { field: check?.field ?? '', expected: check?.expected ?? '' }
}

/** Several mappings check for the same. */
function sumRows(reasons: readonly SkippedRows[]): SkippedRows[] {
  const sums = new Map<string, SkippedRows>()
  for (const reason of reasons) {
    const key = `${reason.field}: ${reason.expected}`
    sums.set(key, { ...reason, rows: reason.rows + (sums.get(key)?.rows ?? 0) })
  }
  return [...sums.values()]
}

/** The fault of files with bad rows; none where they are to be skipped and some others remain. */
export function refusalOf(
  { path }: Origin,
  { faults, skipBadRows }: { readonly faults: FoundFaults; readonly skipBadRows: boolean },
): DataFault | undefined {
  if (faults.count === 0 || (skipBadRows && faults.goodCount > 0)) return undefined
  return { code: 'bad_rows', path, ...faults }
}
