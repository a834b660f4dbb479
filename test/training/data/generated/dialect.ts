// How a file may be written. What a dialect does not need stays as it is in the plainest one, towards which
// counterexamples shrink.
import * as fc from 'fast-check'
import type { TimeForm } from './spell-time.ts'
import { timeForm } from './spell-time.ts'

export interface Dialect {
  /** Of what is drawn cell by cell. */
  readonly seed: number
  readonly format: 'delimited' | 'ndjson' | 'array' | 'parquet'
  readonly delimiter: ',' | ';' | '\t' | '|' | ' ' | '~'
  /** Whether the source names the delimiter; the file shows it where not. */
  readonly saysDelimiter: boolean
  readonly isQuotedThroughout: boolean
  /** Ends in .tsv, in which quotes are text unless the source says else. */
  readonly ending: 'csv' | 'tsv' | 'txt'
  readonly header: 'asAsked' | 'otherCase' | 'none'
  readonly encoding: 'utf-8' | 'marked' | 'utf-16' | 'utf-16be' | 'utf-16 unmarked' | 'latin-1'
  readonly newline: '\n' | '\r\n' | '\r'
  readonly endsWithNewline: boolean
  readonly isSepLine: boolean
  readonly skipLines: number
  /** Columns that nobody asks for. */
  readonly extra: readonly ('nameless' | 'repeated' | 'last')[]
  readonly blankLines: boolean
  readonly gzip: boolean
  /** Files that the rows are dealt to, one after the other. */
  readonly parts: number
  readonly partsAs: 'folder' | 'pattern' | 'list'
  readonly missing: readonly string[] | undefined
  readonly numbers: { readonly decimal?: ','; readonly thousands?: string }
  /** Writes values in several ways, each of which means the same. */
  readonly varies: boolean
  readonly time: TimeForm
  readonly timeZone: string | undefined
}

function mostly<Value>(usual: Value, ...others: Value[]): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  )
}

export const dialect: fc.Arbitrary<Dialect> = fc.record({
  seed: fc.nat(),
  format: fc.oneof(
    { weight: 6, arbitrary: fc.constant('delimited' as const) },
    { weight: 3, arbitrary: fc.constantFrom('ndjson' as const, 'array' as const) },
    { weight: 2, arbitrary: fc.constant('parquet' as const) },
  ),
  delimiter: mostly<Dialect['delimiter']>(',', ';', '\t', '|', ' ', '~'),
  saysDelimiter: mostly(false, true),
  isQuotedThroughout: mostly(false, true),
  ending: mostly<Dialect['ending']>('csv', 'tsv', 'txt'),
  header: mostly<Dialect['header']>('asAsked', 'otherCase', 'none'),
  encoding: mostly<Dialect['encoding']>(
    'utf-8',
    'marked',
    'utf-16',
    'utf-16be',
    'utf-16 unmarked',
    'latin-1',
  ),
  newline: mostly<Dialect['newline']>('\n', '\r\n', '\r'),
  endsWithNewline: mostly(true, false),
  isSepLine: mostly(false, false, true),
  skipLines: mostly(0, 0, 1, 3),
  extra: mostly<Dialect['extra']>([], ['nameless'], ['repeated'], ['last'], ['nameless', 'repeated', 'last']),
  blankLines: mostly(false, false, true),
  gzip: mostly(false, false, true),
  parts: mostly(1, 1, 2, 3),
  partsAs: fc.constantFrom('folder', 'pattern', 'list'),
  missing: mostly<Dialect['missing']>(undefined, ['-9999', 'n.a.'], [], ['Unknown']),
  numbers: mostly<Dialect['numbers']>(
    {},
    { decimal: ',' },
    { decimal: ',', thousands: '.' },
    { thousands: ',' },
    { thousands: ' ' },
    { thousands: "'" },
  ),
  varies: mostly(false, true),
  time: timeForm,
  timeZone: mostly<Dialect['timeZone']>(
    undefined,
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'UTC',
  ),
})
