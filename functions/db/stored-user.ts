// Reading all that a prediction about one user needs in one call to D1: SQL of its own, not of Drizzle,
// which takes as long to build and map queries as the call itself takes (bench/predict.ts). What encode
// does not look at is not read, so that no row comes near the 2 MB that D1 lets one have.
import type { Attributes, Versions } from '../../features/attributes.ts'
import type { Event } from '../../features/event.ts'
import { HISTORY_LENGTH_MAX } from '../../features/manifest.ts'
import { attemptRead } from './client.ts'
import type { Database } from './client.ts'

/** What is known of one user at a moment. */
export interface StoredUser {
  /** The latest events, in no order, with properties on the very latest alone. */
  readonly history: readonly Event[]
  /** The version that holds; none where nothing was put. */
  readonly user: Versions
  /** The versions that hold of the history's items: categories, and of the latest item all. */
  readonly items: ReadonlyMap<string, Versions>
}

export interface StoredUserQuery {
  readonly userId: string
  /** What happened, was received or became known after this moment is left out. */
  readonly atMs: number
  /**
   * What was stored after this moment is left out: what a question asked then was answered from. Everything
   * counts where it is absent.
   */
  readonly storedByMs?: number
  /** The attributes that are read of every item of the history. */
  readonly itemCategories: readonly string[]
}

export async function readStoredUser(db: Database, query: StoredUserQuery): Promise<StoredUser> {
  const { userId, atMs, storedByMs = Number.MAX_SAFE_INTEGER, itemCategories } = query
  const rows = await attemptRead('a stored user', () =>
    db.$client
      .prepare(STORED_USER_SQL)
      .bind(userId, atMs, JSON.stringify(itemCategories), storedByMs)
      .raw<StoredRow>(),
  )
  const user: Versions[number][] = []
  const items = new Map<string, Versions>()
  let history: readonly Event[] = []
  for (const [part, ofText, text] of rows) {
    const value: unknown = JSON.parse(text)
    if (part === 'history') {
      history = (value as readonly EventColumns[]).map((columns) => toEvent(columns, userId))
      continue
    }
    for (const [id, knownAt] of JSON.parse(ofText) as readonly VersionColumns[]) {
      const version = { knownAt, attributes: value as Attributes }
      if (part === 'user') user.push(version)
      else items.set(id, [version])
    }
  }
  return { history, user, items }
}

/** Attributes stand once for all that have the same: a history of a hundred items has a few categories. */
type StoredRow = [part: 'history' | 'user' | 'items', of: string, text: string]

type VersionColumns = readonly [id: string, knownAt: number]

type EventColumns = readonly [
  id: string,
  type: string,
  itemId: string | null,
  value: number | null,
  properties: Attributes | null,
  occurredAt: number,
  receivedAt: number,
  place: number,
]

/**
 * The history is one range of the primary key (user_id, occurred_at, id), read backwards; only events of
 * one moment are sorted. ?1 is the user, ?2 the moment, ?3 the names of the item's categories as JSON,
 * ?4 when all that is read was stored.
 */
const STORED_USER_SQL = `
    with history as materialized (
      select id, type, item_id, value, properties, occurred_at, received_at, place from events
      where user_id = ?1 and occurred_at <= ?2 and received_at <= ?2 and stored_at <= ?4
      order by occurred_at desc, received_at desc, place desc, id desc limit ${HISTORY_LENGTH_MAX}
    ),
    latest as materialized (
      select id from history order by occurred_at desc, received_at desc, place desc, id desc limit 1
    ),
    latest_item as materialized (
      select item_id from history where item_id is not null
      order by occurred_at desc, received_at desc, place desc, id desc limit 1
    )
    select 'history', '[]', json_group_array(
      json_array(
        id, type, item_id, value, json(iif(id = (select id from latest), properties, null)), occurred_at,
        received_at, place
      )
    )
    from history
    union all
    select 'user', json_array(json_array(?1, known_at)), attributes from (
      select known_at, attributes from users where id = ?1 and known_at <= ?2 and stored_at <= ?4
      order by known_at desc, stored_at desc limit 1
    )
    union all
    select 'items', json_group_array(json_array(id, known_at)), shown from (
      select id, known_at, iif(
        id = (select item_id from latest_item),
        attributes,
        (
          select json_group_object(key, value) from json_each(attributes)
          where key in (select value from json_each(?3))
        )
      ) as shown
      from (select distinct item_id from history) as named
      join items on id = item_id and (known_at, stored_at) = (
        select known_at, stored_at from items as version
        where version.id = named.item_id and version.known_at <= ?2 and version.stored_at <= ?4
        order by version.known_at desc, version.stored_at desc limit 1
      )
    )
    group by shown`

function toEvent(columns: EventColumns, userId: string): Event {
  const [id, type, itemId, value, properties, occurredAt, receivedAt, place] = columns
  return {
    id,
    type,
    userId,
    occurredAt,
    receivedAt,
    place,
    ...(itemId !== null && { itemId }),
    ...(value !== null && { value }),
    ...(properties !== null && { properties }),
  }
}
