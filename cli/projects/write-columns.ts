// Columns as attributes, expressions and readings of a declaration.
import type { Reading } from '../../features/source.ts'
import { quoteName } from '../../training/data/database.ts'
import type { Column } from '../../training/inspect/column.ts'
import { expressionOf, isMark, numberSqlOf, sqlOf } from '../../training/inspect/column.ts'
import type { InspectedFile } from '../../training/inspect/inspect-file.ts'
import { identifierOf } from '../../training/inspect/name-words.ts'
import type { Warning } from '../../training/inspect/shape.ts'
import { literalOf, textList } from './typescript-text.ts'
import type { Entry } from './typescript-text.ts'
import { basename } from 'node:path'

/** A column under the name that the project has for it. */
export interface Named {
  readonly name: string
  readonly column: Column
}

/** Names that are identifiers, each once. */
export function nameAttributes(columns: readonly Column[], taken: readonly string[] = []): Named[] {
  const used = new Set(taken)
  return columns.map((column) => {
    const base = identifierOf(column.name)
    let name = base
    for (let number = 2; used.has(name); number += 1) name = `${base}${number}`
    used.add(name)
    return { name, column }
  })
}

/** The call that declares an attribute. */
export function attributeOf({ kind, vectorLength }: Column): string {
  switch (kind) {
    case 'number':
      return 'number()'
    case 'text':
    case 'list':
      return 'text()'
    case 'category':
    case 'boolean':
    case 'id':
    case 'time':
      return 'category()'
    case 'vector':
      return `vector(${vectorLength})`
  }
}

/** Declarations, and those that are left out as comments with the reason, in the order of the columns. */
export function attributeEntries(named: readonly Named[], warnings: readonly Warning[]): Entry[] {
  const said = new Set<string>()
  const entries = named.flatMap(({ name, column }): Entry[] => {
    const own = warnings.filter((warning) => !warning.isLeftOut && warning.column === column.name)
    for (const warning of own) said.add(warning.column)
    return [...own.map(({ text }) => ({ comment: text })), { name, value: attributeOf(column) }]
  })
  return entries
}

/** Comments about columns that nothing is read from. */
export function leftOutComments(warnings: readonly Warning[]): Entry[] {
  return warnings.flatMap(({ column, text, isLeftOut }): Entry[] => [
    { comment: sentence(isLeftOut ? `Left out: ${column}: ${text}` : `${column}: ${text}`) },
  ])
}

/** An expression where the name alone does not find the column, or its cells need one. */
export function mappedEntries(named: readonly Named[]): Entry[] {
  return named.flatMap(({ name, column }): Entry[] => {
    const expression = cellExpression(column)
    return expression === quoteName(name) ? [] : [{ name, value: literalOf(expression) }]
  })
}

export function cellExpression(column: Column): string {
  const { kind, numberCount, presentCount, decimalComma, isDressed } = column
  const isMixed = kind === 'number' && numberCount < presentCount && !decimalComma
  return isMixed || isDressed ? numberSqlOf(column) : expressionOf(column)
}

/** One column, or several joined by dashes. */
export function keyExpression(key: readonly Column[]): string {
  const [first] = key
  if (first !== undefined && key.length === 1) return expressionOf(first)
  return `concat_ws('-', ${key.map(sqlOf).join(', ')})`
}

/** A condition that leaves out rows in which a column says nothing; undefined where all say something. */
export function presentCondition(column: Column): string | undefined {
  const { kind, time, presentCount, rowCount } = column
  if (presentCount === rowCount) return undefined
  if (kind === 'time' && time?.unit !== 'iso')
    return `try_cast(${sqlOf(column)}::varchar as double) is not null`
  return `not ${isMark(`trim(${sqlOf(column)}::varchar)`)}`
}

export function fileEntries(file: InspectedFile, namesFiles: boolean): Entry[] {
  return namesFiles ? [{ name: 'file', value: literalOf(basename(file.path)) }] : []
}

export function readingEntries(reading: Reading): Entry[] {
  const entries = Object.entries(reading).map(([name, value]: [string, unknown]): Entry => ({
    name,
    value: Array.isArray(value)
      ? textList(value as string[])
      : typeof value === 'number'
        ? String(value)
        : literalOf(String(value)),
  }))
  return entries.length === 0 ? [] : [{ name: 'reading', value: { object: entries } }]
}

function sentence(text: string): string {
  return text.endsWith('?') ? text : `${text}.`
}
