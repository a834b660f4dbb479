// SQL for what the cell of a file holds: a text, a number, an id; or nothing, where it says that a value is
// missing.
import type { Reading } from '../../features/source.ts'

/** SQL from the SQL of a cell. */
export interface Values {
  /** What stands there, for messages; null where it is empty or cannot be computed for the row. */
  readonly foundOf: (expression: string) => string
  /** A cell's text without blanks around it; null where it is missing. */
  readonly presentOf: (expression: string) => string
  /** A free text. */
  readonly textOf: (expression: string) => string
  /** A value of a category. */
  readonly categoryOf: (expression: string) => string
  /** Null where the cell is missing or no number. NaN and infinities pass. */
  readonly numberOf: (expression: string) => string
  readonly idOf: (expression: string) => string
}

export function valuesOf(_reading: Reading): Values {
  const foundOf = (expression: string): string => `nullif(try((${expression})::varchar), '')`
  const presentOf = (expression: string): string => {
    const trimmed = `trim(${foundOf(expression)})`
    return `case when upper(${trimmed}) not in ('', 'NA', 'N/A', 'NULL') then ${trimmed} end`
  }
  return {
    foundOf,
    presentOf,
    textOf: foundOf,
    categoryOf: foundOf,
    idOf: foundOf,
    numberOf: (expression) => `try_cast(${presentOf(expression)} as double)`,
  }
}
