// How a file of each kind becomes a table of raw cells.
import type { Reading } from '../../../../features/source.ts'
import type { Column } from '../columns.ts'
import type { BadRow } from '../../data-fault.ts'
import type { Database } from '../../database.ts'
import type { DataFile } from '../file-format.ts'
import type { LineEnd } from '../line-ends.ts'
import type { PlainFile } from '../utf8-copy.ts'
import { readDelimited } from './delimited.ts'
import { readNdjson } from './ndjson.ts'
import { readParquet } from './parquet.ts'

export interface ReadPart {
  readonly columns: readonly Column[]
  /** The first ones. */
  readonly badRows: readonly BadRow[]
  readonly badCount: number
}

export interface Target<Kind extends DataFile['kind']> {
  readonly file: Extract<DataFile, { kind: Kind }>
  /** What the database reads of it. */
  readonly plain: PlainFile
  /** Undefined where it has but one line, or none. */
  readonly lineEnd: LineEnd | undefined
  readonly reading: Reading
  /** To be made. */
  readonly table: string
  /** Row numbers go on from here. */
  readonly rowsBefore: number
}

export type Reader<Kind extends DataFile['kind']> = (
  database: Database,
  target: Target<Kind>,
) => Promise<ReadPart>

const readers: { readonly [Kind in DataFile['kind']]: Reader<Kind> } = {
  delimited: readDelimited,
  ndjson: readNdjson,
  parquet: readParquet,
}

/** The reader of this file's kind. */
export function readerOf(file: DataFile): Reader<DataFile['kind']> {
  return readers[file.kind] as Reader<DataFile['kind']>
}
