// SQL for what the cell of a file holds: a text, a category, a number, an id; or nothing, where it says that a
// value is missing.
import { missingMarks } from '../../../features/missing.ts'
import type { Reading } from '../../../features/source.ts'
import { BLANKS } from '../../../features/spelling.ts'
import { bindBy } from './bind.ts'
import type { Keep } from './bind.ts'
import { call } from './call.ts'
import { quoteText } from '../database.ts'

/** SQL from the SQL of a cell and the length of the vector that it is to hold. */
interface VectorValues {
  /** The vector, packed; null where the cell is missing or holds none. */
  readonly vectorOf: (expression: string, length: number) => string
  /** What is wrong with the cell, in a few words; null where nothing is. */
  readonly vectorFaultOf: (expression: string, length: number) => string
}

/** SQL from the SQL of a cell. */
export interface Values extends VectorValues {
  /** What stands there, for messages; null where it is empty or cannot be computed for the row. */
  readonly foundOf: (expression: string) => string
  /** A cell's text without blanks around it; null where it is missing, or on a condition on which it is not needed. */
  readonly presentOf: (expression: string, unless?: string) => string
  /** A free text, as it stands; null where it is missing. A text may be a dash or the word None. */
  readonly textOf: (expression: string) => string
  /** A value of a category, whole numbers and booleans in their one spelling; null where it is missing. */
  readonly categoryOf: (expression: string) => string
  /** Likewise, but a mark of what is missing stands as it is. */
  readonly spelledOf: (expression: string) => string
  /** Null where the cell is missing or no number. NaN and infinities pass. */
  readonly numberOf: (expression: string) => string
  /** Null where it is blank. What a type of numbers spells 12.0 is 12; texts are taken as they stand. */
  readonly idOf: (expression: string) => string
  /** Whether a cell may be of an id that its type has rounded. */
  readonly isRounded: (expression: string) => string
}

/** The largest whole number up to which a type holds each. */
const EXACT_MAX: Readonly<Record<string, number>> = { DOUBLE: 2 ** 53, FLOAT: 2 ** 24 }

const BOOLEANS = ['true', 'false']
/** Texts around which there are no blanks. */
const PLAIN_ID = '[!-~]+'
/** Words that spell no number, and whole numbers. */
const PLAIN_WORD = '[A-Za-z_]+|0|[1-9][0-9]*'
const PLAIN_NUMBER = '[0-9][!-~]*'

export interface ValueOptions {
  /** Where values stand that are used often; within the expression where absent. */
  readonly keep?: Keep | undefined
  /** The type of what an expression gives, where that is known: SQL that looks is longer. */
  readonly typeOf?: ((expression: string) => string | undefined) | undefined
}

export function valuesOf(reading: Reading, { keep, typeOf = () => undefined }: ValueOptions = {}): Values {
  const marks = missingMarks(reading.missing)
  const bind = bindBy(keep)
  const parts: CellParts = { typeOf }
  const presentOf: Values['presentOf'] = (expression, unless) =>
    plainOr(parts, { expression, pattern: PLAIN_NUMBER, but: marks.value, unless }, () =>
      call('present', foundOf(parts, expression), marks.value.join('\n')),
    )
  const values: Omit<Values, keyof VectorValues> = {
    foundOf: (expression) => foundOf(parts, expression),
    presentOf,
    textOf: (expression) =>
      bind({ value: foundOf(parts, expression), name: 'text' }, (text) => {
        const run = `[!-~]{${1 + Math.max(...marks.text.map((mark) => mark.length))}}`
        const isMark = `${call('missing', text, marks.text.join('\n'))} = 1`
        return `case when regexp_matches(${text}, '${run}') or not ${isMark} then ${text} end`
      }),
    categoryOf: (expression) =>
      plainOr(parts, { expression, pattern: PLAIN_WORD, but: [...marks.value, ...BOOLEANS] }, () =>
        call('category', plainText(parts, expression), marks.value.join('\n')),
      ),
    spelledOf: (expression) =>
      plainOr(parts, { expression, pattern: PLAIN_WORD, but: BOOLEANS }, () =>
        call('spell', plainText(parts, expression)),
      ),
    numberOf: (expression) =>
      bind(
        { value: presentOf(expression), name: 'number' },
        (text) =>
          `try_cast(${plainNumber(text, { reading, isText: isOfType(parts, expression, ['VARCHAR']) })} as double)`,
      ),
    idOf: (expression) =>
      plainOr(parts, { expression, pattern: PLAIN_ID, but: [] }, () => {
        const text = plainText(parts, expression)
        const isNumber = isOfType(parts, expression, Object.keys(EXACT_MAX))
        const asText = `nullif(trim(${text}, ${quoteText(BLANKS)}), '')`
        return isNumber === 'false'
          ? asText
          : `case when ${isNumber} then ${call('spell', text)} else ${asText} end`
      }),
    isRounded: (expression) => {
      const types = Object.entries(EXACT_MAX)
      const known = typeOf(expression)
      if (known !== undefined && EXACT_MAX[known] === undefined) return 'false'
      const max = types.map(([type, exactMax]) => `when '${type}' then ${exactMax}`)
      return `coalesce(abs(try_cast(try(${expression}) as double)) >= case typeof(try(${expression}))
        ${max.join(' ')} end, false)`
    },
  }
  if (keep === undefined) return { ...values, ...vectorValues(presentOf, (sql) => sql) }
  const kept = Object.entries(values).map(
    ([name, valueOf]: [string, (typeof values)[keyof typeof values]]) => [
      name,
      (expression: string, unless?: string) => keep(valueOf(expression, unless)),
    ],
  )
  const all = Object.fromEntries(kept) as typeof values
  return { ...all, foundOf: values.foundOf, ...vectorValues(all.presentOf, keep) }
}

