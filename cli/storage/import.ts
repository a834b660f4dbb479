// Puts a data set into D1. Every row goes in under its own id and events that are there stay, so a run
// that was cut short is finished by the next. Another event under a known id goes into quarantine.
import { attributesAt, UNDATED_MS } from '../../features/attributes.ts'
import type { Attributes, Versions } from '../../features/attributes.ts'
import type { Event } from '../../features/event.ts'
import { EVENT_COLUMNS, sameEventSql, SENT_EVENT_SQL } from '../../features/same-event.ts'
import type { DataSet, Question, UserRecord } from '../../training/data/data-set.ts'
import { createRowWriter } from './row-writer.ts'
import { quoteSql, STORED_NOW } from './storage.ts'
import type { Storage } from './storage.ts'
import { createVersionWriter } from './versions.ts'

export interface Imported {
  /** What the data hold: events, and users and items of whom attributes are known. */
  readonly events: number
  readonly users: number
  readonly items: number
  /** Labels of label tasks. */
  readonly labels: number
  /** Rows that the database did not have, or not like that: events, labels, and versions of users and items. */
  readonly stored: {
    readonly events: number
    readonly users: number
    readonly items: number
    readonly labels: number
  }
  /** Events that are not stored: the same were there already, or others under their ids. */
  readonly known: { readonly repeated: number; readonly conflicting: number }
  /** How many versions of users and items are dated after `sinceMs`. */
  readonly laterVersions: number
  /** Somebody to ask about: whose event is the latest, or the first row's. */
  readonly example: Example
}

export interface Example {
  readonly userId: string
  readonly attributes: Attributes
  /** An item of the log; absent where none is named. */
  readonly itemId?: string
}

export interface ImportRequest {
  readonly data: DataSet
  readonly storage: Storage
  readonly nowMs: number
  /** Unix milliseconds; now where absent. */
  readonly sinceMs?: number
  /** Called with how many more rows are done (rowCountOf in open-data.ts). */
  readonly onProgress?: (count: number) => void
  /** Called with how many more events the database holds. */
  readonly onStoredEvents?: (count: number) => void
}

/** In quarantine, in place of the id of a request. */
const REQUEST = 'import'
const CONFLICT = JSON.stringify([
  { code: 'conflicting_id', path: ['id'], message: 'Another event is stored under this id, and stays' },
])

/** Rows of a table become users with their attributes. */
export async function importData(request: ImportRequest): Promise<Imported> {
  const { data, storage, nowMs, sinceMs = nowMs, onProgress, onStoredEvents } = request
  const items = createVersionWriter({ storage, table: 'items', nowMs })
  const users = createVersionWriter({ storage, table: 'users', nowMs })
  let conflicting = 0
  const events = createRowWriter({
    storage,
    statementsFor: (rows) => [insertEvents(rows)],
    ...(onStoredEvents !== undefined && { onStored: onStoredEvents }),
    onLess: async (lists) => {
      // The file still has what an earlier import left out.
      if (conflicting === 0) await storage.execute([`delete from quarantine where request_id = '${REQUEST}'`])
      conflicting += await storage.execute(lists.map((rows) => insertConflicts(rows, nowMs)))
    },
  })
  const labels = createRowWriter({ storage, statementsFor: (rows) => [insertLabels(rows)] })
  let laterVersions = 0
  const seeVersions = (versions: Versions): void => {
    laterVersions += versions.filter(({ knownAt }) => knownAt > sinceMs).length
  }
  for (const [id, versions] of data.items) {
    seeVersions(versions)
    await items.add(id, versions)
  }
  await items.flush()
  const counts = { events: 0, users: 0, labels: 0 }
  const examples = createExampleChooser()
  for await (const user of data.users()) {
    examples.see(user)
    if (user.versions.length > 0) {
      counts.users += 1
      seeVersions(user.versions)
      await users.add(user.userId, user.versions)
    }
    for (const row of user.questions.flatMap((question) => labelRows(user.userId, question))) {
      counts.labels += 1
      await labels.add(row)
    }
    for (const event of user.events) {
      counts.events += 1
      await events.add(eventRow(event))
      onProgress?.(1)
    }
    onProgress?.(1)
  }
  await users.flush()
  await events.flush()
  await labels.flush()
  await storage.execute(['events', 'labels'].map(countHeard))
  return {
    ...counts,
    items: data.items.size,
    stored: {
      events: events.stored(),
      users: users.stored(),
      items: items.stored(),
      labels: labels.stored(),
    },
    known: { repeated: counts.events - events.stored() - conflicting, conflicting },
    laterVersions,
    example: examples.choose(),
  }
}

