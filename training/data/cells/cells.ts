// SQL for what the cells of a file mean, by how its text is read: values, times, ids, and attributes gathered
// into one JSON object.
import { givenAttributes } from '../../../features/made-vectors.ts'
import type { Attribute } from '../../../features/project.ts'
import type { Reading } from '../../../features/source.ts'
import { NUMBER_BYTES, TEXT_LENGTH_MAX } from '../../../features/limits.ts'
import { expectedVector, packedLength } from '../../../features/vectors.ts'
import { hasColumn } from '../files/columns.ts'
import type { Column } from '../files/columns.ts'
import { quoteName, quoteText } from '../database.ts'
import { bytesChecks, idLimits, placeholderCheck, textLimits } from './limit-checks.ts'
import { memberOf } from './member.ts'
import { foundInOf } from './mentioned.ts'
import type { Keep } from './bind.ts'
import type { RawTable } from '../files/raw-table.ts'
import type { Check } from './row-checks.ts'
import { timesOf } from './times.ts'
import type { Times } from './times.ts'
import { valuesOf } from './values.ts'
import type { Values } from './values.ts'

/** Declared attributes, by name. */
export type Declarations = Readonly<Record<string, Attribute>>
/** SQL by name. */
export type Expressions = Readonly<Record<string, string>>

const EXACT_ID =
  'an id with all its digits: a column of type DOUBLE or FLOAT rounds large ones, BIGINT and VARCHAR do not'

/** SQL for the cells of one file, by how its text is read. */
export interface Cells extends Values, Times {
  /** An id that must be there. */
  readonly idChecks: (field: string, expression: string) => Check[]
  /** The id of a user, who must be somebody. */
  readonly userIdChecks: (field: string, expression: string) => Check[]
  /** The id of an item, which must be one. */
  readonly itemIdChecks: (field: string, expression: string) => Check[]
  /** The id of an item that may be missing. */
  readonly optionalItemIdChecks: (field: string, expression: string) => Check[]
  /**
   * SQL of a JSON object with the attributes, numbers as numbers, and the checks of numbers and of limits.
   * Texts may have `lengthMax` characters, as attributes may where it is absent.
   */
  readonly attributesOf: (
    declared: Declarations,
    expressions: Expressions,
    lengthMax?: number,
  ) => { readonly json: string; readonly checks: readonly Check[] }
}

interface CellOptions {
  /** Of the file: a message shows those that an expression names where it gives nothing. */
  readonly columns?: readonly Column[]
  /** Where values stand that are used often; within the expression where absent. */
  readonly keep?: Keep
  readonly typeOf?: (expression: string) => string | undefined
}

export function cellsOf(
  reading: Reading = {},
  { columns = [], keep, typeOf = () => undefined }: CellOptions = {},
): Cells {
  const values = valuesOf(reading, { keep, typeOf })
  const { foundOf, idOf, isRounded } = values
  const idIn = (field: string, expression: string) => ({
    field,
    text: idOf(expression),
    found: foundOf(expression),
  })
  const limitChecks = (field: string, expression: string): Check[] => [
    ...idLimits(idIn(field, expression)),
    ...exactIds(field, expression),
  ]
  const exactIds = (field: string, expression: string): Check[] => {
    const bad = isRounded(expression)
    return bad === 'false' ? [] : [{ field, expected: EXACT_ID, bad, found: foundOf(expression) }]
  }
  const idChecks: Cells['idChecks'] = (field, expression) => [
    { field, expected: 'an id', bad: `${idOf(expression)} is null`, found: foundOf(expression) },
    ...limitChecks(field, expression),
  ]
  return {
    ...values,
    ...timesOf(reading, { values, foundIn: foundInOf(values, columns), keep, typeOf }),
    idChecks,
    userIdChecks: (field, expression) => [
      ...idChecks(field, expression),
      placeholderCheck(idIn(field, expression), 'user'),
    ],
    itemIdChecks: (field, expression) => [
      ...idChecks(field, expression),
      placeholderCheck(idIn(field, expression), 'item'),
    ],
    optionalItemIdChecks: (field, expression) => [
      ...limitChecks(field, expression),
      placeholderCheck(idIn(field, expression), 'item'),
    ],
    attributesOf: (declared, expressions, lengthMax = TEXT_LENGTH_MAX) =>
      readAttributes(values, { declared, expressions, lengthMax }),
  }
}

interface AttributeRequest {
  readonly declared: Declarations
  readonly expressions: Expressions
  readonly lengthMax: number
}

