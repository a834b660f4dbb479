// Puts a data set into D1. Every row goes in under its own id and rows that are there stay, so a run
// that was cut short is finished by the next.
import type { Attributes, Event } from '../../features/event.ts'
import type { DataSet } from '../../training/data/data-set.ts'
import { quoteSql } from './storage.ts'
import type { Storage } from './storage.ts'

/** D1 takes statements of 100 KB; the rest is for the words around the JSON. */
const JSON_BYTES_MAX = 90_000

const EVENTS = `insert or ignore into events
  (user_id, occurred_at, id, type, item_id, value, properties, received_at)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
  from json_each`
const PROFILES = {
  users:
    'insert or ignore into users (id, attributes, updated_at) select value ->> 0, value ->> 1, value ->> 2 from json_each',
  items:
    'insert or ignore into items (id, attributes, updated_at) select value ->> 0, value ->> 1, value ->> 2 from json_each',
}

export interface Imported {
  readonly events: number
  readonly users: number
  readonly items: number
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
  /** Called with how many more rows are done. */
  readonly onProgress?: (count: number) => void
}

/** Rows of a table become users with their attributes. */
export async function importData({ data, storage, nowMs, onProgress }: ImportRequest): Promise<Imported> {
  const writer = createWriter(storage)
  let done = 0
  const count = (): void => {
    done += 1
    onProgress?.(1)
  }
  if (data.kind === 'table') {
    let first: Example | undefined
    for await (const { id, attributes } of data.rows()) {
      first ??= { userId: id, attributes }
      await writer.add(PROFILES.users, [id, JSON.stringify(attributes), nowMs])
      count()
    }
    await writer.flush()
    return { events: 0, users: done, items: 0, example: first ?? { userId: '', attributes: {} } }
  }
  for (const [id, attributes] of data.items) {
    await writer.add(PROFILES.items, [id, JSON.stringify(attributes), nowMs])
  }
  let users = 0
  for await (const { userId, attributes } of data.profiles()) {
    await writer.add(PROFILES.users, [userId, JSON.stringify(attributes), nowMs])
    users += 1
  }
  let example: Example = { userId: '', attributes: {} }
  let [latestMs, itemId]: [number, string | undefined] = [-1, undefined]
  for await (const { userId, attributes, events } of data.users()) {
    const endMs = events.at(-1)?.occurredAt ?? -1
    if (endMs > latestMs) example = { userId, attributes }
    latestMs = Math.max(latestMs, endMs)
    for (const event of events) {
      itemId ??= event.itemId
      await writer.add(EVENTS, eventRow(event))
      count()
    }
  }
  await writer.flush()
  return {
    events: done,
    users,
    items: data.items.size,
    example: { ...example, ...(itemId !== undefined && { itemId }) },
  }
}

function eventRow(event: Event): unknown[] {
  const { userId, occurredAt, id, type, itemId, value, properties, receivedAt } = event
  return [userId, occurredAt, id, type, itemId ?? null, value ?? null, properties ?? null, receivedAt]
}

/** Gathers rows of one table into statements, and statements into calls. */
function createWriter(storage: Storage) {
  let into = ''
  let rows: string[] = []
  let bytes = 0
  let statements: string[] = []
  const closeStatement = (): void => {
    if (rows.length > 0) statements.push(`${into}(${quoteSql(`[${rows.join(',')}]`)}) where true`)
    rows = []
    bytes = 0
  }
  const send = async (): Promise<void> => {
    if (statements.length > 0) await storage.execute(statements)
    statements = []
  }
  return {
    add: async (table: string, row: readonly unknown[]): Promise<void> => {
      const text = JSON.stringify(row)
      // Quotes are doubled in SQL.
      const size = Buffer.byteLength(text) + text.split("'").length
      if (table !== into || bytes + size > JSON_BYTES_MAX) closeStatement()
      if (statements.length >= storage.statementsMax) await send()
      into = table
      rows.push(text)
      bytes += size
    },
    flush: async (): Promise<void> => {
      closeStatement()
      await send()
    },
  }
}
