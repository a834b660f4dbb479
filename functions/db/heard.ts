// How much was ever heard, kept up to date with each write: asking whether much is new costs one row.
import { sql } from 'drizzle-orm'
import type { Database } from './client.ts'
import { heard } from './schema.ts'

export type HeardKind = (typeof heard.$inferSelect)['kind']

/** To run in a batch, right after the statement that stored rows of this kind: adds how many it changed. */
export function noteHeard(db: Database, kind: HeardKind) {
  return db
    .insert(heard)
    .values({ kind, count: sql`changes()` })
    .onConflictDoUpdate({ target: heard.kind, set: { count: sql`${heard.count} + excluded.count` } })
}