/** An attribute of one kind as SQL: its value, and the checks that its cell must pass. */
interface AttributeCell {
  readonly value: string
  readonly checks: readonly Check[]
  /** As a `ReadAttribute` has it. */
  readonly bytes?: number
}

interface CellRequest<Kind extends Attribute> {
  readonly values: Values
  readonly attribute: Kind
  readonly field: string
  readonly expression: string
  readonly lengthMax: number
}

type CellReader<Kind extends Attribute['kind']> = (
  request: CellRequest<Extract<Attribute, { kind: Kind }>>,
) => AttributeCell

const attributeCells: { readonly [Kind in Attribute['kind']]: CellReader<Kind> } = {
  number: ({ values, field, expression }) => {
    const value = values.numberOf(expression)
    const bad = `${values.presentOf(expression)} is not null and not coalesce(isfinite(${value}), false)`
    return {
      value,
      checks: [{ field, expected: 'a number', bad, found: values.foundOf(expression) }],
      bytes: NUMBER_BYTES,
    }
  },
  category: (request) => textCell(request, request.values.categoryOf(request.expression)),
  text: (request) => textCell(request, request.values.textOf(request.expression)),
  vector: ({ values, attribute: { length }, field, expression }) => {
    const fault = values.vectorFaultOf(expression, length)
    return {
      value: values.vectorOf(expression, length),
      checks: [{ field, expected: expectedVector(length), bad: `${fault} is not null`, found: fault }],
      bytes: packedLength(length) + 2,
    }
  },
}

function textCell(
  { values, field, expression, lengthMax }: CellRequest<Attribute>,
  value: string,
): AttributeCell {
  const found = values.foundOf(expression)
  return { value, checks: textLimits({ field, text: value, found }, { lengthMax }) }
}

function readAttributes(
  values: Values,
  { declared, expressions, lengthMax }: AttributeRequest,
): { readonly json: string; readonly checks: readonly Check[] } {
  const read = Object.entries(expressions).flatMap(([name, expression]) => {
    const attribute = declared[name]
    if (attribute === undefined) return []
    const cell = attributeCells[attribute.kind] as CellReader<Attribute['kind']>
    return [{ name, ...cell({ values, attribute, field: name, expression, lengthMax }) }]
  })
  const pairs = read.map(({ name, value }) => `${quoteText(name)}, ${value}`)
  const checks = read.flatMap((cell) => cell.checks)
  const json = pairs.length === 0 ? `'{}'` : `json_object(${pairs.join(', ')})::varchar`
  return { json, checks: [...checks, ...bytesChecks(read, lengthMax)] }
}

interface StandardRequest {
  readonly raw: RawTable
  /** The column whose members they are, where they have no columns. */
  readonly nested: string
  readonly required: boolean
  /** Those that a mapping names. */
  readonly mapped?: Expressions | undefined
}

/** Where attributes stand when no mapping says so: columns of their names, or members of one JSON column. */
export function standardExpressions(
  declared: Declarations,
  { raw, nested, required, mapped = {} }: StandardRequest,
): Expressions {
  const given = givenAttributes(declared)
  const entries = Object.keys(declared).flatMap((name) => {
    if (mapped[name] !== undefined) return [[name, mapped[name]]]
    if (hasColumn(raw.named, name)) return [[name, quoteName(name)]]
    if (hasColumn(raw.named, nested)) {
      return [[name, memberOf(quoteName(nested), name)]]
    }
    return required && given[name] !== undefined && !raw.files.some(({ file }) => file.kind === 'ndjson')
      ? [[name, quoteName(name)]]
      : []
  })
  return Object.fromEntries(entries)
}

/** Where attributes are members of a column, that column must hold JSON objects. */
export function nestedChecks(
  declared: Declarations,
  { raw, nested, mapped = {} }: Omit<StandardRequest, 'required'>,
): Check[] {
  const isRead = Object.keys(declared).some(
    (name) => mapped[name] === undefined && !hasColumn(raw.named, name),
  )
  if (!isRead || !hasColumn(raw.named, nested)) return []
  const { presentOf, foundOf } = valuesOf(raw.reading)
  const column = quoteName(nested)
  const isObject = `coalesce(try(json_type(${presentOf(column)})) = 'OBJECT', false)`
  const bad = `${presentOf(column)} is not null and not ${isObject}`
  const names = `json_keys(${presentOf(column)})`
  return [
    { field: nested, expected: 'a JSON object', bad, found: foundOf(column) },
    {
      field: nested,
      expected: 'a JSON object that names each member once',
      bad: `coalesce(try(list_unique(${names}) < len(${names})), false)`,
      found: foundOf(column),
    },
  ]
}
