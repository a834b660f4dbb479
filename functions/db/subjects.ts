// Reading all that a prediction about one user needs, in one call to D1 and one row: written as SQL,
// since building three queries and mapping a hundred rows took as long as the call itself
// (bench/predict.ts).
import { sql } from 'drizzle-orm'
import type { Attributes, Event } from '../../features/event.ts'
import { attempt } from './client.ts'
import type { Database } from './client.ts'
import type { Deployment } from './deployments.ts'
import { bundles, deployments, events, items, users } from './schema.ts'

/** What is known of one user at a moment. */
export interface Subject {
  /** With properties on the latest event alone: encode looks at no others. */
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

/** The subject, its history in no order, and the champion's row beside it. */
export async function readSubject(
  db: Database,
  query: SubjectQuery,
): Promise<{ readonly subject: Subject; readonly deployment: Deployment | undefined }> {
  const row = await attempt(db.get<SubjectRow>(subjectSql(query)))
  const history = JSON.parse(row.history) as readonly EventColumns[]
  return {
    deployment: row.deployment === null ? undefined : (JSON.parse(row.deployment) as Deployment),
    subject: {
      attributes: row.attributes === null ? undefined : (JSON.parse(row.attributes) as Attributes),
      history: history.map((columns) => toEvent(columns, query.userId)),
      items: new Map(Object.entries(JSON.parse(row.items) as Readonly<Record<string, Attributes>>)),
    },
  }
}

/** JSON texts; the columns that no row was found for are null. */
interface SubjectRow {
  readonly deployment: string | null
  readonly attributes: string | null
  readonly history: string
  readonly items: string
}

type EventColumns = readonly [
  id: string,
  type: string,
  itemId: string | null,
  value: number | null,
  properties: Attributes | null,
  occurredAt: number,
  receivedAt: number,
]

/**
 * The history is one range of the primary key (user_id, occurred_at, id), read backwards. Properties may
 * be long: those of all events would exceed the 2 MB that D1 lets a row have.
 */
function subjectSql({ userId, at, historyLengthMax }: SubjectQuery) {
  return sql`
    with history as materialized (
      select id, type, item_id, value, properties, occurred_at, received_at from ${events}
      where user_id = ${userId} and occurred_at <= ${at} and received_at <= ${at}
      order by occurred_at desc, id desc limit ${historyLengthMax}
    ),
    latest as (
      select id from ${events}
      where user_id = ${userId} and occurred_at <= ${at} and received_at <= ${at}
      order by occurred_at desc, id desc limit 1
    )
    select
      (
        select json_object(
          'bundleId', bundle_id, 'family', family, 'createdAt', created_at, 'deployedAt', deployed_at
        )
        from ${deployments} join ${bundles} on ${bundles.id} = bundle_id where role = 'champion'
      ) as deployment,
      (select attributes from ${users} where id = ${userId}) as attributes,
      (
        select json_group_array(
          json_array(
            id, type, item_id, value, json(iif(id = (select id from latest), properties, null)), occurred_at,
            received_at
          )
        )
        from history
      ) as history,
      (
        select json_group_object(id, json(attributes)) from ${items}
        where id in (select item_id from history)
      ) as items`
}

function toEvent(columns: EventColumns, userId: string): Event {
  const [id, type, itemId, value, properties, occurredAt, receivedAt] = columns
  return {
    id,
    type,
    userId,
    occurredAt,
    receivedAt,
    ...(itemId !== null && { itemId }),
    ...(value !== null && { value }),
    ...(properties !== null && { properties }),
  }
}