function vectorValues(presentOf: Values['presentOf'], keep: Keep): VectorValues {
  const named = (name: 'vector' | 'vector_fault') => (expression: string, length: number) =>
    keep(call(name, presentOf(expression), String(length)))
  return { vectorOf: named('vector'), vectorFaultOf: named('vector_fault') }
}

interface CellParts {
  readonly typeOf: (expression: string) => string | undefined
}

/** SQL: whether what an expression gives is of one of these types; 'true' or 'false' where that is known. */
function isOfType({ typeOf }: CellParts, expression: string, types: readonly string[]): string {
  const known = typeOf(expression)
  if (known !== undefined) return String(types.includes(known))
  return `typeof(try(${expression})) in (${types.map(quoteText).join(', ')})`
}

interface PlainCell {
  readonly expression: string
  readonly pattern: string
  /** Texts that are not plain though they fit the pattern. */
  readonly but: readonly string[]
  /** On which nobody asks for it. */
  readonly unless?: string | undefined
}

/**
 * The cell of a column as it stands where it is a text that is plain, as nearly all are; else `otherwise`, which
 * costs several times as much and would give the same.
 */
function plainOr(
  { typeOf }: CellParts,
  { expression, pattern, but, unless }: PlainCell,
  otherwise: () => string,
): string {
  if (typeOf(expression) !== 'VARCHAR') return otherwise()
  const fits = new RegExp(`^(?:${pattern})$`)
  const marks = but.filter((mark) => fits.test(mark))
  const longest = Math.max(0, ...marks.map((mark) => mark.length))
  const isOther =
    marks.length === 0 ? '' : ` and (strlen(${expression}) > ${longest} or not ${isAmong(expression, marks)})`
  const isPlain = `regexp_full_match(${expression}, '${pattern}')${isOther}`
  const rest = `when ${isPlain} then ${expression} else ${otherwise()} end`
  return unless === undefined ? `case ${rest}` : `case when ${unless} then null ${rest}`
}

function foundOf({ typeOf }: CellParts, expression: string): string {
  return typeOf(expression) === 'VARCHAR'
    ? `nullif(${expression}, '')`
    : `nullif(try((${expression})::varchar), '')`
}

/** SQL: whether a text is one of these in any letter case. */
function isAmong(text: string, marks: readonly string[]): string {
  // DuckDB makes a join of a long list behind IN, one for each cell.
  return `list_contains([${marks.map(quoteText).join(', ')}], lower(${text}))`
}

/** A cell's text; of a DECIMAL without the zeros that only its type asks for. */
function plainText(parts: CellParts, expression: string): string {
  const known = parts.typeOf(expression)
  const text = foundOf(parts, expression)
  if (known !== undefined && !known.startsWith('DECIMAL')) return text
  return `case when typeof(try(${expression})) like 'DECIMAL%' and contains(${text}, '.')
    then rtrim(rtrim(${text}, '0'), '.') else ${text} end`
}

/** A number as DuckDB casts it, from a text with the marks that the source names; null where it is none. */
function plainNumber(
  text: string,
  { reading: { decimal = '.', thousands }, isText }: { readonly reading: Reading; readonly isText: string },
): string {
  // DuckDB casts 1_000 too, which nobody else takes for a number.
  if (decimal === '.' && thousands === undefined)
    return `case when not contains(${text}, '_') then ${text} end`
  const mark =
    thousands === ' ' ? '[ \u00a0\u202f]' : thousands === undefined ? undefined : escapePattern(thousands)
  const integer = mark === undefined ? '[0-9]+' : `(?:[0-9]{1,3}(?:${mark}[0-9]{2,3})*${mark}[0-9]{3}|[0-9]+)`
  const shape = quoteText(`[+-]?${integer}(?:${escapePattern(decimal)}[0-9]*)?(?:[eE][+-]?[0-9]+)?`)
  const digits = mark === undefined ? text : `regexp_replace(${text}, ${quoteText(mark)}, '', 'g')`
  // A number that a file holds as a number has a point, whatever its texts have.
  return `case when not ${isText} then ${text}
    when regexp_full_match(${text}, ${shape}) then replace(${digits}, ${quoteText(decimal)}, '.') end`
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}
