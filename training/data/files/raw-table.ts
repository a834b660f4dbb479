// Reads files into one table of the database as they are: every column of a text file as VARCHAR, and
// beside them the number of the row. What cells mean is for others to check.
import { statSync } from 'node:fs'
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { Reading } from '../../../features/source.ts'
import type { BadRow, DataFault } from '../data-fault.ts'
import { appendPart } from './append-part.ts'
import { checkReading } from './check-reading.ts'
import { uniteColumns } from './columns.ts'
import type { Column } from './columns.ts'
import { quoteName } from '../database.ts'
import type { Database } from '../database.ts'
import type { FileList } from './expand-path.ts'
import { detectFormat } from './file-format.ts'
import type { DataFile } from './file-format.ts'
import { lineEndsOf } from './line-ends.ts'
import type { LineEnd } from './line-ends.ts'
import { linesOf } from './line-numbers.ts'
import { readerOf } from './readers/readers.ts'
import { describeSystemError } from './system-error.ts'
import { withPlainFile } from './utf8-copy.ts'

/** One of the files of a table. */
export interface PlacedFile {
  readonly file: DataFile
  /** The number of its first row less one. */
  readonly rowsBefore: number
  /** Bad ones counted too. */
  readonly rowCount: number
}

/** Where rows come from, and those that could not even be split into cells. */
export interface Origin {
  /** As it is said: of the file, the folder or the pattern. */
  readonly path: string
  /** In the order in which their rows are numbered. */
  readonly files: readonly PlacedFile[]
  /** The first ones first. */
  readonly badRows: readonly BadRow[]
  readonly badCount: number
}

export interface RawTable extends Origin {
  /** How the text was read, and how cells are. */
  readonly reading: Reading
  /** As a name in SQL. */
  readonly table: string
  /** Names of all files' columns. A column that a file lacks is empty there. */
  readonly columns: readonly string[]
  /** The same columns, those too that have no name. */
  readonly named: readonly Column[]
  /** Rows that are not among the bad ones. */
  readonly rowCount: number
  /** The type of a column, by its name in quotes; undefined of any other expression. */
  readonly typeOf: (expression: string) => string | undefined
}

export interface RawRequest {
  readonly files: FileList
  readonly reading: Reading
  readonly table: string
  /** How many rows were numbered before; none where absent. */
  readonly rowsBefore?: number
}

/** Fills a new table of this name from the files. */
export async function readRawTable(
  database: Database,
  { files, reading, table, rowsBefore = 0 }: RawRequest,
): Promise<Result<RawTable, DataFault>> {
  const checked = await checkReading(database, { reading, path: files.paths[0] ?? '' })
  if (!checked.ok) return checked
  const placed: PlacedFile[] = []
  const badRows: BadRow[] = []
  let named: readonly Column[] = []
  let [badCount, rowCount, numbered] = [0, 0, rowsBefore]
  for (const path of files.paths) {
    const format = await detectFormat(path, reading)
    // Tools write empty parts where a partition has no rows.
    if (!format.ok && format.reason.code === 'empty_file' && files.paths.length > 1) continue
    if (!format.ok) return format
    const file = format.value
    const into = placed.length === 0 ? table : `${table}_part`
    try {
      const before = stampOf(path)
      const [lineEnd, ...otherEnds] = await lineEndsIn(file)
      if (otherEnds.length > 0) return fail({ code: 'unreadable', path, message: MIXED_LINE_ENDS })
      const read = await withPlainFile(file, async (plain) =>
        readerOf(file)(database, { file, plain, lineEnd, reading, table: into, rowsBefore: numbered }),
      )
      if (stampOf(path) !== before) return fail({ code: 'unreadable', path, message: CHANGED })
      const [counted] = await database.all(`select count(*)::double from ${into}`)
      const goodCount = Number(counted?.[0])
      if (placed.length > 0)
        await appendPart(database, {
          part: into,
          table,
          columns: read.columns,
          known: named,
          isTyped: file.kind === 'parquet' || placed.some((one) => one.file.kind === 'parquet'),
        })
      placed.push({ file, rowsBefore: numbered, rowCount: goodCount + read.badCount })
      numbered += goodCount + read.badCount
      rowCount += goodCount
      badCount += read.badCount
      named = uniteColumns(named, read.columns)
      badRows.push(...read.badRows.map((row) => (files.paths.length > 1 ? { ...row, file: path } : row)))
    } catch (error) {
      return fail({ code: 'unreadable', path, message: describeSystemError(error) })
    }
  }
  if (rowCount + badCount === 0) return fail({ code: 'empty_file', path: files.name })
  if (named.length === 0) return fail({ code: 'unreadable', path: files.name, message: NO_MEMBERS })
  const origin = { path: files.name, files: placed, badRows: badRows.slice(0, 10), badCount }
  const columns = [...new Set(named.map(({ name }) => name))].filter((name) => name !== '')
  const typeOf = await typesIn(database, { table, named, files: placed })
  return succeed({ ...origin, reading, table, columns, named, rowCount, typeOf })
}

