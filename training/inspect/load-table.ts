// Puts the rows of a file into a table for inspection, every cell of a text file as it stands. Rows that do not
// fit are left out: what is looked for is what most rows say.
import { succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataFault } from '../data/data-fault.ts'
import { quoteFile, quoteName, quoteText } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import type { DelimitedFile } from '../data/files/file-format.ts'
import { readRawTable } from '../data/files/raw-table.ts'
import type { SniffedText } from './sniff-text.ts'

const LINE_BYTES_MAX = 2_000_000
/** Rows that are looked at; what a column is does not change after so many. */
export const ROWS_MAX = 3_000_000

/** Gives the names of the columns; those without a name and those whose name came before are left out. */
export async function loadText(
  database: Database,
  { file, text, table }: { readonly file: DelimitedFile; readonly text: SniffedText; readonly table: string },
): Promise<string[]> {
  const seen = new Set<string>()
  const columns = text.columns.map((name, index) => {
    const isFree = name !== '' && !seen.has(name.toLowerCase())
    seen.add(name.toLowerCase())
    return { name: isFree ? name : `presage column ${index + 1}`, isFree }
  })
  const types = columns.map(({ name }) => `${quoteText(name)}: 'VARCHAR'`).join(', ')
  const isLines = text.kind === 'sequences'
  await database.run(`create table ${table} as select * from read_csv(${quoteFile(file.path)},
    auto_detect = false, header = ${text.hasHeader}, skip = ${text.skipLines},
    delim = ${quoteText(isLines ? '\u0001' : text.delimiter)},
    quote = ${isLines ? "''" : quoteText(text.quote)}, escape = ${isLines ? "''" : quoteText(text.quote)},
    columns = {${types}}, compression = '${file.gzip ? 'gzip' : 'none'}', encoding = '${text.encoding}',
    ignore_errors = true, null_padding = true, parallel = false,
    max_line_size = ${LINE_BYTES_MAX}, buffer_size = ${4 * LINE_BYTES_MAX}) limit ${ROWS_MAX}`)
  return columns.flatMap(({ name, isFree }) => (isFree ? [name] : []))
}

/** Of a file that knows its own columns. */
export async function loadTyped(
  database: Database,
  { path, table }: { readonly path: string; readonly table: string },
): Promise<Result<string[], DataFault>> {
  const read = await readRawTable(database, { files: { name: path, paths: [path] }, reading: {}, table })
  if (!read.ok) return read
  return succeed(read.value.columns.filter((name) => quoteName(name) !== '""'))
}
