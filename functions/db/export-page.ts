// Reading a table from end to end, a page at a time by its primary key: what was stored by a moment, as
// lines of JSON that SQLite writes. A table more is a line in the map. What was stored after a moment alone is
// found by going through the table, a stretch at a time: an index of the time would cost a row more a row written.
import { attemptRead } from './client.ts'
import type { Database } from './client.ts'

interface ExportTable {
  /** The primary key, and what comes before every value of its columns. */
  readonly key: readonly { readonly column: string; readonly start: '' | -1 }[]
  /** Arguments of SQLite's json_object. */
  readonly line: string
}

const versions: ExportTable = {
  key: [
    { column: 'id', start: '' },
    { column: 'known_at', start: -1 },
    { column: 'stored_at', start: -1 },
  ],
  line: `'id', id, 'knownAt', known_at, 'attributes', json(attributes), 'storedAt', stored_at`,
}

/** The tables by the names under which they are asked for. */
export const exportTables = {
  events: {
    key: [
      { column: 'user_id', start: '' },
      { column: 'occurred_at', start: -1 },
      { column: 'id', start: '' },
    ],
    line: `'id', id, 'type', type, 'userId', user_id, 'itemId', item_id, 'value', value,
      'properties', json(properties), 'occurredAt', occurred_at, 'receivedAt', received_at, 'place', place,
      'storedAt', stored_at`,
  },
  users: versions,
  items: versions,
  labels: {
    key: [
      { column: 'user_id', start: '' },
      { column: 'task', start: '' },
      { column: 'at', start: -1 },
      { column: 'stored_at', start: -1 },
    ],
    line: `'userId', user_id, 'task', task, 'value', value, 'at', at, 'knownAt', known_at, 'storedAt', stored_at`,
  },
  predictions: {
    key: [{ column: 'id', start: -1 }],
    line: `'id', id, 'bundleId', bundle_id, 'role', role, 'fromAt', from_at, 'untilAt', until_at,
      'pack', json(pack), 'storedAt', stored_at`,
  },
  outcomes: {
    key: [
      { column: 'task', start: '' },
      { column: 'prediction_id', start: -1 },
    ],
    line: `'predictionId', prediction_id, 'task', task, 'targets', json(targets), 'storedAt', stored_at`,
  },
} as const satisfies Readonly<Record<string, ExportTable>>

export type ExportTableName = keyof typeof exportTables

/** A key that a page ended with: the next begins after it. */
export type PageKey = readonly (string | number)[]

export interface ExportPage {
  /** JSON objects, a line each. */
  readonly lines: readonly string[]
  /** Absent where nothing comes after. */
  readonly endKey?: PageKey
  /** Rows that the page went past because they were stored by `sinceMs`; absent where all are asked for. */
  readonly held?: number
}

export interface ExportPageQuery {
  readonly table: ExportTableName
  /** What was stored after this moment is left out. */
  readonly untilMs: number
  /** What was stored by this moment is left out too; nothing where absent. */
  readonly sinceMs?: number
  /** From the start where absent. */
  readonly after?: PageKey
  readonly rowsMax: number
}

/** A page ends with the row that takes it beyond: rows may be long, and a Worker has 128 MB. */
const PAGE_CHARACTERS_MAX = 4_000_000
/** Rows that a page goes through where only some of them are asked for. */
const STRETCH_ROWS = 50_000

export async function readExportPage(db: Database, query: ExportPageQuery): Promise<ExportPage> {
  const { table, sinceMs } = query
  const after = query.after ?? exportTables[table].key.map(({ start }) => start)
  if (sinceMs === undefined) return readLines(db, { ...query, after })
  const [stretchEnd] = await readRaw<PageKey>(db, { table, sql: stretchSql(table), values: after })
  const page = await readLines(db, { ...query, sinceMs, after, stretchEnd })
  const endKey = page.endKey ?? stretchEnd
  const counted = [...after, ...(endKey ?? []), sinceMs]
  const [[held] = [0]] = await readRaw<[number]>(db, { table, sql: heldSql(table, endKey), values: counted })
  return { lines: page.lines, held, ...(endKey !== undefined && { endKey }) }
}

interface LinesQuery extends ExportPageQuery {
  readonly after: PageKey
  /** The last key that is looked at; to the end of the table where absent. */
  readonly stretchEnd?: PageKey | undefined
}

async function readLines(db: Database, query: LinesQuery): Promise<ExportPage> {
  const { table, untilMs, sinceMs = -1, rowsMax, after, stretchEnd } = query
  const values = [...after, ...(stretchEnd ?? []), untilMs, sinceMs, rowsMax]
  type Line = [line: string, ...endKey: (string | number)[]]
  const rows = await readRaw<Line>(db, { table, sql: linesSql(table, stretchEnd), values })
  const lines = rows.map(([line]) => line)
  const [, ...endKey] = rows.at(-1) ?? ['']
  const characters = lines.reduce((sum, line) => sum + line.length, 0)
  const isLast = rows.length < rowsMax && characters < PAGE_CHARACTERS_MAX
  return { lines, ...(!isLast && { endKey }) }
}

async function readRaw<Row extends readonly unknown[]>(
  db: Database,
  {
    table,
    sql,
    values,
  }: { readonly table: ExportTableName; readonly sql: string; readonly values: readonly unknown[] },
): Promise<readonly Row[]> {
  return attemptRead(`a page of ${table}`, async () => {
    const rows: unknown[] = await db.$client
      .prepare(sql)
      .bind(...values)
      .raw()
    return rows as Row[]
  })
}

/** The parameters: the keys that it lies between, the moments, and how many rows at the most. */
function linesSql(table: ExportTableName, end: PageKey | undefined): string {
  const columns = columnsOf(table)
  return `
    with page as (
      select ${columns}, json_object(${exportTables[table].line}) as line from ${table}
      where ${between(table, end)} and stored_at <= ? and stored_at > ? order by ${columns} limit ?
    ), measured as (
      select *, sum(length(line)) over (order by ${columns} rows unbounded preceding) - length(line) as before
      from page
    )
    select line, ${columns} from measured where before < ${PAGE_CHARACTERS_MAX} order by ${columns}`
}

/** How many rows were stored by a moment. The parameters: the keys that they lie between, and the moment. */
function heldSql(table: ExportTableName, end: PageKey | undefined): string {
  return `select count(*) from ${table} where ${between(table, end)} and stored_at <= ?`
}

/** The key that a stretch ends with; no row where the table ends before. The parameter: the key to begin after. */
function stretchSql(table: ExportTableName): string {
  const columns = columnsOf(table)
  return `select ${columns} from ${table} where ${between(table, undefined)}
    order by ${columns} limit 1 offset ${STRETCH_ROWS - 1}`
}

/** After a key, and up to another where there is one. */
function between(table: ExportTableName, end: PageKey | undefined): string {
  const columns = columnsOf(table)
  const key = `(${exportTables[table].key.map(() => '?').join(', ')})`
  return `(${columns}) > ${key}${end === undefined ? '' : ` and (${columns}) <= ${key}`}`
}

function columnsOf(table: ExportTableName): string {
  return exportTables[table].key.map(({ column }) => column).join(', ')
}

/** Whether a key, which callers hand back, is one of this table's. */
export function isKeyOf(table: ExportTableName, key: readonly unknown[]): key is PageKey {
  const { key: columns } = exportTables[table]
  return (
    key.length === columns.length &&
    columns.every(({ start }, index) =>
      start === '' ? typeof key[index] === 'string' : Number.isSafeInteger(key[index]),
    )
  )
}
