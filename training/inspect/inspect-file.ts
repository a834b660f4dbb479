// One file, looked at: how it is written, and what each of its columns holds. The table stays in the database
// for questions that concern several columns.
import { basename } from 'node:path'
import type { Reading } from '../../features/source.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataFault } from '../data/data-fault.ts'
import type { Database } from '../data/database.ts'
import { detectFormat, openText } from '../data/files/file-format.ts'
import type { DataFile } from '../data/files/file-format.ts'
import { describeSystemError } from '../data/files/system-error.ts'
import type { Column } from './column.ts'
import { loadText, loadTyped } from './load-table.ts'
import { profileColumns } from './profile-columns.ts'
import { splitMembers } from './split-members.ts'
import { sniffText } from './sniff-text.ts'
import type { SniffedText } from './sniff-text.ts'

export interface InspectedFile {
  readonly path: string
  /** Without folder and endings: 'ratings' of ratings.csv.gz. */
  readonly name: string
  readonly format: DataFile['kind']
  readonly text: SniffedText | undefined
  /** What must be said of it for it to be read so; empty where the file tells all. */
  readonly reading: Reading
  /** In the database. */
  readonly table: string
  readonly rowCount: number
  /** Those with a name. */
  readonly columns: readonly Column[]
}

const HEAD_BYTES = 262_144

/** Fills a new table of this name. */
export async function inspectFile(
  database: Database,
  { path, table }: { readonly path: string; readonly table: string },
): Promise<Result<InspectedFile, DataFault>> {
  const detected = await detectFormat(path)
  if (!detected.ok) return detected
  const file = detected.value
  const text = file.kind === 'delimited' ? await sniffFile(file) : undefined
  try {
    const loaded =
      file.kind === 'delimited' && text !== undefined
        ? succeed(await loadText(database, { file, text, table }))
        : await loadTyped(database, { path, table })
    if (!loaded.ok) return loaded
    const split = await splitMembers(database, {
      table,
      names: loaded.value,
      isJson: file.kind === 'ndjson',
    })
    const columns = await profileColumns(database, { table, ...split })
    const rowCount = columns[0]?.rowCount ?? 0
    if (rowCount === 0) return fail({ code: 'empty_file', path })
    return succeed({
      path,
      name: basename(path).split('.')[0] ?? 'data',
      format: file.kind,
      text,
      reading: file.kind !== 'delimited' || text === undefined ? {} : readingOf(text, { file, columns }),
      table,
      rowCount,
      columns,
    })
  } catch (error) {
    return fail({ code: 'unreadable', path, message: describeSystemError(error) })
  }
}

async function sniffFile(file: Extract<DataFile, { kind: 'delimited' }>): Promise<SniffedText | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of openText(file)) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length > HEAD_BYTES) break
  }
  return sniffText(Buffer.concat(chunks).subarray(0, HEAD_BYTES), { isWhole: length <= HEAD_BYTES })
}

/** What the file does not tell by itself: its ending, its first line or a mark at its start. */
function readingOf(
  text: SniffedText,
  {
    file,
    columns,
  }: { readonly file: Extract<DataFile, { kind: 'delimited' }>; readonly columns: readonly Column[] },
): Reading {
  const decimal = columns.some(({ decimalComma }) => decimalComma)
  const isTold = file.delimiter === text.delimiter
  return {
    ...(!isTold && { delimiter: text.delimiter }),
    ...(!text.hasHeader && { columns: text.columns }),
    ...(text.skipLines > 0 && { skipLines: text.skipLines }),
    ...(text.encoding === 'latin-1' && { encoding: text.encoding }),
    ...(decimal && { decimal: ',', thousands: '.' }),
  }
}
