// Reading and writing a project's D1 and R2, wherever they are.

export interface Storage {
  /** How many statements to give to `execute` at a time, at the most. */
  readonly statementsMax: number
  /**
   * Runs statements, each shorter than 100 KB; they are committed together or not at all. Gives how many
   * rows changed.
   */
  execute(statements: readonly string[]): Promise<number>
  /** The rows that one statement selects. */
  select(statement: string): Promise<readonly Row[]>
  put(key: string, path: string): Promise<void>
  close(): Promise<void>
}

export type Row = Readonly<Record<string, string | number | null>>

export { quoteSql } from '../../features/quote-sql.ts'

/** SQL: Unix milliseconds when the statement runs, which may be long after it was written. */
export const STORED_NOW = "cast(unixepoch('subsec') * 1000 as integer)"
