// Writing to a project's D1 and R2, wherever they are.
import { openLocalStorage } from './local-storage.ts'
import { applyMigrations } from './wrangler.ts'
import type { Place } from './wrangler.ts'
import { openWranglerStorage } from './wrangler-storage.ts'

export interface Storage {
  /** How many statements to give to `execute` at a time, at the most. */
  readonly statementsMax: number
  /** Runs statements, each shorter than 100 KB; they are committed together or not at all. */
  execute(statements: readonly string[]): Promise<void>
  put(key: string, path: string): Promise<void>
  close(): Promise<void>
}

/** Applies missing migrations first. */
export async function openStorage(place: Place): Promise<Storage> {
  await applyMigrations(place)
  return place.kind === 'local' ? openLocalStorage(place.state) : openWranglerStorage(place)
}

/** A text in single quotes, for SQLite. */
export function quoteSql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
