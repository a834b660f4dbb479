// JSON, one object a line or an array of them. A member that stands only in late lines counts as well.
import { memberOf } from '../../cells/member.ts'
import { storeColumns } from '../columns.ts'
import { quoteFile, quoteName, quoteText } from '../../database.ts'
import type { Database } from '../../database.ts'
import type { LineEnd } from '../line-ends.ts'
import { linesOf } from '../line-numbers.ts'
import { ROW } from '../row-number.ts'
import type { PlainFile } from '../utf8-copy.ts'
import { newLine } from './delimited.ts'
import { isTooLong, LINE_BYTES_MAX, LINE_WITHIN } from './limits.ts'
import type { ReadPart, Target } from './reader.ts'

export async function readNdjson(
  database: Database,
  { file, plain, lineEnd, reading, table, rowsBefore }: Target<'ndjson'>,
): Promise<ReadPart> {
  try {
    await database.run(`create table ${table}_lines as
      select row_number() over () + ${rowsBefore} as ${ROW}, line, coalesce(try(json_type(line)), '') = 'OBJECT' as valid
      from ${file.isArray ? objectsOf(plain) : textLines(plain, lineEnd)}`)
  } catch (error) {
    throw tooLong(error) ?? error
  }
  if (reading.decimal !== undefined || reading.thousands !== undefined) await assertNoPoints(database, table)
  // Of every line: a key that stands only in late ones counts as well.
  await database.run(`create temp table shapes as select json_keys(line) as keys, count(*) as lines
    from ${table}_lines where valid group by keys`)
  const isTwice = 'list_unique(keys) < len(keys)'
  const [twice] = await database.all(`select count(*)::double from shapes where ${isTwice}`)
  // Of two members of one name this reader takes the first, JSON.parse the last: nobody knows which is meant.
  if (Number(twice?.[0]) > 0) {
    await database.run(`update ${table}_lines set valid = false
      where valid and json_keys(line) in (select keys from shapes where ${isTwice})`)
  }
  const keys = await database.all(`select distinct unnest(keys) from shapes where not ${isTwice} order by 1`)
  await database.run('drop table shapes')
  const columns = storeColumns(keys.map(([key]) => String(key)))
  const [simple, odd] = [true, false].map((isPlain) =>
    columns.filter(({ name, stored }) => (name === stored) === isPlain),
  )
  const shape = JSON.stringify(Object.fromEntries((simple ?? []).map(({ name }) => [name, 'VARCHAR'])))
  const cells = `json_transform(line, ${quoteText(shape)})`
  const members = (odd ?? []).map(({ name, stored }) => `, ${memberOf('line', name)} as ${quoteName(stored)}`)
  const read = `${ROW}${simple?.length === 0 ? '' : `, unnest(${cells})`}${members.join('')}`
  await database.run(`create table ${table} as select ${read} from ${table}_lines where valid`)
  const bad = `from ${table}_lines where not valid`
  const [counted] = await database.all(`select count(*)::double ${bad}`)
  const listed = await database.all(
    `select ${ROW}::double - ${rowsBefore}, line[:80], coalesce(try(json_type(line)), '') = 'OBJECT'
      ${bad} order by 1 limit 10`,
  )
  await database.run(`drop table ${table}_lines`)
  const lines = await linesOf(
    file,
    listed.map(([row]) => Number(row)),
  )
  const badRows = listed.map(([row, line, isObject]) => ({
    line: lines.get(Number(row)) ?? Number(row),
    unit: file.isArray ? ('row' as const) : ('line' as const),
    field: 'line',
    expected: isObject ? 'a JSON object that names each member once' : 'a JSON object',
    found: String(line),
  }))
  return { columns, badRows, badCount: Number(counted?.[0]) }
}

/** A number of JSON has a point, so a text is no longer to be told from it once other marks are to be read. */
async function assertNoPoints(database: Database, table: string): Promise<void> {
  const [found] = await database.all(`select count(*)::double from ${table}_lines
    where valid and regexp_matches(json_structure(line)::varchar, '[:\\[]"DOUBLE"')`)
  if (Number(found?.[0]) === 0) return
  throw new Error(
    "its numbers have a point, as JSON's have; leave decimal and thousands out of the source's reading for this file",
  )
}

/** The fault where a line is too long to be read; undefined of another. */
function tooLong(error: unknown): Error | undefined {
  const message = error instanceof Error ? error.message : ''
  if (!isTooLong(message)) return undefined
  const line = /on Line: (\d+)/i.exec(message)?.[1] ?? ''
  return new Error(`line ${line}: expected ${LINE_WITHIN}`, { cause: error })
}

/** Those that are not blank, which are not counted. */
function textLines({ path, gzip }: PlainFile, lineEnd: LineEnd | undefined): string {
  return `(select line from read_csv(${quoteFile(path)}, auto_detect = false, header = false, ${newLine(lineEnd)}
    delim = '\u0001', quote = '', escape = '', columns = {line: 'VARCHAR'},
    compression = '${gzip ? 'gzip' : 'none'}', max_line_size = ${LINE_BYTES_MAX}, buffer_size = ${4 * LINE_BYTES_MAX})
    where trim(line, ' \t') <> '')`
}

/** The members of one array. */
function objectsOf({ path, gzip }: PlainFile): string {
  return `(select json::varchar as line from read_json_objects(${quoteFile(path)}, format = 'array',
    compression = '${gzip ? 'gzip' : 'uncompressed'}', maximum_object_size = ${LINE_BYTES_MAX}))`
}
