// Writing events: whole requests in one call, idempotent by event id.
import { sql } from 'drizzle-orm'
import type { Event } from '../../features/event.ts'
import { CLOCK_TOLERANCE_MS } from '../../features/limits.ts'
import { sameEventSql, SENT_EVENT_SQL } from '../../features/same-event.ts'
import { attemptWrite } from './client.ts'
import type { Database } from './client.ts'
import { noteHeard } from './heard.ts'
import type { RefusedEvent } from './refused-event.ts'
import { events, quarantine } from './schema.ts'

export interface EventBatch {
  readonly accepted: readonly Event[]
  readonly refused: readonly RefusedEvent[]
  /** Why an accepted event is refused after all where another is stored under its id. */
  readonly conflictText: string
  readonly requestId: string
  readonly receivedAt: number
}

export interface StoredEvents {
  /** How many of the accepted events were new. */
  readonly count: number
  /** Places of those under whose ids other events were known before; the rest are known and stored already. */
  readonly conflicts: readonly number[]
}

/** Quarantined rows in one statement: keeps its one parameter below D1's 2 MB. */
const REFUSED_ROWS_MAX = 50

/**
 * Stores the accepted events, and the refused ones and those that conflict in quarantine, all or nothing.
 */
export async function storeEvents(db: Database, batch: EventBatch): Promise<StoredEvents> {
  const rows = rowsText(batch.accepted)
  const [inserted, , conflicting] = await attemptWrite('events', () =>
    db.batch([
      insertEvents(db, { rows, storedAt: batch.receivedAt }),
      noteHeard(db, 'events'),
      insertConflicts(db, { ...batch, rows }),
      ...chunks(batch.refused).map((refused) => insertRefused(db, { ...batch, refused })),
    ]),
  )
  return {
    count: inserted.meta.changes,
    conflicts: conflicting.map(({ position }) => position).toSorted((a, b) => a - b),
  }
}

/** D1 takes 100 parameters a statement, so all rows come in one, as JSON: columns in the order of EVENT_COLUMNS. */
function rowsText(accepted: readonly Event[]): string {
  return JSON.stringify(
    accepted.map((event) => [
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
}

function insertEvents(
  db: Database,
  { rows, storedAt }: { readonly rows: string; readonly storedAt: number },
) {
  // Without `where` SQLite reads `on` as part of a join.
  return db
    .insert(events)
    .select(
      sql`select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, ${storedAt} from json_each(${rows}) where true`,
    )
    .onConflictDoNothing()
}

/** To run after the rows went in: finds those that did not, and are not stored already either. */
function insertConflicts(
  db: Database,
  { rows, conflictText, requestId, receivedAt }: EventBatch & { readonly rows: string },
) {
  return db
    .insert(quarantine)
    .select(
      sql`select null, ${requestId}, sent.value ->> 8, ${sql.raw(SENT_EVENT_SQL)}, ${conflictText}, ${receivedAt}
        from json_each(${rows}) as sent join ${events} as known on known.id = sent.value ->> 2
        where not ${sql.raw(sameEventSql(CLOCK_TOLERANCE_MS))}`,
    )
    .returning({ position: quarantine.position })
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
