// What is found of one column: counts over all rows, and what its cells are.
import { quoteName, quoteText } from '../data/database.ts'
import { missingMarks } from '../../features/missing.ts'
import type { TimeUnit } from '../../features/source.ts'

/** What the cells of a column are. */
export type ColumnKind = 'time' | 'id' | 'category' | 'number' | 'text' | 'boolean' | 'list' | 'vector'

/** How moments are written. */
export interface TimeForm {
  /** 'relative' counts from a moment that the file does not tell. */
  readonly unit: TimeUnit | 'day' | 'excel' | 'relative'
  /** Of a relative time: how many milliseconds one of it is. */
  readonly stepMs?: number
  /** As strptime takes it, where the text is not ISO 8601. */
  readonly format?: string
  /** Whether every moment names its zone. Numbers since 1970 do. */
  readonly hasZone: boolean
  /** Both readings of day and month would do. */
  readonly isAmbiguous?: true
}

/** How a project says what is a part of a column. */
export interface Member {
  /** Where it is all that an expression says. */
  readonly expression: string
  /** Within other SQL. */
  readonly sql: string
}

export interface ColumnStatistics {
  /** Of a member of an object its path, as in device.category. */
  readonly name: string
  readonly member?: Member
  /** Place in the file, from 0. */
  readonly index: number
  /** How DuckDB has it: VARCHAR in text files. */
  readonly type: string
  readonly rowCount: number
  /** Cells that hold something. */
  readonly presentCount: number
  /** Exact where it is near the number of rows or small; else about. */
  readonly distinctCount: number
  /** Cells that are numbers, and of those the whole ones. */
  readonly numberCount: number
  readonly wholeCount: number
  readonly min: number | undefined
  readonly max: number | undefined
  readonly lengthMax: number
  /** Where each cell is a list of so many numbers. */
  readonly vectorLength?: number
  /** Cells that hold something, drawn from all rows. */
  readonly sample: readonly string[]
}

export interface Column extends ColumnStatistics {
  readonly kind: ColumnKind
  readonly time?: TimeForm
  /** Why it is taken for what it is, where that is not plain. */
  readonly because: string
  /** The same in every row that says anything. */
  readonly isConstant: boolean
  /** Says something in hardly any row. */
  readonly isNearEmpty: boolean
  /** Another value in nearly every row: it tells rows apart, and nothing of them. */
  readonly isIdLike: boolean
  readonly decimalComma: boolean
  /** Numbers with signs of money, per cent or marks between thousands, which SQL must take away. */
  readonly isDressed: boolean
}

/** The cells of a column, within SQL over the rows of its file. */
export function sqlOf({ name, member }: Pick<Column, 'name' | 'member'>): string {
  return member?.sql ?? quoteName(name)
}

/** Likewise, where an expression says nothing else. */
export function expressionOf({ name, member }: Pick<Column, 'name' | 'member'>): string {
  return member?.expression ?? quoteName(name)
}

/** Numbers as SQL has them; null where a cell is none. */
export function numberSqlOf(column: Pick<Column, 'name' | 'member' | 'isDressed' | 'decimalComma'>): string {
  const text = `${sqlOf(column)}::varchar`
  const plain = column.isDressed
    ? `regexp_replace(${text}, '[^0-9.eE-]', '', 'g')`
    : column.decimalComma
      ? `replace(replace(${text}, '.', ''), ',', '.')`
      : text
  return `nullif(try_cast(${plain} as double), 'nan')`
}

/** Marks of what is missing, as reading takes them where a source names none. */
const { value: MARKS } = missingMarks(undefined)

/** SQL: whether a text without blanks around it, which may be null, says that nothing is known. */
export function isMark(text: string): string {
  // DuckDB makes a join of a long list behind IN, one for each column.
  return `list_contains([${MARKS.map(quoteText).join(', ')}], lower(${text}))`
}
