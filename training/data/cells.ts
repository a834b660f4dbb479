// SQL for what the cells of a file mean, by how its text is read: values, times, ids, and attributes gathered
// into one JSON object.
import type { Attribute } from '../../features/project.ts'
import type { Reading } from '../../features/source.ts'
import { quoteName, quoteText } from './database.ts'
import type { Database } from './database.ts'
import type { RawTable } from './raw-table.ts'
import type { Check } from './row-checks.ts'
import { timesOf } from './times.ts'
import type { Times } from './times.ts'
import { valuesOf } from './values.ts'
import type { Values } from './values.ts'

/** Declared attributes, by name. */
export type Declarations = Readonly<Record<string, Attribute>>
/** SQL by name. */
export type Expressions = Readonly<Record<string, string>>

const ID_LENGTH_MAX = 128
/** As the service takes them: what could not be put there must not be learned from either. */
const TEXT_LENGTH_MAX = 10_000
/** All attributes of a row together: they go into the database in one statement, and D1 takes 100 KB. */
const ATTRIBUTES_BYTES_MAX = 80_000

/** SQL for the cells of one file, by how its text is read. */
export interface Cells extends Values, Times {
  /** An id that must be there. */
  readonly idChecks: (field: string, expression: string) => Check[]
  /** An id that may be missing. */
  readonly idLengthCheck: (field: string, expression: string) => Check
  /** SQL of a JSON object with the attributes, numbers as numbers, and the checks of numbers and of lengths. */
  readonly attributesOf: (
    declared: Declarations,
    expressions: Expressions,
  ) => { readonly json: string; readonly checks: readonly Check[] }
}

export function cellsOf(reading: Reading = {}): Cells {
  const values = valuesOf(reading)
  const { foundOf, idOf } = values
  const idLengthCheck = (field: string, expression: string): Check => {
    const expected = `an id of at most ${ID_LENGTH_MAX} characters`
    return {
      field,
      expected,
      bad: `length(${idOf(expression)}) > ${ID_LENGTH_MAX}`,
      found: foundOf(expression),
    }
  }
  return {
    ...values,
    ...timesOf(values),
    idLengthCheck,
    idChecks: (field, expression) => [
      { field, expected: 'an id', bad: `${idOf(expression)} is null`, found: foundOf(expression) },
      idLengthCheck(field, expression),
    ],
    attributesOf: (declared, expressions) => readAttributes(values, { declared, expressions }),
  }
}

function readAttributes(
  { textOf, numberOf, foundOf, presentOf }: Values,
  { declared, expressions }: { readonly declared: Declarations; readonly expressions: Expressions },
): { readonly json: string; readonly checks: readonly Check[] } {
  const read = Object.entries(expressions).flatMap(([name, expression]) => {
    const attribute = declared[name]
    return attribute === undefined ? [] : [{ name, expression, isNumber: attribute.kind === 'number' }]
  })
  const pairs = read.map(
    ({ name, expression, isNumber }) =>
      `${quoteText(name)}, ${isNumber ? numberOf(expression) : textOf(expression)}`,
  )
  const checks = read.map(({ name, expression, isNumber }): Check => {
    const found = foundOf(expression)
    if (!isNumber) {
      const expected = `a text of at most ${TEXT_LENGTH_MAX} characters`
      return { field: name, expected, bad: `length(${found}) > ${TEXT_LENGTH_MAX}`, found }
    }
    return {
      field: name,
      expected: 'a number',
      bad: `${presentOf(expression)} is not null and not coalesce(isfinite(${numberOf(expression)}), false)`,
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
  { raw, nested, required }: { readonly raw: RawTable; readonly nested: string; readonly required: boolean },
): Expressions {
  const entries = Object.keys(declared).flatMap((name) => {
    if (raw.columns.includes(name)) return [[name, quoteName(name)]]
    if (raw.columns.includes(nested)) {
      return [[name, memberOf(quoteName(nested), name)]]
    }
    return required && raw.file.kind !== 'ndjson' ? [[name, quoteName(name)]] : []
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
