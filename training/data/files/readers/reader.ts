// What a reader of one kind of file is given, and what it gives.
import type { Reading } from '../../../../features/source.ts'
import type { Column } from '../columns.ts'
import type { BadRow } from '../../data-fault.ts'
import type { Database } from '../../database.ts'
import type { DataFile } from '../file-format.ts'
import type { LineEnd } from '../line-ends.ts'
import type { PlainFile } from '../utf8-copy.ts'

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
