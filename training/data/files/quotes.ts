// Which bytes of a delimited file stand within quotes, as DuckDB takes them: a quote opens where a cell begins, with
// one space before it at the most, and one right after a closing one is a quote as text. Anywhere else, as in
// 5" tv, it opens nothing.

const NEWLINE = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
/** The mark of UTF-8, which may stand before the first cell. */
const MARK = [0xef, 0xbb, 0xbf]

/** What parts cells, and what holds one together; empty where nothing does. */
export interface CellMarks {
  readonly delimiter: string
  readonly quote: string
}

/** Says of one byte after the other whether what follows it stands within quotes. */
export type QuoteScanner = (byte: number) => boolean

/** To be given every byte from the start of a file or of one of its lines on. */
export function createQuoteScanner({ delimiter, quote }: CellMarks): QuoteScanner {
  const [quoteByte] = Buffer.from(quote)
  const delimiterBytes = Buffer.from(delimiter)
  let [isQuoted, mayOpen, isStart, matched, marked] = [false, true, true, 0, 0]
  return (byte) => {
    if (byte === MARK[marked]) {
      marked += 1
      return false
    }
    marked = MARK.length
    if (isQuoted) {
      if (byte === quoteByte) [isQuoted, mayOpen, isStart, matched] = [false, true, false, 0]
      return isQuoted
    }
    if (byte === quoteByte && mayOpen) {
      isQuoted = true
      return true
    }
    matched = byte === delimiterBytes[matched] ? matched + 1 : byte === delimiterBytes[0] ? 1 : 0
    const isDelimiter = matched > 0 && matched === delimiterBytes.length
    if (isDelimiter) matched = 0
    const begins = isDelimiter || byte === NEWLINE || byte === RETURN
    mayOpen = begins || (isStart && byte === SPACE)
    isStart = begins
    return false
  }
}
