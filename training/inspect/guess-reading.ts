// What must be said of a text file for it to be read as it is meant, guessed from its first lines: an encoding that
// has no mark, a delimiter that the first line alone does not show, lines before the header, or no header at all.
// How a text is split once that is said is for the readers. Pure: bytes in, a reading out.
import type { Reading } from '../../features/source.ts'
import type { DelimitedFile } from '../data/files/file-format.ts'
import { DELIMITERS as MARKS, splitCells } from '../data/files/header.ts'

export interface GuessedReading {
  /** Only what the readers would not see by themselves. */
  readonly reading: Reading
  /** What parts the items, where each line is a user and items of any number. */
  readonly sequences?: string
}

export interface GuessRequest {
  /** The first bytes. */
  readonly head: Uint8Array
  readonly isWhole: boolean
  /** As the readers take it by themselves. */
  readonly file: Pick<DelimitedFile, 'encoding' | 'delimiter' | 'quote' | 'skipLines'>
}

/** The readers take blanks where they part the first two lines alike. */
const DELIMITERS = [...MARKS, ' ']
const LINES_MAX = 200
const PREAMBLE_MAX = 30

export function guessReading({ head, isWhole, file }: GuessRequest): GuessedReading {
  const isLatin = file.encoding === 'utf-8' && !isUtf8(head)
  const encoding: Reading = isLatin ? { encoding: 'latin-1' } : {}
  const text = new TextDecoder(isLatin ? 'windows-1252' : ENCODINGS[file.encoding]).decode(head)
  const all = text.split(/\r\n|\n|\r/)
  const complete = isWhole || all.length === 1 ? all : all.slice(0, -1)
  const lines = complete.slice(file.skipLines, file.skipLines + LINES_MAX)
  const rows = lines.filter((line) => line.trim() !== '')
  if (rows.length === 0) return { reading: encoding }
  // A first line such as sep=; has said it.
  const best = bestDelimiter(rows, {
    delimiters: file.skipLines > 0 ? [file.delimiter] : DELIMITERS,
    quote: file.quote,
  })
  const sequences = best.cells < 2 || best.share < 0.7 ? sequenceDelimiter(rows) : undefined
  if (sequences !== undefined)
    return { reading: { ...encoding, delimiter: '', quote: '', columns: ['line'] }, sequences }
  const { delimiter, cells } = best
  const split = (row: string): readonly string[] => splitCells(row, { delimiter, quote: file.quote }).cells
  const start = Math.max(
    0,
    rows.slice(0, PREAMBLE_MAX).findIndex((row) => split(row).length === cells),
  )
  const skipLines = linesBefore(lines, start)
  const table = rows.slice(start).map(split)
  return {
    reading: {
      ...encoding,
      ...((delimiter !== file.delimiter || skipLines > 0) && { delimiter }),
      ...(skipLines > 0 && { skipLines: file.skipLines + skipLines }),
      ...(!isHeader(table) && { columns: (table[0] ?? []).map((_, index) => `column${index + 1}`) }),
    },
  }
}

const ENCODINGS = {
  'utf-8': 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16be': 'utf-16be',
  'latin-1': 'windows-1252',
} as const

function isUtf8(head: Uint8Array): boolean {
  try {
    // The head may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}

interface Delimited {
  readonly delimiter: string
  /** How many cells most rows have. */
  readonly cells: number
  /** The share of rows that have so many. */
  readonly share: number
}

function bestDelimiter(
  rows: readonly string[],
  { delimiters, quote }: { readonly delimiters: readonly string[]; readonly quote: string },
): Delimited {
  const found = delimiters.map((delimiter): Delimited => {
    const counts = rows.map((row) => splitCells(row, { delimiter, quote }).cells.length)
    const cells = modeOf(counts)
    return { delimiter, cells, share: counts.filter((count) => count === cells).length / counts.length }
  })
  // Blanks part words; so they part cells only where nothing else does.
  const scoreOf = ({ delimiter, cells, share }: Delimited): number =>
    cells < 2 ? 0 : share * share * (1 + Math.log2(cells)) * (delimiter === ' ' ? 0.3 : 1)
  return found.reduce((best, one) => (scoreOf(one) > scoreOf(best) ? one : best))
}

/** What parts the items of lines of any length; undefined where lines are no such lists. */
function sequenceDelimiter(rows: readonly string[]): string | undefined {
  if (rows.length < 5) return undefined
  for (const delimiter of [' ', '\t', ',', ';', '|']) {
    const split = rows.map((row) => row.trim().split(delimiter))
    const lengths = new Set(split.map(({ length }) => length))
    const areTokens = split.every(
      (tokens) => tokens.length >= 2 && tokens.every((token) => /^[\w.:-]+$/.test(token)),
    )
    const firsts = new Set(split.map(([first]) => first))
    if (areTokens && lengths.size > 2 && firsts.size === split.length) return delimiter
  }
  return undefined
}

/** Numbers, times and marks of what is missing are no names. */
function isValue(cell: string): boolean {
  return (
    /^[-+]?[\d.,]+(e[-+]?\d+)?$/i.test(cell) ||
    /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/.test(cell) ||
    /^(true|false|nan|null)$/i.test(cell)
  )
}

/** A header names columns: no cell of it is a value, no name is long, none comes again below it. */
function isHeader(table: readonly (readonly string[])[]): boolean {
  const [first = [], ...rest] = table
  if (first.some((cell) => isValue(cell.trim()))) {
    // Years and other numbers can be names; where the rest of the column is not of numbers they are.
    return (
      first.filter((cell) => isValue(cell.trim())).length < first.length / 2 &&
      first.every(
        (cell, column) => !isValue(cell.trim()) || !rest.every((row) => isValue((row[column] ?? '').trim())),
      )
    )
  }
  if (rest.length === 0) return true
  const repeats = first.filter(
    (cell, column) => cell !== '' && rest.some((row) => row[column] === cell),
  ).length
  return repeats <= first.length / 4 && first.every((cell) => cell.length <= 120)
}

/** How many lines, empty ones too, stand before the row of this number among those that are not empty. */
function linesBefore(lines: readonly string[], row: number): number {
  let seen = -1
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '') seen += 1
    if (seen === row) return row === 0 ? 0 : index
  }
  return 0
}

function modeOf(counts: readonly number[]): number {
  const groups = [...Map.groupBy(counts, (count) => count)].toSorted(([, a], [, b]) => b.length - a.length)
  return groups[0]?.[0] ?? 0
}
