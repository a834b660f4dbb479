// Reading all that a prediction about one user needs, in one call to D1.
import { and, desc, eq, lte } from 'drizzle-orm'
import type { Attributes, Event } from '../../features/event.ts'
import { attempt } from './client.ts'
import type { Database } from './client.ts'
import { selectChampion } from './deployments.ts'
import type { Deployment } from './deployments.ts'
import { events, items, users } from './schema.ts'

/** What is known of one user at a moment. */
export interface Subject {
  readonly history: readonly Event[]
  /** Absent where no profile was put. */
  readonly attributes: Attributes | undefined
  /** Attributes of the items of the history, by item id. */
  readonly items: ReadonlyMap<string, Attributes>
}

export interface SubjectQuery {
  readonly userId: string
  /** Events that occurred or were received after this moment are left out. */
  readonly at: number
  readonly historyLengthMax: number
}

/** The subject, its history latest first, and the champion's row beside it. */
export async function readSubject(
  db: Database,
  query: SubjectQuery,
): Promise<{ readonly subject: Subject; readonly deployment: Deployment | undefined }> {
  const [deployments, profiles, rows] = await attempt(
    db.batch([
      selectChampion(db),
      db.select({ attributes: users.attributes }).from(users).where(eq(users.id, query.userId)),
      selectHistory(db, query),
    ]),
  )
  return {
    deployment: deployments[0],
    subject: {
      attributes: profiles[0]?.attributes,
      history: rows.map(({ event: { itemId, value, properties, ...event } }) => ({
        ...event,
        userId: query.userId,
        ...(itemId !== null && { itemId }),
        ...(value !== null && { value }),
        ...(properties !== null && { properties }),
      })),
      items: new Map(
        rows.flatMap(({ event, itemAttributes }) =>
          event.itemId === null || itemAttributes === null ? [] : [[event.itemId, itemAttributes]],
        ),
      ),
    },
  }
}

/** One range of the primary key (user_id, occurred_at, id), read backwards. */
function selectHistory(db: Database, { userId, at, historyLengthMax }: SubjectQuery) {
  return db
    .select({
      event: {
        id: events.id,
        type: events.type,
        itemId: events.itemId,
        value: events.value,
        properties: events.properties,
        occurredAt: events.occurredAt,
        receivedAt: events.receivedAt,
      },
      itemAttributes: items.attributes,
    })
    .from(events)
    .leftJoin(items, eq(items.id, events.itemId))
    .where(and(eq(events.userId, userId), lte(events.occurredAt, at), lte(events.receivedAt, at)))
    .orderBy(desc(events.occurredAt), desc(events.id))
    .limit(historyLengthMax)
}
