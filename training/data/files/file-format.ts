// What kind of file lies at a path: its format by its name, whether it is gzipped and its encoding by its first
// bytes, and for delimited text the delimiter and the columns by its header. What the source's reading says
// goes before all of that.
import { createReadStream, existsSync, openSync, readSync, closeSync, statSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { Readable } from 'node:stream'
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { Reading } from '../../../features/source.ts'
import type { DataFault } from '../data-fault.ts'
import { endingOf, kindOfName } from './file-kind.ts'
import { readHeader } from './header.ts'
import type { Header } from './header.ts'
import { describeSystemError } from './system-error.ts'

export interface TextFile {
  readonly path: string
  readonly gzip: boolean
  readonly encoding: NonNullable<Reading['encoding']> | 'utf-16be'
}
export type DelimitedFile = TextFile & Header & { readonly kind: 'delimited' }
export type DataFile =
  | DelimitedFile
  /** isArray: one array of objects, where otherwise each stands on a line. */
  | (TextFile & { readonly kind: 'ndjson'; readonly isArray: boolean })
  | { readonly kind: 'parquet'; readonly path: string; readonly gzip: false }

const HEAD_BYTES_MAX = 1_000_000
/** A file is read several times. */
const NO_FILE = 'it is a pipe or a device; write what it gives to a file, and name that'

export async function detectFormat(
  path: string,
  reading: Reading = {},
): Promise<Result<DataFile, DataFault>> {
  if (!existsSync(path) || statSync(path).isDirectory()) return fail({ code: 'missing_file', path })
  const kind = kindOfName(path)
  if (kind === undefined) return fail({ code: 'unsupported_format', path })
  if (!statSync(path).isFile()) return fail({ code: 'unreadable', path, message: NO_FILE })
  if (statSync(path).size === 0) return fail({ code: 'empty_file', path })
  if (kind === 'parquet') return succeed({ kind: 'parquet', path, gzip: false })
  try {
    const gzip = startsAsGzip(path)
    const head = await readHead({ path, gzip })
    const encoding = encodingOf(head, reading)
    if (!encoding.ok) return fail({ code: 'unreadable', path, message: encoding.reason })
    const file = { path, gzip, encoding: encoding.value }
    const text = new TextDecoder(LABELS[encoding.value]).decode(head)
    if (text.trim() === '') return fail({ code: 'empty_file', path })
    if (kind === 'json')
      return succeed({ kind: 'ndjson', ...file, isArray: text.trimStart().startsWith('[') })
    const header = readHeader(text, { reading, isTabbed: ['tsv', 'tab'].includes(endingOf(path)) })
    if (header === undefined) return fail({ code: 'empty_file', path })
    return succeed({ kind: 'delimited', ...file, ...header })
  } catch (error) {
    return fail({ code: 'unreadable', path, message: describeSystemError(error) })
  }
}

/** What files called Latin-1 are written in is Windows-1252, which has letters where Latin-1 has none. */
const LABELS = {
  'utf-8': 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16be': 'utf-16be',
  'latin-1': 'windows-1252',
} as const

function encodingOf(head: Buffer, { encoding }: Reading): Result<TextFile['encoding'], string> {
  if (head[0] === 0xfe && head[1] === 0xff) return succeed('utf-16be')
  if (head[0] === 0xff && head[1] === 0xfe) return succeed('utf-16')
  if (encoding === undefined && head.includes(0)) {
    return fail(
      "there are NUL characters in it, as in UTF-16 without its mark; if it is that, the source's reading says so: { encoding: 'utf-16' }",
    )
  }
  return succeed(encoding ?? 'utf-8')
}

/** A text file as UTF-8, unpacked. */
export function openUtf8(file: TextFile): Readable {
  if (file.encoding === 'utf-8') return openText(file)
  return Readable.from(decoded(file))
}

async function* decoded(file: TextFile): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(LABELS[file.encoding], { fatal: true })
  try {
    for await (const chunk of openText(file))
      yield Buffer.from(decoder.decode(chunk as Buffer, { stream: true }))
    yield Buffer.from(decoder.decode())
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Error(`it is not ${file.encoding.slice(0, 6).toUpperCase()} to its end; save it as UTF-8`, {
      cause: error,
    })
  }
}

/** The bytes of a text file, unpacked. */
export function openText({ path, gzip }: Pick<TextFile, 'path' | 'gzip'>): Readable {
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

/** The first bytes, in which the header lies. Packed files are walked to their end: one may break off. */
async function readHead(file: Pick<TextFile, 'path' | 'gzip'>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of openText(file)) {
    if (length <= HEAD_BYTES_MAX) chunks.push(chunk as Buffer)
    else if (!file.gzip) break
    length += (chunk as Buffer).length
  }
  return Buffer.concat(chunks)
}
