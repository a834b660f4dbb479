// What a failed call to D1 means: the database refused it, which asking again does not change, or it
// could not be had. Nothing of the error itself is kept but its code: Drizzle writes the parameters of
// a query into its messages, and they are users' data.

/** `refused`: the statement or its data is at fault. `unavailable`: not reached, overloaded, too slow. */
export type StorageFault = 'refused' | 'unavailable'

/** A call to D1 that failed. Its message names the call and a code, and no data. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly fault: StorageFault

  constructor(call: string, { fault, code }: { readonly fault: StorageFault; readonly code: string }) {
    super(`${call}: ${code}`)
    this.fault = fault
  }
}

/** SQLite's and D1's names for what is wrong with a statement or its data. */
const REFUSALS =
  /SQLITE_(?:ERROR|CONSTRAINT|TOOBIG|MISMATCH|RANGE|AUTH|MISUSE|SCHEMA)|D1_TYPE_ERROR|D1_COLUMN_NOTFOUND/
/** Other codes, for the log. */
const CODES = /SQLITE_[A-Z_]+|overloaded|storage operation exceeded timeout|[Nn]etwork connection lost/
/** What of SQLite's messages says no more than the schema does. */
const SCHEMA_FAULT = /no such (?:table|column): [a-z_.]+/

/** The meaning of whatever a call threw. A mistake of this program counts as refused. */
export function toStorageError(call: string, thrown: unknown): StorageError {
  const messages = messagesOf(thrown)
  const find = (pattern: RegExp): string | undefined =>
    messages.map((message) => pattern.exec(message)?.[0]).find((code) => code !== undefined)
  const refusal = find(REFUSALS)
  if (refusal !== undefined) {
    return new StorageError(call, { fault: 'refused', code: find(SCHEMA_FAULT) ?? refusal })
  }
  if (isMistake(thrown)) return new StorageError(call, { fault: 'refused', code: 'mistake in a query' })
  return new StorageError(call, { fault: 'unavailable', code: find(CODES) ?? 'no answer' })
}

/** The messages of an error and its causes, Drizzle's own left out: it repeats the query. */
function messagesOf(thrown: unknown): string[] {
  const messages: string[] = []
  for (let error = thrown; error instanceof Error && messages.length < 10; error = error.cause) {
    messages.push(error.message.startsWith('Failed query') ? '' : error.message)
  }
  return messages
}

function isMistake(thrown: unknown): boolean {
  return [TypeError, RangeError, SyntaxError, ReferenceError].some((kind) => thrown instanceof kind)
}

/** Whether this is a call that may well be answered when it is made again. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof StorageError && error.fault === 'unavailable'
}
