// Rows as delimited text or as JSON, before it is encoded.
import type { Random } from '../../../../features/random.ts'
import type { Dialect } from './dialect.ts'
import type { Cell, Row, Sheet } from './sheet.ts'
import { spellCell } from './spell-cell.ts'

/** A text, and the line on which each of its rows begins, from 1; of an array the number of the row. */
export interface WrittenText {
  readonly text: string
  readonly lines: readonly number[]
}

export interface TextRequest {
  readonly sheet: Pick<Sheet, 'columns'>
  readonly rows: readonly Row[]
  /** Of the columns, as the file writes them. */
  readonly names: readonly string[]
  readonly dialect: Dialect
  readonly random: Random
}

export function writeDelimited(request: TextRequest & { readonly quote: string }): WrittenText {
  const { rows, names, dialect, random, quote, sheet } = request
  const { delimiter, newline, extra, skipLines, isSepLine, header, blankLines } = dialect
  const records: string[] = PREAMBLE.slice(0, skipLines)
  if (isSepLine) records.push(`sep=${delimiter}`)
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell) => quoted(cell, { delimiter, quote, always: dialect.isQuotedThroughout }))
      .join(delimiter)
  const isExtra = (kind: Dialect['extra'][number]): boolean => header !== 'none' && extra.includes(kind)
  const beside = (cells: readonly string[], [index, note]: readonly [string, string]): string[] => [
    ...(isExtra('nameless') ? [index] : []),
    ...(isExtra('repeated') ? [note] : []),
    ...cells,
    ...(isExtra('repeated') ? [note === 'note' ? 'Note' : 'b'] : []),
    ...(isExtra('last') ? [''] : []),
  ]
  if (header !== 'none') records.push(lineOf(beside(names, ['', 'note'])))
  const starts: number[] = []
  for (const [index, { cells, harm }] of rows.entries()) {
    if (blankLines && random.integer(4) === 0) records.push('')
    const texts = sheet.columns.map(({ kind }, column) =>
      harm?.kind === 'cell' && harm.column === column
        ? harm.text
        : spellCell(cells[column] ?? null, kind, { dialect, random }),
    )
    const full = beside(texts, [String(index), 'a'])
    if (harm?.kind === 'tooShort') shorten(full)
    if (harm?.kind === 'tooLong') full.push('x')
    starts.push(records.length)
    records.push(lineOf(full))
  }
  const lines = records.map((record) => record.split(/\r\n|\n|\r/).length)
  const lineBefore = (record: number): number => lines.slice(0, record).reduce((sum, count) => sum + count, 0)
  return {
    text: records.join(newline) + (dialect.endsWithNewline ? newline : ''),
    lines: starts.map((record) => lineBefore(record) + 1),
  }
}

/** One cell fewer, but no blank line: that counts for nothing. */
function shorten(cells: string[]): void {
  const last = cells.pop() ?? ''
  if (cells.every((cell) => cell.trim() === '')) cells.splice(0, cells.length, last)
}

const PREAMBLE = ['Report of 5" screens; made 2024,May', '', 'a,b;c|d']

function quoted(
  cell: string,
  {
    delimiter,
    quote,
    always,
  }: { readonly delimiter: string; readonly quote: string; readonly always: boolean },
): string {
  if (quote === '') return cell
  const isNeeded = cell.includes(delimiter) || cell.includes(quote) || /[\r\n]/.test(cell)
  return always || isNeeded ? `${quote}${cell.replaceAll(quote, quote + quote)}${quote}` : cell
}

/** An object a line, or one array of them. */
export function writeJson({ rows, names, dialect, random, sheet }: TextRequest): WrittenText {
  const isArray = dialect.format === 'array'
  const objects = rows.map(({ cells, harm }, index) => {
    if (harm?.kind === 'notJson') return '{"a":'
    const members = sheet.columns.flatMap(({ kind }, column) => {
      const value =
        harm?.kind === 'cell' && harm.column === column
          ? JSON.stringify(harm.text)
          : jsonOf(cells[column] ?? null, { kind, dialect, random })
      // A key may come late; in the last row all stand.
      return value === undefined && index < rows.length - 1
        ? []
        : [`${JSON.stringify(names[column])}:${value ?? 'null'}`]
    })
    const start = dialect.varies ? random.integer(members.length) : 0
    return `{${[...members.slice(start), ...members.slice(0, start)].join(', ')}}`
  })
  if (isArray)
    return { text: `[${objects.join(`,${dialect.newline}`)}]\n`, lines: objects.map((_, index) => index + 1) }
  const records: string[] = []
  const lines: number[] = []
  for (const object of objects) {
    if (dialect.blankLines && random.integer(4) === 0) records.push('')
    records.push(object)
    lines.push(records.length)
  }
  return { text: records.join(dialect.newline) + (dialect.endsWithNewline ? dialect.newline : ''), lines }
}

/** Numbers and booleans as such or as texts; undefined where the member may as well be left out. */
function jsonOf(
  cell: Cell,
  {
    kind,
    dialect,
    random,
  }: { readonly kind: Sheet['columns'][number]['kind']; readonly dialect: Dialect; readonly random: Random },
): string | undefined {
  const asText = dialect.varies && random.integer(3) === 0
  if (cell === null) return asText ? JSON.stringify(spellCell(null, kind, { dialect, random })) : undefined
  if (kind === 'number' && !asText) return String(cell)
  if (kind === 'time' && dialect.time.kind === 'numbers' && !asText)
    return spellCell(cell, kind, { dialect: { ...dialect, varies: false }, random })
  const text = spellCell(cell, kind, { dialect, random })
  const isPlain = !asText && dialect.varies
  if (kind === 'category' && isPlain && (text === 'true' || text === 'false')) return text
  if (kind === 'category' && isPlain && /^-?(?:0|[1-9]\d*)(?:\.0)?$/.test(text)) return text
  if (kind === 'id' && isPlain && /^(?:0|[1-9]\d*)$/.test(text)) return text
  return JSON.stringify(text)
}
