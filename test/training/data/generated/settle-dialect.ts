// What of a dialect fits a sheet: a text with tabs in it needs quotes, one with letters of all the world no
// Latin-1. And what the source must then say of how the file is read.
import { createRandom } from '../../../../features/random.ts'
import type { Reading } from '../../../../features/source.ts'
import type { Dialect } from './dialect.ts'
import type { Sheet } from './sheet.ts'

export interface SettledDialect {
  readonly dialect: Dialect
  /** Empty where quotes are text. */
  readonly quote: string
  /** As the file writes the columns. */
  readonly names: readonly string[]
  readonly reading: Reading
  /** What the refusal of a file may say that does not show how it is written. */
  readonly mayRefuse: readonly RegExp[]
}

export function settleDialect(drawn: Dialect, sheet: Pick<Sheet, 'columns' | 'rows'>): SettledDialect {
  const parts =
    drawn.format === 'delimited' ? drawn.parts : Math.min(drawn.parts, Math.max(1, sheet.rows.length))
  const isText = drawn.format === 'delimited'
  const names = namesOf(sheet, drawn)
  const said = [...names, ...sheet.rows.flatMap(({ cells }) => cells.map((cell) => String(cell ?? '')))]
  const encoding = encodingOf(drawn, said)
  const header = isText ? drawn.header : 'asAsked'
  const isTabbed = drawn.ending === 'tsv'
  const breaks = said.some((text) => /[\r\n"]/.test(text) || text.includes(drawn.delimiter))
  const isPlain = isTabbed && drawn.delimiter === '\t'
  const quote = isPlain && !drawn.isQuotedThroughout && !breaks && drawn.extra.length === 0 ? '' : '"'
  // Without a header a comma in every time looks like a delimiter.
  const isLikeAnother = header === 'none' && drawn.time.kind === 'formed' && drawn.time.format.includes(',')
  const isHidden =
    drawn.delimiter === '~' || isLikeAnother || (drawn.delimiter === ' ' && (parts > 1 || header === 'none'))
  const saysDelimiter = drawn.saysDelimiter || isHidden
  const dialect = {
    ...drawn,
    parts,
    encoding,
    header,
    isSepLine: drawn.isSepLine && isText && drawn.delimiter !== '~',
  }
  const { missing, numbers, timeZone, time } = drawn
  const reading: Reading = {
    ...(isText && saysDelimiter && { delimiter: drawn.delimiter }),
    ...(isText && isTabbed && quote !== '' && { quote }),
    ...(header === 'none' && { columns: names }),
    ...(isText && drawn.skipLines > 0 && { skipLines: drawn.skipLines }),
    ...(encoding === 'latin-1' && { encoding: 'latin-1' as const }),
    ...(encoding === 'utf-16 unmarked' && { encoding: 'utf-16' as const }),
    ...(missing !== undefined && { missing }),
    ...numbers,
    ...(timeZone !== undefined && { timeZone }),
    ...(time.kind === 'formed' && { timeFormat: time.format }),
  }
  const isMarked = numbers.decimal !== undefined || numbers.thousands !== undefined
  const mayRefuse = [
    ...(isText && !saysDelimiter ? HIDDEN_DELIMITER : []),
    ...(!isText && isMarked ? [/its numbers have a point/] : []),
    // A key that no line has, and whose name reads as an expression over others.
    ...(!isText && hasEmptyColumn(sheet) ? [/no column '/] : []),
    // Of several types in one column one may be too coarse for the others.
    ...(drawn.format === 'parquet' && parts > 1 ? [/which rounds numbers/] : []),
  ]
  return { dialect, quote, names, reading, mayRefuse }
}

function hasEmptyColumn({ columns, rows }: Pick<Sheet, 'columns' | 'rows'>): boolean {
  return columns.some(
    ({ name }, column) => !/^\w+$/.test(name) && rows.every(({ cells }) => (cells[column] ?? null) === null),
  )
}

const HIDDEN_DELIMITER = [/no column '/, /\d+ cells, found '\d+ cells'/, /the delimiter/]

function namesOf({ columns }: Pick<Sheet, 'columns'>, { header, seed }: Dialect): string[] {
  const random = createRandom(seed).fork('names')
  return columns.map(({ name }) => {
    if (header !== 'otherCase') return name
    const other = random.integer(2) === 0 ? name.toUpperCase() : name.toLowerCase()
    return other.toLowerCase() === name.toLowerCase() ? other : name
  })
}

function encodingOf({ encoding, format }: Dialect, said: readonly string[]): Dialect['encoding'] {
  if (format === 'parquet') return 'utf-8'
  const isLatin = said.every((text) => /^[\t\n\r\u0020-\u007E\u00A0-\u00FF]*$/.test(text))
  return encoding === 'latin-1' && !isLatin ? 'utf-8' : encoding
}
