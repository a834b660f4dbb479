// Users streamed from the tables of a log: what the tables say of one user is brought together on the way,
// so that no more than one user is in memory.
import type { Attributes, AttributeVersion, Versions } from '../../../features/attributes.ts'
import { compareEvents } from '../../../features/event.ts'
import type { Event } from '../../../features/event.ts'
import type { Question, UserRecord } from '../data-set.ts'
import type { Database, Row } from '../database.ts'
import { parseLabels } from '../cells/labels.ts'

/** `toVersions` makes versions of what the table `users` says of one user, in order. */
export async function* streamUsers(
  database: Database,
  { toVersions }: { readonly toVersions: (rows: Versions) => Versions },
): AsyncGenerator<UserRecord> {
  const versions = createCursor(database, {
    query: 'select user_place::double, id, known_at, attributes from users',
    parse: (row) => toVersion(row.slice(2)),
  })
  // The tables lie in the order of users and histories, which is checked, so that no pass need sort them.
  const events = createCursor(database, {
    query: `select user_place::double, user_id, occurred_at, id, type, item_id, value, properties, received_at, place::double
      from events`,
    parse: toEvent,
  })
  const questions = createCursor(database, {
    query: 'select user_place::double, user_id, at_ms, place, labels from questions',
    parse: toQuestion,
  })
  const cursors = [versions, events, questions]
  try {
    await Promise.all(cursors.map((cursor) => cursor.start()))
    for (;;) {
      const [next] = cursors.flatMap((cursor) => cursor.next() ?? []).toSorted((a, b) => a.place - b.place)
      if (next === undefined) return
      yield {
        userId: next.userId,
        versions: toVersions(await versions.take(next)),
        events: assertOrder(await events.take(next)),
        questions: await questions.take(next),
      }
    }
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.stop()))
  }
}

/** Throws where the events are not in the order of a history. */
function assertOrder(events: readonly Event[]): readonly Event[] {
  for (const [index, event] of events.entries()) {
    const before = events[index - 1]
    if (before !== undefined && compareEvents(before, event) > 0) {
      throw new Error(`Expected events in the order of a history, got '${event.id}' after '${before.id}'`)
    }
  }
  return events
}

/** What is known of items, by id. */
export async function readItems(database: Database): Promise<Map<string, Versions>> {
  const items = new Map<string, AttributeVersion[]>()
  for await (const rows of database.stream('select id, known_at, attributes from items')) {
    for (const row of rows) {
      const id = String(row[0])
      const version = toVersion(row.slice(1))
      const versions = items.get(id)
      if (versions === undefined) items.set(id, [version])
      else versions.push(version)
    }
  }
  return items
}

/** Whose rows come next. */
interface Next {
  /** Among all users. */
  readonly place: number
  readonly userId: string
}

/** Walks through the rows of a table that lie in the order of users, whose place and id are their first cells. */
interface Cursor<Value> {
  /** Reads the first rows; to be awaited before all else. */
  start(): Promise<void>
  /** Undefined at the end. */
  next(): Next | undefined
  /** All rows of this user; none where another user's come next. */
  take(user: Next): Promise<Value[]>
  /** Reads no further. */
  stop(): Promise<unknown>
}

function createCursor<Value>(
  database: Database,
  { query, parse }: { readonly query: string; readonly parse: (row: Row) => Value },
): Cursor<Value> {
  const chunks = database.stream(query)[Symbol.asyncIterator]()
  let rows: readonly Row[] = []
  let index = 0
  const fill = async (): Promise<void> => {
    while (index >= rows.length) {
      const next = await chunks.next()
      if (next.done === true) return
      rows = next.value
      index = 0
    }
  }
  const upcoming = (): Next | undefined => {
    const row = rows[index]
    return row === undefined ? undefined : { place: Number(row[0]), userId: String(row[1]) }
  }
  return {
    start: fill,
    next: upcoming,
    take: async ({ place, userId }) => {
      const values: Value[] = []
      for (let row = rows[index]; row !== undefined && row[0] === place; row = rows[index]) {
        values.push(parse(row))
        index += 1
        if (index >= rows.length) await fill()
      }
      const next = upcoming()
      if (next !== undefined && next.place < place) {
        throw new Error(`Expected rows in the order of users, got '${next.userId}' after '${userId}'`)
      }
      return values
    },
    stop: async () => chunks.return?.(),
  }
}

function toEvent([, userId, occurredAt, id, type, itemId, value, properties, receivedAt, place]: Row): Event {
  return {
    id: String(id),
    type: String(type),
    userId: String(userId),
    ...(typeof itemId === 'string' && { itemId }),
    ...(typeof value === 'number' && { value }),
    ...(typeof properties === 'string' && { properties: parseAttributes(properties) }),
    occurredAt: Number(occurredAt),
    receivedAt: Number(receivedAt),
    place: Number(place),
  }
}

function toVersion([knownAt, attributes]: Row): AttributeVersion {
  return { knownAt: Number(knownAt), attributes: parseAttributes(attributes) }
}

function toQuestion([, , atMs, place, labels]: Row): Question {
  return { atMs: Number(atMs), place: Number(place), labels: parseLabels(labels) }
}

function parseAttributes(json: unknown): Attributes {
  return JSON.parse(String(json)) as Attributes
}
