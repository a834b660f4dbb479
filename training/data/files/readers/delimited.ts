// Text with a delimiter between cells.
import { storeColumns } from '../columns.ts'
import type { BadRow } from '../../data-fault.ts'
import { quoteFile, quoteText } from '../../database.ts'
import type { Database } from '../../database.ts'
import type { DelimitedFile } from '../file-format.ts'
import type { LineEnd } from '../line-ends.ts'
import { recordPlaces, shapeOf } from '../line-numbers.ts'
import { ROW } from '../row-number.ts'
import { isTooLong, LINE_BYTES_MAX, LINE_WITHIN } from './limits.ts'
import type { ReadPart, Target } from './reader.ts'

export async function readDelimited(
  database: Database,
  { file, plain, lineEnd, table, rowsBefore }: Target<'delimited'>,
): Promise<ReadPart> {
  const columns = storeColumns(file.columns)
  const types = columns.map(({ stored }) => `${quoteText(stored)}: 'VARCHAR'`).join(', ')
  await database.run(`create table ${table} as select row_number() over () + ${rowsBefore} as ${ROW}, * from read_csv(
    ${quoteFile(plain.path)}, auto_detect = false, header = ${file.hasHeader}, skip = ${file.skipLines},
    delim = ${quoteText(file.delimiter)}, quote = ${quoteText(file.quote)}, escape = ${quoteText(file.quote)},
    columns = {${types}}, ${newLine(lineEnd)} compression = '${plain.gzip ? 'gzip' : 'none'}',
    max_line_size = ${LINE_BYTES_MAX}, buffer_size = ${4 * LINE_BYTES_MAX},
    store_rejects = true, rejects_table = '${table}_rejects', rejects_scan = '${table}_scans')`)
  const rejects = await database.all(`
    select min(line_byte_position)::double, any_value(error_message) from ${table}_rejects
    group by line order by 1`)
  for (const name of ['rejects', 'scans']) await database.run(`drop table ${table}_${name}`)
  if (rejects.length > 0) await countRejects(database, { file, table, rowsBefore, rejects })
  return {
    columns,
    badRows: rejects.length === 0 ? [] : await rejectedRows(file, rejects),
    badCount: rejects.length,
  }
}

/** Said to DuckDB, which else goes by the first break, be it within quotes. */
export function newLine(lineEnd: LineEnd | undefined): string {
  const names = { '\n': String.raw`\n`, '\r\n': String.raw`\r\n`, '\r': String.raw`\r` }
  return lineEnd === undefined ? '' : `new_line = '${names[lineEnd]}',`
}

type Rejects = readonly (readonly unknown[])[]

type Rejected = Pick<Target<'delimited'>, 'file' | 'table' | 'rowsBefore'> & { readonly rejects: Rejects }

/** Makes row numbers count the rejected rows too, so that they number the rows of the file. */
async function countRejects(
  database: Database,
  { file, table, rowsBefore, rejects }: Rejected,
): Promise<void> {
  const places = await placesOf(file, rejects)
  // The reject with index i and ordinal o comes after o - 1 - i rows that were read.
  const shifts = places.map(({ ordinal }, index) => `(${rowsBefore + ordinal - 1 - index}, ${index + 1})`)
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
  return places.map(({ line }, index): BadRow => {
    const found = /Found: (\d+)/.exec(String(listed[index]?.[1]))?.[1]
    const row = { line, unit: 'line', field: 'line' } as const
    if (found === undefined) return { ...row, expected: remedyOf(String(listed[index]?.[1])) }
    return { ...row, expected: `${file.columns.length} cells`, found: `${found} cells` }
  })
}

/** What a line must be that is not split, and what to write where it is right as it is. */
function remedyOf(message: string): string {
  if (isTooLong(message)) return LINE_WITHIN
  return /unicode|utf-?8/i.test(message)
    ? "UTF-8 text (of another, the source's reading says so: { encoding: 'latin-1' })"
    : "quotes in pairs (where they are text, the source's reading says so: { quote: '' })"
}

/** The records that hold these bytes, given in rising order. */
async function placesOf(file: DelimitedFile, rejects: Rejects): Promise<{ ordinal: number; line: number }[]> {
  const places: { ordinal: number; line: number }[] = []
  for await (const place of recordPlaces(file, shapeOf(file))) {
    if (places.length === rejects.length) break
    if (place.endByte > Number(rejects[places.length]?.[0])) places.push(place)
  }
  return places
}
