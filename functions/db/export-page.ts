// Reading a table from end to end, a page at a time by its primary key: what was stored by a moment, as
// lines of JSON that SQLite writes. A table more is a line in the map.
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
}

export interface ExportPageQuery {
  readonly table: ExportTableName
  /** What was stored after this moment is left out. */
  readonly untilMs: number
  /** From the start where absent. */
  readonly after?: PageKey
  readonly rowsMax: number
}

/** A page ends with the row that takes it beyond: rows may be long, and a Worker has 128 MB. */
const PAGE_CHARACTERS_MAX = 4_000_000

export async function readExportPage(db: Database, query: ExportPageQuery): Promise<ExportPage> {
  const { table, untilMs, rowsMax } = query
  const { key } = exportTables[table]
  const after = query.after ?? key.map(({ start }) => start)
  const rows = await attemptRead(`a page of ${table}`, () =>
    db.$client
      .prepare(pageSql(table))
      .bind(...after, untilMs, rowsMax)
      .raw<[line: string, ...endKey: (string | number)[]]>(),
  )
  const lines = rows.map(([line]) => line)
  const [, ...endKey] = rows.at(-1) ?? ['']
  const characters = lines.reduce((sum, line) => sum + line.length, 0)
  const isLast = rows.length < rowsMax && characters < PAGE_CHARACTERS_MAX
  return { lines, ...(!isLast && { endKey }) }
}

/** The parameters: the key to begin after, the moment, and how many rows at the most. */
function pageSql(table: ExportTableName): string {
  const { key, line } = exportTables[table]
  const columns = key.map(({ column }) => column).join(', ')
  return `
    with page as (
      select ${columns}, json_object(${line}) as line from ${table}
      where (${columns}) > (${key.map(() => '?').join(', ')}) and stored_at <= ? order by ${columns} limit ?
    ), measured as (
      select *, sum(length(line)) over (order by ${columns} rows unbounded preceding) - length(line) as before
      from page
    )
    select line, ${columns} from measured where before < ${PAGE_CHARACTERS_MAX} order by ${columns}`
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