/** Those of text files are all texts. */
async function typesIn(
  database: Database,
  { table, named, files }: Pick<RawTable, 'table' | 'named'> & { readonly files: readonly PlacedFile[] },
): Promise<RawTable['typeOf']> {
  const isTyped = files.some(({ file }) => file.kind === 'parquet')
  const described = isTyped
    ? await database.all(`select column_name, column_type from (describe ${table})`)
    : named.map(({ stored }) => [stored, 'VARCHAR'])
  const types = new Map(described.map(([name, type]) => [quoteName(String(name)), String(type)]))
  return (expression) => types.get(expression)
}

const CHANGED = 'it changed while it was read; copy it first, and read the copy'

/** Tells one state of a file from the next. */
function stampOf(path: string): string {
  const { size, mtimeNs } = statSync(path, { bigint: true })
  return `${size} ${mtimeNs}`
}

const NO_MEMBERS = 'no line is a JSON object with a member in it'
const MIXED_LINE_ENDS = 'its lines end in several ways; save it with one, as with \\n'

/** Of an array none: it has no lines. */
async function lineEndsIn(file: DataFile): Promise<readonly LineEnd[]> {
  if (file.kind === 'parquet' || (file.kind === 'ndjson' && file.isArray)) return []
  const shape = file.kind === 'delimited' ? file : { delimiter: '', quote: '', skipLines: 0 }
  return [...(await lineEndsOf(file, shape))]
}

/** One origin of the rows of several tables, whose numbers follow one another. */
export function joinOrigins(origins: readonly Origin[]): Origin {
  const files = origins.flatMap((origin) => origin.files)
  return {
    path: [...new Set(origins.map(({ path }) => path))].join(', '),
    files,
    badRows: origins
      .flatMap(({ badRows, path }) =>
        badRows.map((row) => (origins.length > 1 ? { file: path, ...row } : row)),
      )
      .slice(0, 10),
    badCount: origins.reduce((sum, { badCount }) => sum + badCount, 0),
  }
}

export interface Place {
  readonly line: number
  readonly unit: 'line' | 'row'
  /** Absent where there is only one. */
  readonly file?: string
}

/** Where rows stand, by their number. */
export async function placesOf(
  { files }: Origin,
  rows: readonly number[],
): Promise<ReadonlyMap<number, Place>> {
  const places = new Map<number, Place>()
  for (const { file, rowsBefore, rowCount } of files) {
    const here = rows.filter((row) => row > rowsBefore && row <= rowsBefore + rowCount)
    if (here.length === 0) continue
    const lines = await linesOf(
      file,
      here.map((row) => row - rowsBefore),
    )
    for (const row of here) {
      places.set(row, {
        line: lines.get(row - rowsBefore) ?? row - rowsBefore,
        unit: unitOf(file),
        ...(files.length > 1 && { file: file.path }),
      })
    }
  }
  return places
}

function unitOf(file: DataFile): 'line' | 'row' {
  return file.kind === 'parquet' || (file.kind === 'ndjson' && file.isArray) ? 'row' : 'line'
}
