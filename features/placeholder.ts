// What a program writes where it knows no id: a page that sends `String(undefined)`, a data frame without a
// value, a database's null, a log's dash. Taken for an id it makes one user of all whom nobody knows, the busiest
// of all, or one item of all that are none.

const WORDS = [
  'undefined',
  'null',
  'nan',
  'none',
  'nil',
  '(null)',
  '(none)',
  '(not set)',
  '<null>',
  '<na>',
  '\\n',
  'n/a',
  '#n/a',
  '-',
  '?',
  '[object object]',
  '[object undefined]',
  '[object null]',
  '00000000-0000-0000-0000-000000000000',
]

const blanks = '[\\t-\\r\\p{Z}\u200B\uFEFF]*'
const escaped = WORDS.map((word) => word.replaceAll(/[\\()[\]/?]/g, '\\$&'))

/** The same as a regular expression that JavaScript and RE2 read alike; to be matched in any letter case. */
export const PLACEHOLDER_PATTERN = `^${blanks}(?:${escaped.join('|')}|)${blanks}$`

const placeholder = new RegExp(PLACEHOLDER_PATTERN, 'iu')

/** Whether a text stands for the want of an id: one of those words, in any letter case, or nothing but blanks. */
export function isPlaceholder(text: string): boolean {
  return placeholder.test(text)
}
