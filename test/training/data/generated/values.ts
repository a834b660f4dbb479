// Values that files are made of: ids, categories, numbers, texts and moments, ordinary ones and those that have
// been read otherwise before.
import * as fc from 'fast-check'
import { isPlaceholder } from '../../../../features/placeholder.ts'
import { spellCategory } from '../../../../features/spelling.ts'

/** Later than every moment of the truth. */
export const NOW_MS = Date.UTC(2026, 0, 1)
const FIRST_MS = Date.UTC(1998, 0, 1)

const ODD = [
  '"',
  '""',
  "'",
  ',',
  ';',
  '\t',
  '|',
  ' ',
  '\n',
  '\r\n',
  '\r',
  '\\',
  '\\n',
  '{',
  '[',
  '%',
  '#',
  '=',
]
const letters = fc.string({
  unit: fc.constantFrom(...Array.from('abcxyzABZ0189-_.é ßü½ÿ')),
  minLength: 1,
  maxLength: 6,
})
const wide = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 })
const odd = fc.string({ unit: fc.constantFrom('a', '1', ...ODD), minLength: 1, maxLength: 8 })
/** Databases and JSON keep it. */
const isKept = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** A free text, of which something can be seen. */
export const freeText = fc
  .oneof(
    { weight: 4, arbitrary: letters },
    { weight: 2, arbitrary: odd },
    { weight: 1, arbitrary: wide },
    {
      weight: 1,
      arbitrary: fc.constantFrom('None', '-', 'NA', 'null', 'NaN', 'true', '12.0', ' a ', '=1+1'),
    },
  )
  .filter((text) => isKept(text) && text.trim() !== '')

/** A category in its one spelling. */
export const categoryValue = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom('red', 'Red', 'green', 'café', 'a b', 'New York, NY') },
    { weight: 2, arbitrary: fc.constantFrom('true', 'false') },
    { weight: 2, arbitrary: fc.integer({ min: -20, max: 300 }).map(String) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('007', '1.10', '12e4', 'NA', '-', 'yes', '9007199254740993', '1e5'),
    },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: wide },
  )
  .filter((text) => isKept(text) && text.trim() === text && text !== '' && spellCategory(text) === text)

export const numberValue = fc
  .oneof(
    { weight: 3, arbitrary: fc.integer({ min: -1000, max: 100_000 }) },
    { weight: 2, arbitrary: fc.integer({ min: -400, max: 400 }).map((quarters) => quarters / 4) },
    { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1e21, -1e-7, 1_234_567.891, 0.1, 2 ** 53) },
  )
  .map((number) => number + 0 || 0)

/** Of an event: at most 1e12. */
export const eventValue = numberValue.filter((number) => Math.abs(number) <= 1e12)

const idText = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom('ann', 'bob', 'u1', 'u2', 'U1', '17', '18', '00123', '123') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('12.0', '1e3', 'a b', 'a@b.c', '12345678901234567890', 'é', 'NA'),
    },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: wide },
  )
  .filter((text) => isKept(text) && text.trim() === text && !isPlaceholder(text))

export const userId = idText
export const itemId = idText

/** Unix milliseconds; most are whole seconds, as those of logs are. */
export const moment = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: FIRST_MS / 1000, max: NOW_MS / 1000 - 1 }).map((s) => s * 1000) },
  { weight: 1, arbitrary: fc.integer({ min: FIRST_MS, max: NOW_MS - 1 }) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: FIRST_MS / 864e5, max: NOW_MS / 864e5 - 1 }).map((d) => d * 864e5),
  },
)

const ATTRIBUTE_NAMES = [
  'age',
  'plan',
  'Country',
  'last visit',
  'a.b',
  'größe',
  "it's",
  'select',
  'x',
  'y1',
  'sum(x)',
  'naïve "q"',
  '$.a',
  'a/b~c',
  '\\n',
  'née, so',
  '100%',
  '日本',
]
/** Names that differ in more than letter case. */
export const attributeNames = (range: { minLength: number; maxLength: number }): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...ATTRIBUTE_NAMES), range)
