// Expressions of a mapping, made ready for the table they are over. One that is a column's name is that
// column, whatever letters are in it; all others are SQL over one row, checked one by one, so that what is
// wrong with one is said of it and in words of the project.
import { nearestName } from '../../../features/nearest-name.ts'
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import { findColumn } from '../files/columns.ts'
import type { DataFault } from '../data-fault.ts'
import { quoteName, quoteText } from '../database.ts'
import type { Database } from '../database.ts'
import { checkOneRow } from './one-row.ts'
import type { RawTable } from '../files/raw-table.ts'
import { ROW } from '../files/row-number.ts'

/** Keys of a mapping that hold no SQL. */
export const SETTINGS: ReadonlySet<string> = new Set(['kind', 'file', 'reading', 'timeUnit'])

interface Request<Columns> {
  readonly raw: RawTable
  /** Where the mapping stands in the source: 'events[0]'. */
  readonly key: string
  readonly columns: Columns
}

/** The same mapping, each of its expressions as SQL that is right for the table. */
export async function resolveMapping<Columns extends object>(
  database: Database,
  { raw, key, columns }: Request<Columns>,
): Promise<Result<Columns, DataFault>> {
  const resolved: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(columns)) {
    const at = key === '' ? name : `${key}.${name}`
    const result =
      SETTINGS.has(name) || value === undefined
        ? succeed(value as unknown)
        : typeof value === 'string'
          ? await resolveExpression(database, { raw, key: at, expression: value })
          : await resolveMapping(database, { raw, key: at, columns: value as object })
    if (!result.ok) return result
    resolved[name] = result.value
  }
  return succeed(resolved as Columns)
}

interface ExpressionRequest {
  readonly raw: RawTable
  readonly key: string
  readonly expression: string
}

/** One expression as SQL that is right for the table. */
export async function resolveExpression(
  database: Database,
  request: ExpressionRequest,
): Promise<Result<string, DataFault>> {
  const { raw, key, expression } = request
  if (expression === ROW) return succeed(expression)
  const name = expression.trim()
  for (const wanted of new Set([name, unquoted(name)])) {
    const found = findColumn(raw.named, wanted)
    if (!found.ok) return fail(ambiguous(request, { column: wanted, among: found.reason }))
    if (found.value !== undefined) return checked(request, quoteName(found.value.stored), database)
  }
  if (name !== unquoted(name)) return fail(missing(request, unquoted(name)))
  const member = memberPath(raw, name)
  if (member !== undefined) return succeed(member)
  const sql = `(\n${expression}\n)`
  const ofRow = await checkOneRow(database, { sql, columns: raw.columns })
  if (!ofRow.ok) {
    if (ofRow.reason.kind === 'syntax') return fail(faultOf(request, ofRow.reason.message))
    return fail({ code: 'bad_expression', path: raw.path, key, expression, problem: ofRow.reason.problem })
  }
  try {
    await database.all(`select 1 from ${raw.table} where ${sql} is null limit 0`)
  } catch (error) {
    return fail(faultOf(request, error instanceof Error ? error.message : String(error)))
  }
  return key.endsWith('where') ? checked(request, sql, database) : succeed(sql)
}

/** What is asked for as a condition must be one. */
async function checked(
  { raw, key, expression }: ExpressionRequest,
  sql: string,
  database: Database,
): Promise<Result<string, DataFault>> {
  if (!key.endsWith('where')) return succeed(sql)
  const [row] = await database.all(`select column_type from (describe select ${sql} from ${raw.table})`)
  if (row?.[0] === 'BOOLEAN') return succeed(sql)
  const problem = `expected a condition, as in ${expression} = 'yes'`
  return fail({ code: 'bad_expression', path: raw.path, key, expression, problem })
}

/** "name" without its quotes; anything else as it is. */
function unquoted(expression: string): string {
  return /^"([^"]|"")+"$/.test(expression) ? expression.slice(1, -1).replaceAll('""', '"') : expression
}

/** a.b.c, where a is a column with JSON objects; undefined for anything else. */
function memberPath(raw: RawTable, expression: string): string | undefined {
  if (!raw.files.some(({ file }) => file.kind === 'ndjson')) return undefined
  const parts = expression.split('.')
  if (parts.length < 2 || parts.some((part) => !/^[\p{L}\p{N}_$ -]+$/u.test(part))) return undefined
  const found = findColumn(raw.named, parts[0] ?? '')
  if (!found.ok || found.value === undefined) return undefined
  const path = ['$', ...parts.slice(1).map((part) => `"${part}"`)].join('.')
  const column = quoteName(found.value.stored)
  return `case when json_valid(${column}) then json_extract_string(${column}, ${quoteText(path)}) end`
}

function ambiguous(
  { raw, key }: ExpressionRequest,
  { column, among }: { readonly column: string; readonly among: readonly { name: string; place: number }[] },
): DataFault {
  const columns = among.map(({ name, place }) => ({ name, place }))
  return { code: 'ambiguous_column', path: raw.path, key, column, columns }
}

function missing({ raw, key, expression }: ExpressionRequest, column: string): DataFault {
  const nearest = nearestName(raw.columns, column)
  return {
    code: 'no_such_column',
    path: raw.path,
    column,
    columns: raw.columns,
    key,
    expression,
    ...(nearest !== undefined && { nearest }),
  }
}

/** A message of the database in words of the project. */
function faultOf(request: ExpressionRequest, message: string): DataFault {
  const { raw, key, expression } = request
  const said = (pattern: RegExp): string | undefined => pattern.exec(message)?.[1]
  const column = said(/Referenced column "(.*?)" not found/)
  if (column !== undefined) {
    const found = findColumn(raw.named, column)
    return found.ok ? missing(request, column) : ambiguous(request, { column, among: found.reason })
  }
  // Words without anything of SQL in them are a column's name that is not there.
  if (/^[\p{L}_][\p{L}\p{N}_. -]*$/u.test(expression.trim())) return missing(request, expression.trim())
  return { code: 'bad_expression', path: raw.path, key, expression, problem: problemOf(message, said) }
}

function problemOf(message: string, said: (pattern: RegExp) => string | undefined): string {
  const unknown = said(/Function with name (\S+) does not exist/)
  if (unknown !== undefined) {
    const near = said(/Did you mean "(.*?)"/)
    return `there is no function '${unknown}'${near === undefined ? '' : `; is it '${near}'?`}`
  }
  const call = said(/given name and argument types '(.*?)'/)
  if (call !== undefined) {
    return `'${call.split('(')[0] ?? ''}' cannot be computed of ${(call.split('(')[1] ?? '').replace(')', '')}; cells of text files are VARCHAR until they are cast, as in price::double`
  }
  if (/aggregate|window/i.test(message)) return 'it must say something of one row, not of several'
  const near = said(/syntax error at or near "(.*?)"/)
  if (near !== undefined) return `it is no SQL from '${near}' on`
  const mixed =
    said(/Cannot (?:mix|compare) values of type (\w+)/) ?? said(/Cannot compare (?:values )?of type (\w+)/)
  if (mixed !== undefined) return 'it mixes texts and numbers; cast one, as in price::double'
  return 'it is no SQL that a value can be computed from'
}
