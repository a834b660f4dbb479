// A column told to be the label that cannot be one: a label is one of a few classes.
import type { Column } from './column.ts'

/** What was told of the label has no two classes, or is another in nearly every row. */
export interface NoClasses {
  readonly code: 'no_classes'
  readonly column: string
  readonly distinctCount: number
  readonly presentCount: number
}

/** Of fewer rows each may say something else by chance. */
const ROWS_MIN = 20

/** `told` are the columns of that name, of all files; undefined where one of them may be a label. */
export function noClasses(told: readonly Column[]): NoClasses | undefined {
  const [first] = told
  if (first === undefined || told.some(hasClasses)) return undefined
  const { name, distinctCount, presentCount } = first
  return { code: 'no_classes', column: name, distinctCount, presentCount }
}

function hasClasses({ distinctCount, presentCount }: Column): boolean {
  return distinctCount >= 2 && (presentCount < ROWS_MIN || distinctCount <= presentCount / 2)
}

/** One line for people. */
export function describeNoClasses({ column, distinctCount, presentCount }: NoClasses): string {
  return `The column '${column}' (--label) ${saidBy({ distinctCount, presentCount })}: a label is one of a few classes, at least two, each in many rows; name another`
}

function saidBy({ distinctCount, presentCount }: Omit<NoClasses, 'code' | 'column'>): string {
  if (presentCount === 0) return 'is empty in every row'
  if (distinctCount < 2) return 'says the same in every row'
  return `says something else in nearly every row, as an id or an amount does (${distinctCount} in ${presentCount})`
}
