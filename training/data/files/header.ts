// How a delimited file is written, by its first lines and by what the source says of them: its delimiter and
// quotes, the names of its columns, and what stands before them.
import type { Reading } from '../../../features/source.ts'

export interface Header {
  readonly delimiter: string
  /** Empty where quotes are text. */
  readonly quote: string
  /** Lines before the header, or before the first row where there is none. */
  readonly skipLines: number
  readonly hasHeader: boolean
  readonly columns: readonly string[]
}

/** What may stand between cells where nobody says what does. */
export const DELIMITERS = [',', ';', '\t', '|'] as const

/**
 * Undefined where there is no such line.
 * @param text the first lines of the file
 */
export function readHeader(
  text: string,
  { reading, isTabbed }: { readonly reading: Reading; readonly isTabbed: boolean },
): Header | undefined {
  const lines = text.split(/\r\n|\n|\r/)
  const named = reading.skipLines ?? 0
  // Excel takes a first line such as 'sep=;' for a word to itself.
  const said = /^sep=(.)$/i.exec(lines[named] ?? '')?.[1]
  const skipLines = said === undefined ? named : named + 1
  const records = lines.slice(skipLines).filter((line) => line.trim() !== '')
  if (records.length === 0) return undefined
  const quote = reading.quote ?? (isTabbed ? '' : '"')
  const delimiter = reading.delimiter ?? said ?? delimiterOf(records, quote)
  return {
    delimiter,
    quote,
    skipLines,
    hasHeader: reading.columns === undefined,
    columns: reading.columns ?? splitFirst(records, { delimiter, quote }).cells.map((name) => name.trim()),
  }
}

function delimiterOf(lines: readonly string[], quote: string): string {
  const counts = DELIMITERS.map((delimiter) => splitFirst(lines, { delimiter, quote }).cells.length)
  const most = Math.max(...counts)
  if (most > 1) return DELIMITERS[counts.indexOf(most)] ?? ','
  // A name may have blanks in it: they are delimiters where the next line has as many.
  const first = splitFirst(lines, { delimiter: ' ', quote })
  const second = splitFirst(lines.slice(first.lines), { delimiter: ' ', quote })
  return first.cells.length === second.cells.length && first.cells.length !== 1 ? ' ' : ','
}

interface Split {
  readonly delimiter: string
  readonly quote: string
}

/** A quote that nobody closes is no quote: a name of more lines is none. */
const LINES_MAX = 20

/** The cells of the first record, and how many lines it takes: within quotes it goes on. */
function splitFirst(
  lines: readonly string[],
  split: Split,
): { readonly cells: string[]; readonly lines: number } {
  const [line = ''] = lines
  let record = line
  for (let count = 1; count <= Math.min(LINES_MAX, lines.length); count += 1) {
    if (count > 1) record += `\n${lines[count - 1] ?? ''}`
    const { cells, isOpen } = splitCells(record, split)
    if (!isOpen) return { cells, lines: count }
  }
  return { cells: splitCells(line, split).cells, lines: 1 }
}

/** Quoted cells without their quotes. */
export function splitCells(
  line: string,
  { delimiter, quote }: Split,
): { readonly cells: string[]; readonly isOpen: boolean } {
  if (delimiter === '') return { cells: [line], isOpen: false }
  const cells = ['']
  let quoted = false
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at] ?? ''
    const cell = cells.at(-1) ?? ''
    if (quoted && letter === quote && line[at + 1] === quote) at += 1
    else if (letter === quote && (quoted || cell.trim() === '')) {
      quoted = !quoted
      continue
    } else if (!quoted && line.startsWith(delimiter, at)) {
      cells.push('')
      at += delimiter.length - 1
      continue
    }
    cells[cells.length - 1] = `${cells.at(-1) ?? ''}${letter}`
  }
  return { cells, isOpen: quoted }
}
