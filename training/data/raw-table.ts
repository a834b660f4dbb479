// Reads one file into a table of the database as it is: every column of a text file as VARCHAR, and
// beside them the number of the row. What cells mean is for others to check.
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { BadRow, DataFault } from './data-fault.ts'
import { quoteName, quoteText } from './database.ts'
import type { Database } from './database.ts'
import { detectFormat } from './file-format.ts'
import type { DataFile, DelimitedFile } from './file-format.ts'
import { recordPlaces } from './line-numbers.ts'

/** Name of the column with a row's number: from 1, bad rows counted too. */
export const ROW = '"presage row"'
/** No cell of a text file is longer. */
const LINE_BYTES_MAX = 1_000_000

export interface RawTable {
  readonly file: DataFile
  /** As a name in SQL. */
  readonly table: string
  readonly columns: readonly string[]
  /** Rows that could not even be split into cells, first ones first, with their lines. */
  readonly badRows: readonly BadRow[]
  readonly badCount: number
  /** Rows that are not among the bad ones. */
  readonly rowCount: number
}

/** Fills a new table of this name from the file. */
export async function readRawTable(
  database: Database,
  { path, table }: { readonly path: string; readonly table: string },
): Promise<Result<RawTable, DataFault>> {
  const format = await detectFormat(path)
  if (!format.ok) return format
  const file = format.value
  try {
    const read = await readers[file.kind](database, { file, table } as never)
    const [counted] = await database.all(`select count(*)::double from ${table}`)
    const rowCount = Number(counted?.[0])
    if (rowCount + read.badCount === 0) return fail({ code: 'empty_file', path })
    return succeed({ file, table, rowCount, ...read })
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    return fail({ code: 'unreadable', path, message })
  }
}

type Read = Pick<RawTable, 'columns' | 'badRows' | 'badCount'>
type Reader<Kind extends DataFile['kind']> = (
  database: Database,
  target: { readonly file: Extract<DataFile, { kind: Kind }>; readonly table: string },
) => Promise<Read>

const readers: { readonly [Kind in DataFile['kind']]: Reader<Kind> } = {
  parquet: async (database, { file, table }) => {
    const numbered = `row_number() over () as ${ROW}, *`
    await database.run(
      `create table ${table} as select ${numbered} from read_parquet(${quoteText(file.path)})`,
    )
    return { columns: await columnsOf(database, table), badRows: [], badCount: 0 }
  },
  delimited: async (database, { file, table }) => {
    const types = file.columns.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')
    await database.run(`create table ${table} as select row_number() over () as ${ROW}, * from read_csv(
      ${quoteText(file.path)}, auto_detect = false, header = true, delim = ${quoteText(file.delimiter)},
      quote = '"', escape = '"', columns = {${types}}, compression = '${file.gzip ? 'gzip' : 'none'}',
      max_line_size = ${LINE_BYTES_MAX}, buffer_size = ${4 * LINE_BYTES_MAX},
      store_rejects = true, rejects_table = '${table}_rejects', rejects_scan = '${table}_scans')`)
    const rejects = await database.all(`
      select min(line_byte_position)::double, any_value(error_message) from ${table}_rejects
      group by line order by 1`)
    if (rejects.length > 0) await countRejects(database, { file, table, rejects })
    return {
      columns: file.columns,
      badRows: rejects.length === 0 ? [] : await rejectedRows(file, rejects),
      badCount: rejects.length,
    }
  },
  ndjson: async (database, { file, table }) => {
    await database.run(`create table ${table}_lines as
      select row_number() over () as ${ROW}, line, coalesce(try(json_type(line)), '') = 'OBJECT' as valid
      from read_csv(${quoteText(file.path)}, auto_detect = false, header = false, delim = '\u0001', quote = '',
        escape = '', columns = {line: 'VARCHAR'}, compression = '${file.gzip ? 'gzip' : 'none'}',
        max_line_size = ${LINE_BYTES_MAX}, buffer_size = ${4 * LINE_BYTES_MAX})`)
    // Of every line: a key that stands only in late ones counts as well.
    const keys = await database.all(`select distinct unnest(json_keys(line)) from
      (select line from ${table}_lines where valid) order by 1`)
    const columns = keys.map(([key]) => String(key))
    if (columns.length === 0) throw new Error('no line is a JSON object with a member in it')
    const shape = JSON.stringify(Object.fromEntries(columns.map((name) => [name, 'VARCHAR'])))
    await database.run(`create table ${table} as select ${ROW}, cells.* from (
      select ${ROW}, json_transform(line, ${quoteText(shape)}) as cells from ${table}_lines where valid)`)
    const bad = `from ${table}_lines where not valid and trim(coalesce(line, '')) <> ''`
    const [counted] = await database.all(`select count(*)::double ${bad}`)
    const listed = await database.all(`select ${ROW}::double, line[:80] ${bad} order by 1 limit 10`)
    await database.run(`drop table ${table}_lines`)
    const badRows = listed.map(([row, line]) => ({
      line: Number(row),
      field: 'line',
      expected: 'a JSON object',
      found: String(line),
    }))
    return { columns, badRows, badCount: Number(counted?.[0]) }
  },
}

