// Where the records of a delimited file stand. A quoted cell may hold line breaks and blank lines count
// for nothing, so a record's number is not its line; only files with bad rows are walked for this.
import { openText } from './file-format.ts'
import type { DataFile } from './file-format.ts'

const QUOTE = 0x22
const NEWLINE = 0x0a
const RETURN = 0x0d

/** A record that is not blank. */
export interface RecordPlace {
  /** From 0 for the header. */
  readonly ordinal: number
  /** From 1. */
  readonly line: number
  /** Offset of the byte after its last, in the unpacked text. */
  readonly endByte: number
}

/** The records of a delimited file in order. */
export async function* recordPlaces(file: {
  readonly path: string
  readonly gzip: boolean
}): AsyncGenerator<RecordPlace> {
  let [line, startLine, ordinal, offset] = [1, 1, 0, 0]
  let [quoted, blank] = [false, true]
  for await (const chunk of openText(file)) {
    for (const byte of chunk as Buffer) {
      offset += 1
      if (byte === QUOTE) quoted = !quoted
      if (byte === NEWLINE) line += 1
      if (byte === NEWLINE && !quoted) {
        if (!blank) yield { ordinal, line: startLine, endByte: offset }
        if (!blank) ordinal += 1
        startLine = line
        blank = true
      } else if (byte !== RETURN) blank = false
    }
  }
  if (!blank) yield { ordinal, line: startLine, endByte: offset }
}

/** Lines of the rows of a file by their number, from 1. */
export async function linesOf(file: DataFile, rows: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (file.kind !== 'delimited') return new Map(rows.map((row) => [row, row]))
  const lines = new Map<number, number>()
  const wanted = new Set(rows)
  for await (const { ordinal, line } of recordPlaces(file)) {
    if (wanted.has(ordinal)) lines.set(ordinal, line)
    if (lines.size === wanted.size) break
  }
  return lines
}
