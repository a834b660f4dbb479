// A log of events as training sees it: histories streamed from the database in order, and merged with
// the users' attributes on the way, so that no more than one user is in memory.
import { compareText } from '../../features/event.ts'
import type { Attributes, Event } from '../../features/event.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataFault } from './data-fault.ts'
import type { EventData, UserHistory, UserProfile } from './data-set.ts'
import type { Database, Row } from './database.ts'
import { readEventLog } from './event-log.ts'
import type { ReadOptions } from './event-log.ts'
import { readProfiles } from './profiles.ts'
import { readRawTable } from './raw-table.ts'

export interface EventFiles {
  readonly events: string
  readonly users: string | undefined
  readonly items: string | undefined
}

export async function readEventData(
  database: Database,
  { files, options }: { readonly files: EventFiles; readonly options: ReadOptions },
): Promise<Result<EventData, DataFault>> {
  const { project, skipBadRows } = options
  const raw = await readRawTable(database, { path: files.events, table: 'raw_events' })
  if (!raw.ok) return raw
  const log = await readEventLog(database, { raw: raw.value, options })
  if (!log.ok) return log
  await database.run('drop table raw_events')
  let skippedCount = log.value
  for (const table of ['users', 'items'] as const) {
    const path = files[table]
    if (path === undefined) {
      await database.run(
        table === 'users'
          ? 'alter table log_users rename to users'
          : 'create table items (id varchar, attributes varchar)',
      )
      continue
    }
    const declared = table === 'users' ? project.user : project.item
    const profiles = await readProfiles(database, { path, table, declared, skipBadRows })
    if (!profiles.ok) return profiles
    skippedCount += profiles.value
  }
  const [counts] = await database.all(`select count(*)::double, count(distinct user_id)::double,
    min(occurred_at), max(occurred_at) from events`)
  const [eventCount = 0, userCount = 0, startMs = 0, endMs = 0] = (counts ?? []).map(Number)
  if (eventCount === 0) return fail({ code: 'empty_file', path: files.events })
  return succeed({
    kind: 'events',
    eventCount,
    userCount,
    startMs,
    endMs,
    items: await readItems(database),
    skippedCount,
    users: () => streamHistories(database),
    profiles: () => streamProfiles(database),
    close: () => database.close(),
  })
}

async function readItems(database: Database): Promise<Map<string, Attributes>> {
  const items = new Map<string, Attributes>()
  for await (const rows of database.stream('select id, attributes from items order by id')) {
    for (const [id, attributes] of rows) items.set(String(id), parseAttributes(attributes))
  }
  return items
}

async function* streamProfiles(database: Database): AsyncGenerator<UserProfile> {
  for await (const rows of database.stream('select id, attributes from users order by id')) {
    for (const [id, attributes] of rows) {
      yield { userId: String(id), attributes: parseAttributes(attributes) }
    }
  }
}

async function* streamHistories(database: Database): AsyncGenerator<UserHistory> {
  const profiles = streamProfiles(database)
  let profile = await profiles.next()
  const attributesOf = async (userId: string): Promise<Attributes> => {
    while (profile.done !== true && compareText(profile.value.userId, userId) < 0)
      profile = await profiles.next()
    return profile.done !== true && profile.value.userId === userId ? profile.value.attributes : {}
  }
  let events: Event[] = []
  try {
    const rowGroups =
      database.stream(`select user_id, occurred_at, id, type, item_id, value, properties, received_at
      from events order by user_id, occurred_at, id`)
    for await (const rows of rowGroups) {
      for (const row of rows) {
        const event = toEvent(row)
        const [first] = events
        if (first !== undefined && first.userId !== event.userId) {
          yield { userId: first.userId, attributes: await attributesOf(first.userId), events }
          events = []
        }
        events.push(event)
      }
    }
    const [first] = events
    if (first !== undefined)
      yield { userId: first.userId, attributes: await attributesOf(first.userId), events }
  } finally {
    await profiles.return(undefined)
  }
}

function toEvent([userId, occurredAt, id, type, itemId, value, properties, receivedAt]: Row): Event {
  return {
    id: String(id),
    type: String(type),
    userId: String(userId),
    ...(typeof itemId === 'string' && { itemId }),
    ...(typeof value === 'number' && { value }),
    ...(typeof properties === 'string' && { properties: parseAttributes(properties) }),
    occurredAt: Number(occurredAt),
    receivedAt: Number(receivedAt),
  }
}

function parseAttributes(json: unknown): Attributes {
  return typeof json === 'string' ? (JSON.parse(json) as Attributes) : {}
}