/** What is said of events that were refused because others are stored under their ids. */
export function describeConflicts(count: number): string {
  return `${count} events refused: others are stored under their ids, and stay (the table quarantine has what was refused)`
}

function insertEvents(rows: string): string {
  const values = EVENT_COLUMNS.map((_, index) => `value ->> ${index}`).join(', ')
  return `insert or ignore into events (${EVENT_COLUMNS.join(', ')}, stored_at)
    select ${values}, ${STORED_NOW} from json_each(${rows})`
}

/** What is held already is not stored again; another value stands beside the one that it corrects. */
function insertLabels(rows: string): string {
  const columns = ['user_id', 'task', 'at', 'value', 'known_at']
  const values = columns.map((_, index) => `sent.value ->> ${index}`)
  return `insert into labels (${columns.join(', ')}, stored_at)
    select ${values.join(', ')}, ${STORED_NOW} from json_each(${rows}) as sent
    where sent.value ->> 3 is not (
      select held.value from labels as held
      where held.user_id = sent.value ->> 0 and held.task = sent.value ->> 1 and held.at = sent.value ->> 2
      order by held.stored_at desc limit 1
    )
    on conflict (user_id, task, at, stored_at) do update set value = excluded.value, known_at = excluded.known_at`
}

/** Nobody says since when a file's labels are known. */
function labelRows(userId: string, { atMs, labels }: Question): unknown[][] {
  return Object.entries(labels).map(([task, value]) => [userId, task, atMs ?? UNDATED_MS, value, UNDATED_MS])
}

/** Counted anew: what the service notes as it goes knows nothing of imports. */
function countHeard(table: string): string {
  return `insert or replace into heard (kind, count) select '${table}', count(*) from ${table}`
}

/** To run after the rows went in: keeps those that did not, and are not stored already either. */
function insertConflicts(rows: string, nowMs: number): string {
  return `insert into quarantine (request_id, position, event, reasons, received_at)
    select '${REQUEST}', sent.value ->> 8, ${SENT_EVENT_SQL}, ${quoteSql(CONFLICT)}, ${nowMs}
    from json_each(${rows}) as sent join events as known on known.id = sent.value ->> 2
    where not ${sameEventSql()}`
}

function eventRow(event: Event): unknown[] {
  const { userId, occurredAt, id, type, itemId, value, properties, receivedAt, place } = event
  const optional = [itemId ?? null, value ?? null, properties ?? null]
  return [userId, occurredAt, id, type, ...optional, receivedAt, place ?? 0]
}

/** Sees every user once, and chooses one with the latest event, or the first where there are no events. */
function createExampleChooser() {
  let chosen: UserRecord | undefined
  let [latestMs, itemId]: [number, string | undefined] = [-1, undefined]
  return {
    see: (user: UserRecord): void => {
      const endMs = user.events.at(-1)?.occurredAt ?? -1
      if (chosen === undefined || endMs > latestMs) chosen = user
      latestMs = Math.max(latestMs, endMs)
      itemId ??= user.events.find((event) => event.itemId !== undefined)?.itemId
    },
    choose: (): Example => ({
      userId: chosen?.userId ?? '',
      attributes: attributesAt(chosen?.versions ?? [], Infinity),
      ...(itemId !== undefined && { itemId }),
    }),
  }
}
