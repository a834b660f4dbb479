// How a file of each kind becomes a table of raw cells.
import type { DataFile } from '../file-format.ts'
import { readDelimited } from './delimited.ts'
import { readNdjson } from './ndjson.ts'
import { readParquet } from './parquet.ts'
import type { Reader } from './reader.ts'

const readers: { readonly [Kind in DataFile['kind']]: Reader<Kind> } = {
  delimited: readDelimited,
  ndjson: readNdjson,
  parquet: readParquet,
}

/** The reader of this file's kind. */
export function readerOf(file: DataFile): Reader<DataFile['kind']> {
  return readers[file.kind] as Reader<DataFile['kind']>
}
