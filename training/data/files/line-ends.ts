// In which way the lines of a text file end. DuckDB takes a break within quotes for it, and loses rows without a
// word where the way changes in a later part of a large file, so every byte is looked at before it reads; line
// breaks within quotes are text.
import { openUtf8 } from './file-format.ts'
import type { TextFile } from './file-format.ts'
import { createQuoteScanner } from './quotes.ts'
import type { CellMarks } from './quotes.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d

export interface LineShape extends CellMarks {
  /** Lines before the header, in which quotes are text. */
  readonly skipLines: number
}

/** In which of \n, \r\n and \r the lines end; where in several, at least two of them. */
export async function lineEndsOf(file: TextFile, shape: LineShape): Promise<ReadonlySet<LineEnd>> {
  const breaks = await findBreaks(file)
  return breaks.size > 1 && shape.quote !== '' ? findEnds(file, shape) : breaks
}

export type LineEnd = '\n' | '\r\n' | '\r'

/** At the speed of a search: nearly all files have one kind of break, within quotes too. */
async function findBreaks(file: TextFile): Promise<ReadonlySet<LineEnd>> {
  const kinds = new Set<LineEnd>()
  let afterReturn = false
  for await (const part of openUtf8(file)) {
    const chunk = part as Buffer
    if (chunk.length === 0) continue
    if (afterReturn) kinds.add(chunk[0] === NEWLINE ? '\r\n' : '\r')
    let newline = chunk.indexOf(NEWLINE, afterReturn && chunk[0] === NEWLINE ? 1 : 0)
    let from = chunk.indexOf(RETURN)
    while (from !== -1 && from < chunk.length - 1) {
      if (newline !== -1 && newline < from) kinds.add('\n')
      const isPair = chunk[from + 1] === NEWLINE
      kinds.add(isPair ? '\r\n' : '\r')
      if (kinds.size > 1) return kinds
      newline = chunk.indexOf(NEWLINE, from + (isPair ? 2 : 1))
      from = chunk.indexOf(RETURN, from + 1)
    }
    if (newline !== -1 && (from === -1 || newline < from)) kinds.add('\n')
    if (kinds.size > 1) return kinds
    afterReturn = chunk.at(-1) === RETURN
  }
  if (afterReturn) kinds.add('\r')
  return kinds
}

/** Byte by byte, leaving out what is quoted. */
async function findEnds(file: TextFile, { skipLines, ...marks }: LineShape): Promise<ReadonlySet<LineEnd>> {
  const isQuotedAfter = createQuoteScanner(marks)
  const kinds = new Set<LineEnd>()
  let [line, isQuoted, afterReturn] = [1, false, false]
  for await (const chunk of openUtf8(file)) {
    for (const byte of chunk as Buffer) {
      if (afterReturn) {
        kinds.add(byte === NEWLINE ? '\r\n' : '\r')
        afterReturn = false
        if (kinds.size > 1) return kinds
        if (byte === NEWLINE) continue
      }
      if (line > skipLines) isQuoted = isQuotedAfter(byte)
      if (isQuoted) continue
      if (byte === NEWLINE) kinds.add('\n')
      if (byte === RETURN) afterReturn = true
      if (byte === NEWLINE || byte === RETURN) line += 1
      if (kinds.size > 1) return kinds
    }
  }
  if (afterReturn) kinds.add('\r')
  return kinds
}
