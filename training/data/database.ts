// DuckDB in memory, within a limit: what does not fit is spilled to a temporary folder, which goes when the
// database is closed. A database on disk would take four times as long to be filled, for it packs what it keeps.
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import { registerFunctions } from './cells/functions.ts'
import { createTemporaryFolder } from './temporary-folder.ts'

type Value = string | number | null
export type Row = readonly Value[]

export interface Database {
  run(sql: string): Promise<void>
  /** All rows of a small answer. Cells are texts, numbers or null: cast whatever else there is. */
  all(sql: string): Promise<readonly Row[]>
  /** The rows of an answer of any size, some thousand at a time; streams may run side by side. */
  stream(sql: string): AsyncIterable<readonly Row[]>
  /** Again does nothing. */
  close(): void
}

/** @param memoryLimit as DuckDB writes it: '512MB' */
export async function openDatabase(memoryLimit: string): Promise<Database> {
  const folder = createTemporaryFolder()
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: memoryLimit,
      temp_directory: join(folder.path, 'spill'),
      threads: '2',
    })
    const connection = await instance.connect()
    registerFunctions(connection)
    connection.closeSync()
    return await databaseOf({
      connect: async () => instance.connect(),
      close: () => {
        instance.closeSync()
        folder.remove()
      },
    })
  } catch (error) {
    folder.remove()
    throw error
  }
}

interface Connections {
  /** A connection that sees the tables of the others. */
  readonly connect: () => Promise<DuckDBConnection>
  readonly close: () => void
}

/** A database over connections, wherever what they are to lies. */
export async function databaseOf({ connect, close }: Connections): Promise<Database> {
  const main = await connect()
  await main.run("set TimeZone = 'UTC'")
  // It compares every expression with every other: of a thousand columns for minutes. Cells are computed once
  // a row by name (cells/kept-cells.ts).
  await main.run("set disabled_optimizers = 'common_subexpressions'")
  let isOpen = true
  return {
    run: async (sql) => {
      await main.run(sql)
    },
    all: async (sql) => (await main.runAndReadAll(sql)).getRowsJS() as Row[],
    stream: async function* stream(sql) {
      const connection = await connect()
      try {
        const result = await connection.stream(sql)
        for await (const rows of result.yieldRowsJs()) yield rows as Row[]
      } finally {
        connection.closeSync()
      }
    },
    close: () => {
      if (!isOpen) return
      isOpen = false
      main.closeSync()
      close()
    },
  }
}

/** A name in double quotes. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A file's path in single quotes, none of its characters taken for a pattern. */
export function quoteFile(path: string): string {
  return quoteText(path.replaceAll(/[[*?]/g, '[$&]'))
}

/** A text in single quotes. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
