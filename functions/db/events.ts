// Writing events: whole requests in one call, idempotent by event id.
import { sql } from 'drizzle-orm'
import type { Event } from '../../features/event.ts'
import { attemptWrite } from './client.ts'
import type { Database } from './client.ts'
import { events, quarantine } from './schema.ts'

/** An event that was refused, as it was sent. */
export interface RefusedEvent {
  readonly position: number
  readonly eventText: string
  readonly reasonsText: string
}

export interface EventBatch {
  readonly accepted: readonly Event[]
  readonly refused: readonly RefusedEvent[]
  readonly requestId: string
  readonly receivedAt: number
}

/** Quarantined rows in one statement: keeps its one parameter below D1's 2 MB. */
const REFUSED_ROWS_MAX = 50

/**
 * Stores the accepted events, and the refused ones in quarantine, all or nothing.
 * @returns how many of the accepted events were new; the others' ids were known before
 */
export async function storeEvents(db: Database, batch: EventBatch): Promise<number> {
  const [inserted] = await attemptWrite('events', () =>
    db.batch([
      insertEvents(db, batch.accepted),
      ...chunks(batch.refused).map((rows) => insertRefused(db, { ...batch, refused: rows })),
    ]),
  )
  return inserted.meta.changes
}

/** D1 takes 100 parameters a statement, so all rows come in one, as JSON. */
function insertEvents(db: Database, rows: readonly Event[]) {
  const json = JSON.stringify(
    rows.map((event) => [
      event.userId,
      event.occurredAt,
      event.id,
      event.type,
      event.itemId ?? null,
      event.value ?? null,
      event.properties ?? null,
      event.receivedAt,
      event.place ?? 0,
    ]),
  )
  // Columns in the order of the schema; without `where` SQLite reads `on` as part of a join.
  return db
    .insert(events)
    .select(
      sql`select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8 from json_each(${json}) where true`,
    )
    .onConflictDoNothing()
}

function insertRefused(db: Database, { refused, requestId, receivedAt }: EventBatch) {
  const json = JSON.stringify(refused.map((row) => [row.position, row.eventText, row.reasonsText]))
  return db
    .insert(quarantine)
    .select(
      sql`select null, ${requestId}, value ->> 0, value ->> 1, value ->> 2, ${receivedAt} from json_each(${json})`,
    )
}

function chunks(rows: readonly RefusedEvent[]): RefusedEvent[][] {
  return Array.from({ length: Math.ceil(rows.length / REFUSED_ROWS_MAX) }, (_, index) =>
    rows.slice(index * REFUSED_ROWS_MAX, (index + 1) * REFUSED_ROWS_MAX),
  )
}
