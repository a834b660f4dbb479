// What cells say where a value is missing: the marks of databases, spreadsheets, R, pandas and of people.
import { quoteText } from '../database.ts'

/** In any letter case; a blank cell is missing whatever the marks. */
export const MISSING_MARKS = [
  'NaN',
  '-NaN',
  'NA',
  'N/A',
  '<NA>',
  '#NA',
  '#N/A',
  'None',
  'null',
  '(null)',
  String.raw`\N`,
  '-',
  '?',
] as const

/** Of these, what nobody writes as a text. */
const TEXT_MARKS = ['NaN', '-NaN', '<NA>', '#NA', '#N/A', 'null', '(null)', String.raw`\N`]

/** SQL conditions on the SQL of a trimmed text, which may be null: whether it says that something is missing. */
export interface MarkedMissing {
  /** For numbers and categories. */
  readonly value: (text: string) => string
  /** For free texts. */
  readonly text: (text: string) => string
}

/** @param marks what the source names, for all kinds of cells; the usual ones where absent */
export function markedMissing(marks: readonly string[] | undefined): MarkedMissing {
  return { value: isAmong(marks ?? MISSING_MARKS), text: isAmong(marks ?? TEXT_MARKS) }
}

function isAmong(marks: readonly string[]): (text: string) => string {
  const all = ['', ...marks].map((mark) => quoteText(mark.trim().toLowerCase())).join(', ')
  return (text) => `coalesce(lower(${text}) in (${all}), true)`
}
