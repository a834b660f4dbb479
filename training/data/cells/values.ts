// SQL for what the cell of a file holds: a text, a category, a number, an id; or nothing, where it says that a
// value is missing.
import { missingMarks } from '../../../features/missing.ts'
import type { Reading } from '../../../features/source.ts'
import { BLANKS, SCIENTIFIC_PATTERN } from '../../../features/spelling.ts'
import { bind } from './bind.ts'
import { quoteText } from '../database.ts'

/** SQL from the SQL of a cell. */
export interface Values {
  /** What stands there, for messages; null where it is empty or cannot be computed for the row. */
  readonly foundOf: (expression: string) => string
  /** A cell's text without blanks around it; null where it is missing. */
  readonly presentOf: (expression: string) => string
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

const NUMBERS_AFTER_POINT = "('DOUBLE', 'FLOAT')"
/** The largest whole number up to which a type holds each. */
const EXACT_MAX = { DOUBLE: 2 ** 53, FLOAT: 2 ** 24 }

const BOOLEANS = ['true', 'false']
const COLUMN_NAME = /^"(?:[^"]|"")+"$/
/** Texts around which there are no blanks. */
const PLAIN_ID = '[!-~]+'
/** Words that spell no number. */
const PLAIN_WORD = '[A-Za-z_]+'
const PLAIN_NUMBER = '[0-9][!-~]*'

export function valuesOf(reading: Reading): Values {
  const marks = missingMarks(reading.missing)
  const presentOf = (expression: string): string =>
    plainOr(
      expression,
      { pattern: PLAIN_NUMBER, but: marks.value },
      bind(
        trimmed(expression),
        'text',
        (text) => `case when not ${isAmong(text, marks.value)} then ${text} end`,
      ),
    )
  return {
    foundOf,
    presentOf,
    textOf: (expression) =>
      bind(
        foundOf(expression),
        'text',
        (text) => `case when not ${isAmong(withoutBlanks(text), marks.text)} then ${text} end`,
      ),
    categoryOf: (expression) =>
      plainOr(
        expression,
        { pattern: PLAIN_WORD, but: [...marks.value, ...BOOLEANS] },
        bind(
          plainText(expression),
          'text',
          (text) => `case when not ${isAmong(text, marks.value)} then ${spelled(text)} end`,
        ),
      ),
    spelledOf: (expression) =>
      plainOr(
        expression,
        { pattern: PLAIN_WORD, but: BOOLEANS },
        bind(plainText(expression), 'text', spelled),
      ),
    numberOf: (expression) =>
      bind(
        presentOf(expression),
        'number',
        (text) => `try_cast(${plainNumber(text, { reading, expression })} as double)`,
      ),
    idOf: (expression) =>
      plainOr(
        expression,
        { pattern: PLAIN_ID, but: [] },
        bind(
          plainText(expression),
          'text',
          (text) => `case when typeof(try(${expression})) in ${NUMBERS_AFTER_POINT}
        then ${spelled(text)} else nullif(${text}, '') end`,
        ),
      ),
    isRounded: (expression) =>
      `coalesce(abs(try_cast(try(${expression}) as double)) >= case typeof(try(${expression}))
        when 'DOUBLE' then ${EXACT_MAX.DOUBLE} when 'FLOAT' then ${EXACT_MAX.FLOAT} end, false)`,
  }
}

/** The same SQL of cells, each kept. */
export function keepValues(values: Values, keep: (sql: string) => string): Values {
  const kept = Object.entries(values).map(([name, valueOf]: [string, Values[keyof Values]]) => [
    name,
    (expression: string) => keep(valueOf(expression)),
  ])
  return Object.fromEntries(kept) as Values
}

/**
 * The cell of a column as it stands where it is a text that is plain, as nearly all are; else `otherwise`, which
 * costs several times as much and would give the same.
 */
function plainOr(
  expression: string,
  { pattern, but }: { readonly pattern: string; readonly but: readonly string[] },
  otherwise: string,
): string {
  if (!COLUMN_NAME.test(expression)) return otherwise
  const text = `(${expression})::varchar`
  const isOther = but.length === 0 ? '' : ` and not ${isAmong(text, but)}`
  return `case when typeof(${expression}) = 'VARCHAR' and regexp_full_match(${text}, '${pattern}')${isOther}
    then ${text} else ${otherwise} end`
}

