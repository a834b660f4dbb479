// Writes a sheet as one file or several, and says how the project must read them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { DuckDBConnection } from '@duckdb/node-api'
import { createRandom } from '../../../../features/random.ts'
import type { Dialect } from './dialect.ts'
import { settleDialect } from './settle-dialect.ts'
import type { SettledDialect } from './settle-dialect.ts'
import type { Row, Sheet } from './sheet.ts'
import { writeParquet } from './write-parquet.ts'
import { writeDelimited, writeJson } from './write-text.ts'

export interface WrittenSheet extends SettledDialect {
  /** As a source or a command names them: files, a folder or a pattern; relative to the folder. */
  readonly paths: readonly string[]
  /** Rows that were written; those whose harm the format has no place for were not. */
  readonly rows: readonly Row[]
  /** Where each of the harmed rows stands: 'line 3'. */
  readonly harmedAt: readonly string[]
}

export interface WriteRequest {
  readonly folder: string
  readonly sheet: Sheet
  readonly dialect: Dialect
  readonly connection: DuckDBConnection
}

export async function writeSheet({
  folder,
  sheet,
  dialect: drawn,
  connection,
}: WriteRequest): Promise<WrittenSheet> {
  const rows = sheet.rows.filter((row) => hasPlace(row, drawn))
  const settled = settleDialect(drawn, { ...sheet, rows })
  const { dialect, quote, names } = settled
  const random = createRandom(dialect.seed)
  const ending = { delimited: dialect.ending, ndjson: 'ndjson', array: 'json', parquet: 'parquet' }[
    dialect.format
  ]
  const isPacked = dialect.gzip && dialect.format !== 'parquet'
  const fileNames = partNames({
    role: sheet.role,
    dialect,
    ending: isPacked && dialect.seed % 2 === 0 ? `${ending}.gz` : ending,
  })
  const size = Math.ceil(rows.length / fileNames.length)
  const harmedAt: string[] = []
  for (const [part, name] of fileNames.entries()) {
    const here = rows.slice(part * size, (part + 1) * size)
    const path = join(folder, name)
    if (name.includes('/')) mkdirSync(join(path, '..'), { recursive: true })
    const request = { sheet, rows: here, names, dialect, random, path, quote }
    const lines = await writePart(request, { connection, isPacked })
    const unit = dialect.format === 'array' || dialect.format === 'parquet' ? 'row' : 'line'
    for (const [index, { harm }] of here.entries())
      if (harm !== undefined) harmedAt.push(`${unit} ${lines[index] ?? 0}: `)
  }
  return { ...settled, rows, harmedAt, paths: pathsOf(fileNames, { role: sheet.role, dialect }) }
}

type PartRequest = Parameters<typeof writeDelimited>[0] & { readonly path: string }

async function writePart(
  request: PartRequest,
  { connection, isPacked }: { readonly connection: DuckDBConnection; readonly isPacked: boolean },
): Promise<readonly number[]> {
  const { dialect, path } = request
  if (dialect.format === 'parquet') return writeParquet(connection, request)
  const { text, lines } = dialect.format === 'delimited' ? writeDelimited(request) : writeJson(request)
  const bytes = encode(text, dialect.encoding)
  writeFileSync(path, isPacked ? gzipSync(bytes) : bytes)
  return lines
}

function encode(text: string, encoding: Dialect['encoding']): Buffer {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text)
    case 'marked':
      return Buffer.from(`\uFEFF${text}`)
    case 'utf-16':
      return Buffer.from(`\uFEFF${text}`, 'utf16le')
    case 'utf-16be':
      return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()
    case 'utf-16 unmarked':
      return Buffer.from(text, 'utf16le')
    case 'latin-1':
      return Buffer.from(text, 'latin1')
  }
}

/** A short row must lack a cell, and only lines can be no JSON. */
function hasPlace({ harm }: Row, { format }: Dialect): boolean {
  if (harm === undefined || harm.kind === 'cell') return true
  return harm.kind === 'notJson' ? format === 'ndjson' : format === 'delimited'
}

interface PartRequestNames {
  readonly role: string
  readonly dialect: Dialect
  readonly ending: string
}

function partNames({ role, dialect: { parts, partsAs }, ending }: PartRequestNames): string[] {
  if (parts === 1) return [`${role}.${ending}`]
  const numbers = Array.from({ length: parts }, (_, index) => index + 1)
  if (partsAs === 'folder') return numbers.map((number) => `${role}/part-${number}.${ending}`)
  return numbers.map((number) => `${role}-2025-01-0${number}.${ending}`)
}

function pathsOf(
  names: readonly string[],
  { role, dialect: { parts, partsAs } }: { readonly role: string; readonly dialect: Dialect },
): readonly string[] {
  if (parts === 1 || partsAs === 'list') return names
  return partsAs === 'folder' ? [role] : [`${role}-*`]
}
