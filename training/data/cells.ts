// SQL for what cells mean: texts, numbers, ids, and attributes gathered into one JSON object.
import type { Attribute } from '../../features/project.ts'
import { quoteName, quoteText } from './database.ts'
import type { Database } from './database.ts'
import type { RawTable } from './raw-table.ts'
import type { Check } from './row-checks.ts'

/** Declared attributes, by name. */
export type Declarations = Readonly<Record<string, Attribute>>
/** SQL by name. */
export type Expressions = Readonly<Record<string, string>>

const ID_LENGTH_MAX = 128
/** As the service takes them: what could not be put there must not be learned from either. */
const TEXT_LENGTH_MAX = 10_000
/** All attributes of a row together: they go into the database in one statement, and D1 takes 100 KB. */
const ATTRIBUTES_BYTES_MAX = 80_000

/** An expression's text; null where it is empty or cannot be computed for a row. */
export function textOf(expression: string): string {
  return `nullif(try((${expression})::varchar), '')`
}

/** An expression as a number; null where it is not one. NaN and infinities pass. */
export function numberOf(expression: string): string {
  return `try_cast(${textOf(expression)} as double)`
}

/** An id that must be there. */
export function idChecks(field: string, expression: string): Check[] {
  const found = textOf(expression)
  return [{ field, expected: 'an id', bad: `${found} is null`, found }, idLengthCheck(field, expression)]
}

/** An id that may be missing. */
export function idLengthCheck(field: string, expression: string): Check {
  const found = textOf(expression)
  const expected = `an id of at most ${ID_LENGTH_MAX} characters`
  return { field, expected, bad: `length(${found}) > ${ID_LENGTH_MAX}`, found }
}

/** SQL of a JSON object with the attributes, numbers as numbers, and the checks of numbers and of lengths. */
export function attributesOf(
  declared: Declarations,
  expressions: Expressions,
): { readonly json: string; readonly checks: readonly Check[] } {
  const read = Object.entries(expressions).flatMap(([name, expression]) => {
    const attribute = declared[name]
    return attribute === undefined ? [] : [{ name, expression, isNumber: attribute.kind === 'number' }]
  })
  const pairs = read.map(
    ({ name, expression, isNumber }) =>
      `${quoteText(name)}, ${isNumber ? numberOf(presentOf(expression)) : textOf(expression)}`,
  )
  const checks = read.map(({ name, expression, isNumber }): Check => {
    const found = textOf(expression)
    if (!isNumber) {
      const expected = `a text of at most ${TEXT_LENGTH_MAX} characters`
      return { field: name, expected, bad: `length(${found}) > ${TEXT_LENGTH_MAX}`, found }
    }
    const number = numberOf(presentOf(expression))
    return {
      field: name,
      expected: 'a number',
      bad: `${presentOf(expression)} is not null and not coalesce(isfinite(${number}), false)`,
      found,
    }
  })
  const json = pairs.length === 0 ? `'{}'` : `json_object(${pairs.join(', ')})::varchar`
  const texts = read.filter(({ isNumber }) => !isNumber)
  if (texts.length > 1) checks.push(wholeCheck(json, texts[0]?.name ?? ''))
  return { json, checks }
}

/** Attributes that are each short enough may be too much together. */
function wholeCheck(json: string, field: string): Check {
  const expected = `attributes of at most ${ATTRIBUTES_BYTES_MAX} bytes with the others of its row`
  return { field, expected, bad: `strlen(${json}) > ${ATTRIBUTES_BYTES_MAX}`, found: `strlen(${json})` }
}

/** A member of a JSON object as text; null where there is none. */
export function memberOf(json: string, name: string): string {
  return `json_extract_string(${json}, ${quoteText(`$."${name}"`)})`
}

/** Where attributes stand when no mapping says so: columns of their names, or members of one JSON column. */
export function standardExpressions(
  declared: Declarations,
  {
    raw,
    nested,
    required,
    mapped = {},
  }: {
    readonly raw: RawTable
    readonly nested: string
    readonly required: boolean
    /** Those that a mapping names. */
    readonly mapped?: Expressions | undefined
  },
): Expressions {
  const entries = Object.keys(declared).flatMap((name) => {
    if (mapped[name] !== undefined) return [[name, mapped[name]]]
    if (raw.columns.includes(name)) return [[name, quoteName(name)]]
    if (raw.columns.includes(nested)) {
      return [[name, memberOf(quoteName(nested), name)]]
    }
    return required && !raw.files.some(({ file }) => file.kind === 'ndjson') ? [[name, quoteName(name)]] : []
  })
  return Object.fromEntries(entries)
}

/** The name of a column that one of these expressions uses and the file does not have. */
export async function findMissingColumn(
  database: Database,
  { raw, expressions }: { readonly raw: RawTable; readonly expressions: readonly string[] },
): Promise<string | undefined> {
  for (const expression of expressions) {
    try {
      await database.all(`select ${expression} from ${raw.table} limit 0`)
    } catch (error) {
      const name = /Referenced column "(.*?)" not found/.exec(String(error))?.[1]
      if (name === undefined) throw error
      return name
    }
  }
  return undefined
}

/** A cell's text, without the usual marks of a missing number. */
function presentOf(expression: string): string {
  const trimmed = `trim(${textOf(expression)})`
  return `case when upper(${trimmed}) not in ('', 'NA', 'N/A', 'NULL') then ${trimmed} end`
}
