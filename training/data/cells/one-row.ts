// Whether an expression of a mapping says something of its own row alone. A project may come from elsewhere:
// what it asks for may be the cells of a row, and neither another file of whoever reads nor another statement,
// nor anything that is different at the next reading, such as the clock.
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import { quoteText } from '../database.ts'
import type { Database } from '../database.ts'

/** What the database's parser makes of a text; of a statement only what is asked here. */
type Parsed =
  | { readonly error: true; readonly error_message: string }
  | { readonly error: false; readonly statements: readonly { readonly node: Node }[] }

type Node = Readonly<Record<string, unknown>> & { readonly select_list?: readonly unknown[] }

/** `syntax` has the parser's message, `beyond` what is wrong with what parses. */
export type OneRowFault =
  | { readonly kind: 'syntax'; readonly message: string }
  | { readonly kind: 'beyond'; readonly problem: string }

const BEYOND = 'it must be computed from the cells of one row, and reads nothing else'
/** SQL's words for the clock, which need no brackets. */
const CLOCKS = ['current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp']

/** @param columns names of the row's columns */
export async function checkOneRow(
  database: Database,
  { sql, columns }: { readonly sql: string; readonly columns: readonly string[] },
): Promise<Result<undefined, OneRowFault>> {
  // To the database's parser a text ends there.
  if (sql.includes('\0')) return fail({ kind: 'beyond', problem: 'there is a NUL character in it' })
  const text = await parse(database, `select ${sql}`)
  const parsed = JSON.parse(text) as Parsed
  if (parsed.error) return fail({ kind: 'syntax', message: parsed.error_message })
  const plain = JSON.parse(await parse(database, 'select 1')) as Parsed
  const isOne =
    parsed.statements.length === 1 &&
    parsed.statements[0]?.node.select_list?.length === 1 &&
    aroundList(parsed) === aroundList(plain)
  if (!isOne || /"class":"(?:SUBQUERY|STAR)"/.test(text)) return fail({ kind: 'beyond', problem: BEYOND })
  const fleeting = await findFleeting(database, { text, columns })
  if (fleeting === undefined) return succeed(undefined)
  const problem = `'${fleeting}' gives another value at each reading; ${BEYOND}`
  return fail({ kind: 'beyond', problem })
}

async function parse(database: Database, statement: string): Promise<string> {
  const [row] = await database.all(`select json_serialize_sql(${quoteText(statement)})::varchar`)
  return String(row?.[0])
}

/** All of a statement but what it selects: tables, conditions, groups, order. */
function aroundList(parsed: Parsed): string | undefined {
  return parsed.error ? undefined : JSON.stringify({ ...parsed.statements[0]?.node, select_list: [] })
}

/** A function of a parsed statement that tells more than its arguments; undefined where there is none. */
async function findFleeting(
  database: Database,
  { text, columns }: { readonly text: string; readonly columns: readonly string[] },
): Promise<string | undefined> {
  const named = (pattern: RegExp): string[] =>
    Array.from(text.matchAll(pattern), ([, name = '']) => name.toLowerCase())
  const known = columns.map((column) => column.toLowerCase())
  const clock = named(/"column_names":\["(\w+)"\]/g).find(
    (name) => CLOCKS.includes(name) && !known.includes(name),
  )
  if (clock !== undefined) return clock
  const fleeting = await fleetingNames(database)
  return named(/"function_name":"(\w+)"/g).find((name) => fleeting.has(name))
}

/** Asked once of a database, which takes a while. */
const askedNames = new WeakMap<Database, Promise<ReadonlySet<string>>>()

function fleetingNames(database: Database): Promise<ReadonlySet<string>> {
  const asked = askedNames.get(database) ?? askFleetingNames(database)
  askedNames.set(database, asked)
  return asked
}

/** A macro tells as much as what it stands for. */
async function askFleetingNames(database: Database): Promise<ReadonlySet<string>> {
  const rows = await database.all(`with known as (from duckdb_functions()),
      fleeting as (select distinct function_name from known where stability <> 'CONSISTENT')
    from fleeting union select function_name from known where regexp_matches(macro_definition,
      (select '\\b(?:current_timestamp|' || string_agg(function_name, '|') || ')\\b' from fleeting))`)
  return new Set(rows.map(([name]) => String(name)))
}
