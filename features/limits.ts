// How long texts may be and what they may hold, in files and over HTTP alike: what could not be sent to the
// service must not be learned from either, and the other way round. Lengths are in characters, which is to
// say code points, as JSON Schema and SQL count them.
import type { Attributes } from './attributes.ts'

/** Of an event, a user or an item. */
export const ID_LENGTH_MAX = 128
/** Of an attribute. */
export const TEXT_LENGTH_MAX = 10_000
/** Of a property of an event. */
export const PROPERTY_LENGTH_MAX = 1_000
export const PROPERTY_NAME_LENGTH_MAX = 64
/** How many properties an event may have. */
export const PROPERTIES_MAX = 32
/**
 * All attributes of a user or an item together, or all properties of an event, by `attributesBytes`: they go
 * into the database in one statement, and D1 takes 100 KB.
 */
export const ATTRIBUTES_BYTES_MAX = 80_000
/** What a number counts in `attributesBytes`, whatever its digits. */
export const NUMBER_BYTES = 24
/** What an attribute counts beside its name and its value. */
export const MEMBER_BYTES = 4
/** How far ahead of the service's clock a sender's clock may be. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000

/** Whether a text has at most so many characters. */
export function isWithin(text: string, lengthMax: number): boolean {
  if (text.length <= lengthMax) return true
  // No more than two code units a character.
  return text.length <= 2 * lengthMax && Array.from(text).length <= lengthMax
}

/** Whether D1 and JSON keep a text as it is: no lone surrogates, no NUL. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** How much room attributes take in a statement of SQL, about and at the most. */
export function attributesBytes(attributes: Attributes): number {
  return Object.entries(attributes).reduce((sum, [name, value]) => {
    if (value === null) return sum
    return (
      sum + MEMBER_BYTES + textBytes(name) + (typeof value === 'number' ? NUMBER_BYTES : textBytes(value))
    )
  }, 0)
}

/** Of a text as JSON, in UTF-8, with its apostrophes doubled as SQL has them. */
export function textBytes(text: string): number {
  let bytes = 2
  for (const character of text) bytes += characterBytes(character)
  return bytes
}

function characterBytes(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return '\b\t\n\f\r'.includes(character) ? 2 : 6
  if (code < 0x80) return `"\\'`.includes(character) ? 2 : 1
  if (code < 0x800) return 2
  return code < 0x10000 ? 3 : 4
}
