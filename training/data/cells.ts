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
  return [
    { field, expected: 'an id', bad: `${found} is null`, found },
    {
      field,
      expected: `an id of at most ${ID_LENGTH_MAX} characters`,
      bad: `length(${found}) > ${ID_LENGTH_MAX}`,
      found,
    },
  ]
}

/** SQL of a JSON object with the attributes, numbers as numbers, and the checks of the numbers. */
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
  const checks = read
    .filter(({ isNumber }) => isNumber)
    .map(({ name, expression }): Check => {
      const number = numberOf(presentOf(expression))
      return {
        field: name,
        expected: 'a number',
        bad: `${presentOf(expression)} is not null and not coalesce(isfinite(${number}), false)`,
        found: textOf(expression),
      }
    })
  return { json: pairs.length === 0 ? `'{}'` : `json_object(${pairs.join(', ')})::varchar`, checks }
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

/** A cell's text, without the usual marks of a missing number. */
function presentOf(expression: string): string {
  const trimmed = `trim(${textOf(expression)})`
  return `case when upper(${trimmed}) not in ('', 'NA', 'N/A', 'NULL') then ${trimmed} end`
}
