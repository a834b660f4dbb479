// How the text of a file is written, by its first lines: encoding, delimiter, lines before the header, and
// whether there is a header at all. Pure: bytes in, words of features/source.ts out.
import type { Reading } from '../../features/source.ts'

export interface SniffedText {
  /** Cells of a table, or one line a user with items of any number. */
  readonly kind: 'table' | 'sequences'
  readonly encoding: NonNullable<Reading['encoding']>
  readonly delimiter: string
  readonly quote: string
  /** Lines before the header or the first row; also a line that names the delimiter. */
  readonly skipLines: number
  readonly hasHeader: boolean
  /** As the header has them; 'column1' and so on without one. Empty where a header's cell is empty. */
  readonly columns: readonly string[]
}

const DELIMITERS = [',', ';', '\t', '|', ' '] as const
const LINES_MAX = 200
const PREAMBLE_MAX = 30

/** Undefined where the text has no line. */
export function sniffText(
  head: Uint8Array,
  { isWhole }: { readonly isWhole: boolean },
): SniffedText | undefined {
  const encoding = encodingOf(head)
  const text = new TextDecoder(encoding === 'latin-1' ? 'latin1' : encodingLabel(head, encoding)).decode(head)
  const all = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const complete = isWhole || all.length === 1 ? all : all.slice(0, -1)
  const lines = complete.slice(0, LINES_MAX)
  const named = /^sep=(.)$/i.exec(lines[0] ?? '')?.[1]
  const rows = (named === undefined ? lines : lines.slice(1)).filter((line) => line.trim() !== '')
  if (rows.length === 0) return undefined
  const common = { encoding, quote: '"' }
  const best = bestDelimiter(rows, named === undefined ? DELIMITERS : [named])
  const sequences = best.cells < 2 || best.share < 0.7 ? sequenceDelimiter(rows) : undefined
  if (sequences !== undefined) {
    return {
      ...common,
      kind: 'sequences',
      delimiter: sequences,
      quote: '',
      skipLines: 0,
      hasHeader: false,
      columns: ['line'],
    }
  }
  const { delimiter, cells } = best
  const start = Math.min(
    Math.max(
      0,
      rows.slice(0, PREAMBLE_MAX).findIndex((row) => cellsOf(row, delimiter).length === cells),
    ),
    rows.length - 1,
  )
  const skipLines =
    (named === undefined ? 0 : 1) + linesBefore(named === undefined ? lines : lines.slice(1), start)
  const table = rows.slice(start).map((row) => cellsOf(row, delimiter))
  const hasHeader = isHeader(table)
  const columns = hasHeader ? (table[0] ?? []) : (table[0] ?? []).map((_, index) => `column${index + 1}`)
  return { ...common, kind: 'table', delimiter, skipLines, hasHeader, columns }
}

function encodingLabel(head: Uint8Array, encoding: string): string {
  if (encoding !== 'utf-16') return 'utf-8'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-16le'
}

function encodingOf(head: Uint8Array): NonNullable<Reading['encoding']> {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return 'utf-16'
  try {
    // The head may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return 'utf-8'
  } catch {
    return 'latin-1'
  }
}

interface Delimited {
  readonly delimiter: string
  /** How many cells most rows have. */
  readonly cells: number
  /** The share of rows that have so many. */
  readonly share: number
}

function bestDelimiter(rows: readonly string[], delimiters: readonly string[]): Delimited {
  const found = delimiters.map((delimiter): Delimited => {
    const counts = rows.map((row) => cellsOf(row, delimiter).length)
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

/** The cells of a line; quotes hold delimiters. A cell over several lines is cut. */
export function cellsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter)
  const cells: string[] = []
  let [cell, isQuoted] = ['', false]
  for (let place = 0; place < line.length; place += 1) {
    const letter = line[place] ?? ''
    if (letter === '"' && isQuoted && line[place + 1] === '"') {
      cell += '"'
      place += 1
    } else if (letter === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted
    else if (letter === delimiter && !isQuoted) {
      cells.push(cell)
      cell = ''
    } else cell += letter
  }
  return [...cells, cell]
}

function modeOf(counts: readonly number[]): number {
  const groups = [...Map.groupBy(counts, (count) => count)].toSorted(([, a], [, b]) => b.length - a.length)
  return groups[0]?.[0] ?? 0
}
