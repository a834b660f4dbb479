// SQL for the limits of features/limits.ts: what a file holds beyond them could not be sent to the service, and
// could not be put into its database.
import { ATTRIBUTES_BYTES_MAX, ID_LENGTH_MAX, MEMBER_BYTES, textBytes } from '../../../features/limits.ts'
import { PLACEHOLDER_PATTERN } from '../../../features/placeholder.ts'
import { quoteText } from '../database.ts'
import type { Check } from './row-checks.ts'

/** A value that was read, and what stands in the cell. */
export interface CheckedText {
  readonly field: string
  /** SQL; null where there is none. */
  readonly text: string
  /** SQL, for the message. */
  readonly found: string
}

/** An id, of whatever. */
export function idLimits(id: CheckedText): Check[] {
  return textLimits(id, { what: 'an id', lengthMax: ID_LENGTH_MAX })
}

/** A text that is not longer than so many characters, and that databases and JSON keep as it is. */
export function textLimits(
  { field, text, found }: CheckedText,
  { what = 'a text', lengthMax }: { readonly what?: string; readonly lengthMax: number },
): Check[] {
  return [
    {
      field,
      expected: `${what} of at most ${lengthMax} characters`,
      bad: `length(${text}) > ${lengthMax}`,
      found,
    },
    {
      field,
      expected: `${what} without a NUL character`,
      bad: `contains(${text}, chr(0))`,
      found: `replace(${found}, chr(0), '\u2400')`,
    },
  ]
}

/** What is expected of the id of a user or of an item. */
export const NOT_A_PLACEHOLDER = {
  user: 'the id of a user, not a word for the want of one',
  item: 'the id of an item, not a word for the want of one',
}

/**
 * A user who is somebody, an item that is one. The same words are refused over HTTP: of all whom nobody knows they would make the one
 * user with the longest history, from whom the model then learns most. So such rows are bad rows, which are
 * left out only where whoever reads the file says so.
 */
export function placeholderCheck(
  { field, text, found }: CheckedText,
  whose: keyof typeof NOT_A_PLACEHOLDER,
): Check {
  return { field, expected: NOT_A_PLACEHOLDER[whose], bad: isPlaceholder(text), found }
}

/** SQL: whether a text stands for the want of an id. */
export function isPlaceholder(text: string): string {
  return `regexp_matches(${text}, ${quoteText(PLACEHOLDER_PATTERN)}, 'i')`
}

/** An attribute that was read: SQL of its value, null where it is missing. */
export interface ReadAttribute {
  readonly name: string
  readonly value: string
  /** What a value takes at the most, whatever it is; of a text it is counted where absent. */
  readonly bytes?: number
}

/** SQL of a sum of any number of terms: one within the other they would lie too deep for DuckDB. */
function sumOf(terms: readonly string[]): string {
  return `list_sum([${['0', ...terms].join(', ')}])`
}

/** Attributes that are each short enough may be too much together: `attributesBytes` in SQL. */
export function bytesChecks(attributes: readonly ReadAttribute[], lengthMax: number): Check[] {
  const texts = attributes.filter(({ bytes }) => bytes === undefined)
  const constant = attributes.reduce(
    (sum, { name, bytes = 2 }) => sum + MEMBER_BYTES + textBytes(name) + bytes,
    0,
  )
  // No character takes more than six bytes as JSON, nor more than six times its own.
  if (constant + texts.length * 6 * lengthMax <= ATTRIBUTES_BYTES_MAX) return []
  const lengths = texts.map(({ value }) => `coalesce(strlen(${value}), 0)`)
  const mayExceed = `${constant} + 6 * ${sumOf(lengths)} > ${ATTRIBUTES_BYTES_MAX}`
  const exact = attributes.map(({ name, value, bytes: known }) => {
    const taken = MEMBER_BYTES + textBytes(name)
    const ofValue =
      known?.toString() ??
      `strlen(to_json(${value})::varchar) + strlen(${value}) - strlen(replace(${value}, '''', ''))`
    return `case when ${value} is null then 0 else ${taken} + ${ofValue} end`
  })
  const bytes = sumOf(exact)
  return [
    {
      field: texts[0]?.name ?? attributes[0]?.name ?? '',
      expected: `attributes of at most ${ATTRIBUTES_BYTES_MAX} bytes with the others of its row`,
      bad: `(${mayExceed} and ${bytes} > ${ATTRIBUTES_BYTES_MAX})`,
      found: `(${bytes})::varchar`,
    },
  ]
}
