// Gathers rows of one table into statements, and statements into calls.
import { quoteSql } from './storage.ts'
import type { Storage } from './storage.ts'

/** D1 takes statements of 100 KB; the rest is for the words around the JSON. */
const JSON_BYTES_MAX = 90_000

export interface RowWriter {
  add(row: readonly unknown[]): Promise<void>
  flush(): Promise<void>
  /** How many rows changed in the database so far. */
  stored(): number
}

export interface RowWriterRequest {
  readonly storage: Storage
  /** What stores a list of rows, given as a quoted JSON text; committed together. */
  readonly statementsFor: (rows: string) => readonly string[]
  /** Called after each call with how many rows it changed. */
  readonly onStored?: (count: number) => void
  /** Called after a call that changed fewer rows than it was given, with its lists of rows. */
  readonly onLess?: (lists: readonly string[]) => Promise<void>
}

export function createRowWriter(request: RowWriterRequest): RowWriter {
  const { storage, statementsFor, onStored, onLess } = request
  let rows: string[] = []
  let bytes = 0
  let lists: string[] = []
  let statements: string[] = []
  let given = 0
  let stored = 0
  const closeStatement = (): void => {
    if (rows.length === 0) return
    const list = quoteSql(`[${rows.join(',')}]`)
    lists.push(list)
    statements.push(...statementsFor(list))
    given += rows.length
    rows = []
    bytes = 0
  }
  const send = async (): Promise<void> => {
    if (statements.length === 0) return
    const changed = await storage.execute(statements)
    stored += changed
    onStored?.(changed)
    if (changed < given) await onLess?.(lists)
    statements = []
    lists = []
    given = 0
  }
  return {
    add: async (row) => {
      const text = JSON.stringify(row)
      // Quotes are doubled in SQL.
      const size = Buffer.byteLength(text) + text.split("'").length
      if (bytes + size > JSON_BYTES_MAX) closeStatement()
      if (statements.length >= storage.statementsMax) await send()
      rows.push(text)
      bytes += size
    },
    flush: async () => {
      closeStatement()
      await send()
    },
    stored: () => stored,
  }
}
