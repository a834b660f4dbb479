// The way to D1: Drizzle over a binding, every call bounded in time and failing as StorageError.
import { drizzle } from 'drizzle-orm/d1'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { withTimeout } from '../with-timeout.ts'
import * as schema from './schema.ts'

export type Database = DrizzleD1Database<typeof schema>

/** How long a call to D1 may take before the request gives up on it. */
const CALL_TIMEOUT_MS = 5_000

/** D1 could not be reached, refused the call or took too long. The cause says which. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
}

export function connect(binding: D1Database): Database {
  return drizzle(binding, { schema })
}

/** Waits for one call. Throws StorageError when it fails or takes longer than 5 s. */
export async function attempt<Value>(call: PromiseLike<Value>): Promise<Value> {
  try {
    return await withTimeout(call, {
      timeoutMs: CALL_TIMEOUT_MS,
      error: () => new Error(`No answer within ${CALL_TIMEOUT_MS} ms`),
    })
  } catch (cause) {
    throw new StorageError('The database did not answer', { cause })
  }
}
