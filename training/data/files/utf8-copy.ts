// What the database reads of a file: the file itself, or its text once more in UTF-8. DuckDB knows other encodings,
// but of UTF-16 only characters of two bytes, and none of them in an array of JSON.
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createTemporaryFolder } from '../temporary-folder.ts'
import { openUtf8 } from './file-format.ts'
import type { DataFile } from './file-format.ts'

/** A file that holds UTF-8, be it packed, or Parquet. */
export interface PlainFile {
  readonly path: string
  readonly gzip: boolean
}

/** What is made for it goes when it has been used. */
export async function withPlainFile<Value>(
  file: DataFile,
  use: (plain: PlainFile) => Promise<Value>,
): Promise<Value> {
  if (file.kind === 'parquet' || file.encoding === 'utf-8') return use(file)
  const folder = createTemporaryFolder()
  try {
    const path = join(folder.path, 'text')
    await pipeline(openUtf8(file), createWriteStream(path))
    return await use({ path, gzip: false })
  } finally {
    folder.remove()
  }
}
