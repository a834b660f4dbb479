// One file, looked at: how it is written, and what each of its columns holds. The table stays in the database
// for questions that concern several columns.
import { basename } from 'node:path'
import type { Reading } from '../../features/source.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataFault } from '../data/data-fault.ts'
import type { Database } from '../data/database.ts'
import { detectFormat, openText } from '../data/files/file-format.ts'
import type { DataFile, DelimitedFile } from '../data/files/file-format.ts'
import { readRawTable } from '../data/files/raw-table.ts'
import { describeSystemError } from '../data/files/system-error.ts'
import { isAskable } from '../data/files/columns.ts'
import type { Column } from './column.ts'
import { warnOfName } from './column-warnings.ts'
import { guessReading } from './guess-reading.ts'
import type { GuessedReading } from './guess-reading.ts'
import { profileColumns } from './profile-columns.ts'
import type { Warning } from './shape.ts'
import { splitMembers } from './split-members.ts'

export interface InspectedFile {
  readonly path: string
  /** Without folder and endings: 'ratings' of ratings.csv.gz. */
  readonly name: string
  readonly format: DataFile['kind']
  /** What parts the items, where each line is a user and items. */
  readonly sequences?: string
  /** What must be said of it for it to be read so; empty where the file tells all. */
  readonly reading: Reading
  /** In the database. */
  readonly table: string
  readonly rowCount: number
  /** Those with a name that no other has. */
  readonly columns: readonly Column[]
  /** The others, which nobody can ask for. */
  readonly unaskable: readonly Warning[]
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
  try {
    const guessed: GuessedReading = file.kind === 'delimited' ? await guessOf(file) : { reading: {} }
    const { reading, sequences } = guessed
    const read = await readRawTable(database, { files: { name: path, paths: [path] }, reading, table })
    if (!read.ok) return read
    const names = read.value.named.flatMap((column) => (isAskable(column) ? [column.name] : []))
    const split = await splitMembers(database, {
      table,
      names,
      isJson: file.kind === 'ndjson',
    })
    const columns = await profileColumns(database, { table, ...split })
    const rowCount = columns[0]?.rowCount ?? 0
    if (rowCount === 0) return fail({ code: 'empty_file', path })
    return succeed({
      path,
      name: basename(path).split('.')[0] ?? 'data',
      format: file.kind,
      ...(sequences !== undefined && { sequences }),
      reading: {
        ...reading,
        ...(columns.some(({ decimalComma }) => decimalComma) && { decimal: ',', thousands: '.' }),
      },
      table,
      rowCount,
      columns,
      unaskable: read.value.named.filter((column) => !isAskable(column)).map(warnOfName),
    })
  } catch (error) {
    return fail({ code: 'unreadable', path, message: describeSystemError(error) })
  }
}

async function guessOf(file: DelimitedFile): Promise<GuessedReading> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of openText(file)) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length > HEAD_BYTES) break
  }
  const head = Buffer.concat(chunks).subarray(0, HEAD_BYTES)
  return guessReading({ head, isWhole: length <= HEAD_BYTES, file })
}