async function columnsOf(database: Database, table: string): Promise<string[]> {
  const rows = await database.all(`select column_name from (describe ${table})`)
  return rows.map(([name]) => String(name)).filter((name) => quoteName(name) !== ROW)
}

type Rejects = readonly (readonly unknown[])[]

/** Makes row numbers count the rejected rows too, so that they number the rows of the file. */
async function countRejects(
  database: Database,
  {
    file,
    table,
    rejects,
  }: { readonly file: DelimitedFile; readonly table: string; readonly rejects: Rejects },
): Promise<void> {
  const places = await placesOf(file, rejects)
  // The reject with index i and ordinal o comes after o - 1 - i rows that were read.
  const shifts = places.map(({ ordinal }, index) => `(${ordinal - 1 - index}, ${index + 1})`)
  await database.run(`create temp table shifts as
    select after, max(shift) as shift from (values ${shifts.join(', ')}) s (after, shift) group by after`)
  await database.run(`create or replace table ${table} as
    select raw.* replace (raw.${ROW} + coalesce(shifts.shift, 0) as ${ROW})
    from ${table} raw asof left join shifts on raw.${ROW} > shifts.after order by raw.${ROW}`)
  await database.run('drop table shifts')
}

async function rejectedRows(file: DelimitedFile, rejects: Rejects): Promise<BadRow[]> {
  const listed = rejects.slice(0, 10)
  const places = await placesOf(file, listed)
  return places.map(({ line }, index) => {
    const found = /Found: (\d+)/.exec(String(listed[index]?.[1]))?.[1]
    if (found === undefined) return { line, field: 'line', expected: 'quotes in pairs and UTF-8 text' }
    return { line, field: 'line', expected: `${file.columns.length} cells`, found: `${found} cells` }
  })
}

/** The records that hold these bytes, given in rising order. */
async function placesOf(file: DelimitedFile, rejects: Rejects): Promise<{ ordinal: number; line: number }[]> {
  const places: { ordinal: number; line: number }[] = []
  for await (const place of recordPlaces(file)) {
    if (places.length === rejects.length) break
    if (place.endByte > Number(rejects[places.length]?.[0])) places.push(place)
  }
  return places
}

/** Lines of rows by their number. */
export async function linesOf(file: DataFile, rows: readonly number[]): Promise<Map<number, number>> {
  if (file.kind !== 'delimited') return new Map(rows.map((row) => [row, row]))
  const lines = new Map<number, number>()
  const wanted = new Set(rows)
  for await (const { ordinal, line } of recordPlaces(file)) {
    if (wanted.has(ordinal)) lines.set(ordinal, line)
    if (lines.size === wanted.size) break
  }
  return lines
}
