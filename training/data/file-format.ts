// What kind of file lies at a path: its format by its name, whether it is gzipped by its first bytes,
// and for delimited text the delimiter and the columns by its first line.
import { createReadStream, existsSync, openSync, readSync, closeSync, statSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type { Readable } from 'node:stream'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataFault } from './data-fault.ts'
import { kindOfName } from './file-kind.ts'

export interface DelimitedFile {
  readonly kind: 'delimited'
  readonly path: string
  readonly gzip: boolean
  readonly delimiter: string
  readonly columns: readonly string[]
}
export type DataFile =
  | DelimitedFile
  | { readonly kind: 'ndjson'; readonly path: string; readonly gzip: boolean }
  | { readonly kind: 'parquet'; readonly path: string; readonly gzip: false }

const DELIMITERS = [',', ';', '\t'] as const
const FIRST_LINE_BYTES_MAX = 1_000_000

export async function detectFormat(path: string): Promise<Result<DataFile, DataFault>> {
  if (!existsSync(path) || statSync(path).isDirectory()) return fail({ code: 'missing_file', path })
  const kind = kindOfName(path)
  if (kind === undefined) return fail({ code: 'unsupported_format', path })
  if (statSync(path).size === 0) return fail({ code: 'empty_file', path })
  if (kind === 'parquet') return succeed({ kind: 'parquet', path, gzip: false })
  const gzip = startsAsGzip(path)
  let line: string
  try {
    line = await firstLine(path, gzip)
  } catch (error) {
    return fail({ code: 'unreadable', path, message: error instanceof Error ? error.message : String(error) })
  }
  if (line.trim() === '') return fail({ code: 'empty_file', path })
  if (kind === 'json') return succeed({ kind: 'ndjson', path, gzip })
  const delimiter = mostFrequentDelimiter(line)
  return succeed({ kind: 'delimited', path, gzip, delimiter, columns: splitHeader(line, delimiter) })
}

/** The bytes of a text file, unpacked. */
export function openText({ path, gzip }: { readonly path: string; readonly gzip: boolean }): Readable {
  const file = createReadStream(path)
  if (!gzip) return file
  const unpacked = createGunzip()
  file.on('error', (error) => unpacked.destroy(error))
  unpacked.on('close', () => file.destroy())
  return file.pipe(unpacked)
}

function startsAsGzip(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(2)
    readSync(file, start, 0, 2, 0)
    return start[0] === 0x1f && start[1] === 0x8b
  } finally {
    closeSync(file)
  }
}

async function firstLine(path: string, gzip: boolean): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of openText({ path, gzip })) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if ((chunk as Buffer).includes(0x0a) || length > FIRST_LINE_BYTES_MAX) break
  }
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split('\n', 1)
  return line.replace(/^\uFEFF/, '').replace(/\r$/, '')
}

function mostFrequentDelimiter(line: string): string {
  const bare = line.replaceAll(/"[^"]*"/g, '')
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
}

function splitHeader(line: string, delimiter: string): string[] {
  const cells = line.match(new RegExp(`("([^"]|"")*"|[^${delimiter}])*(${delimiter}|$)`, 'g')) ?? []
  const names = cells.map((cell) => (cell.endsWith(delimiter) ? cell.slice(0, -1) : cell))
  // The pattern also matches the nothing after the last cell.
  if (!line.endsWith(delimiter)) names.pop()
  return names.map((name) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.trim()))
}
