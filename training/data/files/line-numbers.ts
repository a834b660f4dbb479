// Where the records of a text file stand. A quoted cell may hold line breaks and blank lines count
// for nothing, so a record's number is not its line; only files with bad rows are walked for this.
import { openUtf8 } from './file-format.ts'
import type { DataFile, TextFile } from './file-format.ts'
import type { Header } from './header.ts'
import { createQuoteScanner } from './quotes.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d
const BLANKS = [0x20, 0x09]

/** How records are told apart. */
interface RecordShape extends Pick<Header, 'delimiter' | 'quote' | 'skipLines' | 'hasHeader'> {
  /** Whether a line of blanks alone is one. */
  readonly blanksCount: boolean
}

/** A record that is not blank. */
export interface RecordPlace {
  /** From 0 for the header; from 1 where there is none. */
  readonly ordinal: number
  /** From 1. */
  readonly line: number
  /** Offset of the byte after its last, in the unpacked text. */
  readonly endByte: number
}

/** The records of a text file in order. */
export async function* recordPlaces(file: TextFile, shape: RecordShape): AsyncGenerator<RecordPlace> {
  const isQuotedAfter = createQuoteScanner(shape)
  let [line, startLine, ordinal, offset] = [1, 1, shape.hasHeader ? 0 : 1, 0]
  let [quoted, blank, afterReturn] = [false, true, false]
  for await (const chunk of openUtf8(file)) {
    for (const byte of chunk as Buffer) {
      offset += 1
      const isEnd = byte === RETURN || (byte === NEWLINE && !afterReturn)
      const isSkipped = line <= shape.skipLines
      afterReturn = byte === RETURN
      if (!isSkipped) quoted = isQuotedAfter(byte)
      if (isEnd) line += 1
      if (isEnd && !quoted) {
        if (!blank && !isSkipped) yield { ordinal, line: startLine, endByte: offset }
        if (!blank && !isSkipped) ordinal += 1
        startLine = line
        blank = true
      } else if (byte !== NEWLINE && byte !== RETURN) {
        blank &&= !shape.blanksCount && BLANKS.includes(byte)
      }
    }
  }
  if (!blank) yield { ordinal, line: startLine, endByte: offset }
}

export function shapeOf(file: Extract<DataFile, { kind: 'delimited' | 'ndjson' }>): RecordShape {
  if (file.kind === 'delimited') return { ...file, blanksCount: true }
  return { delimiter: '', quote: '', skipLines: 0, hasHeader: false, blanksCount: false }
}

/** Lines of the rows of a file by their number, from 1. */
export async function linesOf(file: DataFile, rows: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (file.kind === 'parquet' || (file.kind === 'ndjson' && file.isArray)) {
    return new Map(rows.map((row) => [row, row]))
  }
  const lines = new Map<number, number>()
  const wanted = new Set(rows)
  for await (const { ordinal, line } of recordPlaces(file, shapeOf(file))) {
    if (wanted.has(ordinal)) lines.set(ordinal, line)
    if (lines.size === wanted.size) break
  }
  return lines
}
