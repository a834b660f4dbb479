// The way to D1: Drizzle over a binding, every call bounded in time and failing as StorageError.
import type { SQL } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import { withTimeout } from '../with-timeout.ts'
import { isUnavailable, toStorageError } from './storage-error.ts'

/** Drizzle, and the binding itself for what must be as fast as can be. */
export type Database = DrizzleD1Database & { readonly $client: D1Database }

/** How long a request waits for a write, and for a read with its one repetition. */
const WAIT_MS = 5_000

export function connect(binding: D1Database): Database {
  return drizzle(binding)
}

const dialect = new SQLiteAsyncDialect()

/** A statement for a batch of the binding: Drizzle's own takes no SQL with values. */
export function prepared({ $client }: Database, query: SQL): D1PreparedStatement {
  const { sql, params } = dialect.sqlToQuery(query)
  return $client.prepare(sql).bind(...params)
}

/**
 * Waits for a read, and repeats it once where the database could not be had.
 * @param name what is read, for the log
 * Throws StorageError when it fails or takes longer than 5 s.
 */
export async function attemptRead<Value>(name: string, call: () => PromiseLike<Value>): Promise<Value> {
  const once = () => attempt(call, { name: `read ${name}`, timeoutMs: WAIT_MS / 2 })
  try {
    return await once()
  } catch (error) {
    if (isUnavailable(error)) return once()
    throw error
  }
}

/**
 * Waits for a write. It is never repeated: one that was not answered may have been carried out.
 * @param name what is written, for the log
 * Throws StorageError when it fails or takes longer than 5 s.
 */
export function attemptWrite<Value>(name: string, call: () => PromiseLike<Value>): Promise<Value> {
  return attempt(call, { name: `write ${name}`, timeoutMs: WAIT_MS })
}

async function attempt<Value>(
  call: () => PromiseLike<Value>,
  { name, timeoutMs }: { readonly name: string; readonly timeoutMs: number },
): Promise<Value> {
  try {
    const error = () => new Error(`No answer within ${timeoutMs} ms`)
    return await withTimeout(call(), { timeoutMs, error })
  } catch (thrown) {
    throw toStorageError(name, thrown)
  }
}