function foundOf(expression: string): string {
  return `nullif(try((${expression})::varchar), '')`
}

function trimmed(expression: string): string {
  return bind(foundOf(expression), 'cell', withoutBlanks)
}

/** Nearly every cell begins and ends with a letter or digit, and looking is faster than trimming. */
function withoutBlanks(text: string): string {
  return `case when ${text}[1] between '!' and '~' and ${text}[-1] between '!' and '~' then ${text}
    else trim(${text}, ${quoteText(BLANKS)}) end`
}

/** SQL: whether a text, which may be null, is a mark of what is missing. */
function isAmong(text: string, marks: readonly string[]): string {
  // DuckDB makes a join of a long list behind IN, one for each cell.
  return `coalesce(list_contains([${marks.map(quoteText).join(', ')}], lower(${text})), true)`
}

/** A text without blanks around it; of a DECIMAL without the zeros that only its type asks for. */
function plainText(expression: string): string {
  return `case when typeof(try(${expression})) like 'DECIMAL%'
    then ${bind(foundOf(expression), 'cell', (text) => `case when contains(${text}, '.') then rtrim(rtrim(${text}, '0'), '.') else ${text} end`)}
    else ${trimmed(expression)} end`
}

/** As `spellCategory` spells it. */
function spelled(text: string): string {
  return `case when lower(${text}) in ('true', 'false') then lower(${text}) when ${isWhole(text)} then ${whole(text)}
    when regexp_full_match(${text}, ${quoteText(SCIENTIFIC_PATTERN)})
    then ${bind(plainDigits(text), 'plain', (plain) => `case when ${isWhole(plain)} then ${whole(plain)} else ${plain} end`)}
    else ${text} end`
}

function isWhole(text: string): string {
  return `(regexp_full_match(${text}, '-?(?:0|[1-9][0-9]*)\\.0*') or ${text} = '-0')`
}

/** A whole number without its point. */
function whole(text: string): string {
  return `case split_part(${text}, '.', 1) when '-0' then '0' else split_part(${text}, '.', 1) end`
}

/** A number in scientific notation, its point where it belongs. */
function plainDigits(text: string): string {
  const groups = `regexp_extract(${text}, ${quoteText(`^${SCIENTIFIC_PATTERN}$`)}, ['sign', 'first', 'rest', 'way', 'exponent'])`
  return bind(groups, 'parts', (parts) => {
    const digits = `(${parts}.first || ${parts}.rest)`
    const point = `(1 + (${parts}.way || ${parts}.exponent)::integer)`
    return `${parts}.sign || case when ${point} <= 0 then '0.' || repeat('0', -${point}) || ${digits}
      else regexp_replace((${digits} || repeat('0', ${point} - length(${digits})))[1:${point}], '^0+([0-9])', '\\1')
        || '.' || ${digits}[${point} + 1:] end`
  })
}

/** A number as DuckDB casts it, from a text with the marks that the source names; null where it is none. */
function plainNumber(
  text: string,
  {
    reading: { decimal = '.', thousands },
    expression,
  }: { readonly reading: Reading; readonly expression: string },
): string {
  // DuckDB casts 1_000 too, which nobody else takes for a number.
  if (decimal === '.' && thousands === undefined)
    return `case when not contains(${text}, '_') then ${text} end`
  // A number that a file holds as a number has a point, whatever its texts have.
  const isText = `typeof(try(${expression})) = 'VARCHAR'`
  const mark =
    thousands === ' ' ? '[ \u00a0\u202f]' : thousands === undefined ? undefined : escapePattern(thousands)
  const integer = mark === undefined ? '[0-9]+' : `(?:[0-9]{1,3}(?:${mark}[0-9]{2,3})*${mark}[0-9]{3}|[0-9]+)`
  const shape = quoteText(`[+-]?${integer}(?:${escapePattern(decimal)}[0-9]*)?(?:[eE][+-]?[0-9]+)?`)
  const digits = mark === undefined ? text : `regexp_replace(${text}, ${quoteText(mark)}, '', 'g')`
  return `case when not ${isText} then ${text}
    when regexp_full_match(${text}, ${shape}) then replace(${digits}, ${quoteText(decimal)}, '.') end`
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}
