// Databases in memory on one instance, one after the other: opening one takes a millisecond, where one of a
// file takes fifty.
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import { registerFunctions } from '../../../../training/data/cells/functions.ts'
import { databaseOf } from '../../../../training/data/database.ts'
import type { Database } from '../../../../training/data/database.ts'

export interface MemoryDatabases {
  /** An empty one; the one before must be closed. */
  open(): Promise<Database>
  /** For statements that need no tables. */
  readonly connection: DuckDBConnection
  close(): void
}

export async function createMemoryDatabases(): Promise<MemoryDatabases> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '2GB' })
  const connection = await instance.connect()
  await connection.run("set TimeZone = 'UTC'")
  registerFunctions(connection)
  let [opened, last] = [0, '']
  return {
    connection,
    open: async () => {
      if (last !== '') await connection.run(`detach ${last}`)
      opened += 1
      last = `data_${opened}`
      await connection.run(`attach ':memory:' as ${last}`)
      const connect = async (): Promise<DuckDBConnection> => {
        const one = await instance.connect()
        await one.run(`use ${last}`)
        return one
      }
      return databaseOf({ connect, close: () => undefined })
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
