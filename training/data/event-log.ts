// From the raw cells of a log to checked events in a table of the database: mapped, counted once by id, in
// the order of users and their histories, and with their users' attributes where the log carries those.
import { basename } from 'node:path'
import { VALUE_MAX } from '../../features/event.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { Project } from '../../features/project.ts'
import type { EventColumns, EventLogSource } from '../../features/source.ts'
import {
  attributesOf,
  findMissingColumn,
  idChecks,
  idLengthCheck,
  numberOf,
  standardExpressions,
  textOf,
} from './cells.ts'
import type { DataFault } from './data-fault.ts'
import { quoteName, quoteText } from './database.ts'
import type { Database } from './database.ts'
import { ROW } from './raw-table.ts'
import type { RawTable } from './raw-table.ts'
import { faultColumns, findFaults } from './row-checks.ts'
import type { Check } from './row-checks.ts'
import { claimedTimeChecks, optionalTimeChecks, timeChecks, timeOf } from './times.ts'
import { placeUsers } from './user-places.ts'

export interface ReadOptions {
  readonly project: Project
  readonly nowMs: number
  readonly skipBadRows: boolean
}

export interface ReadLog {
  readonly skippedCount: number
  readonly notes: readonly string[]
  /** User attributes that rows of the log carry. */
  readonly attributeNames: readonly string[]
}

/**
 * Makes the table `events`, in the order of users (`user_places`, made too) and of their histories. Its
 * column `user_attributes` is null where the log carries none.
 */
export async function readEventLog(
  database: Database,
  { raw, options }: { readonly raw: RawTable; readonly options: ReadOptions },
): Promise<Result<ReadLog, DataFault>> {
  const { project } = options
  const source = project.source?.kind === 'events' ? project.source : standardSource(project, raw)
  const userColumns = attributesOf(project.user, source.user ?? {})
  const checks = source.events.map((columns) => eventChecks(columns, options))
  const column = await findMissingColumn(database, {
    raw,
    expressions: [...source.events.flatMap(expressionsOf), ...Object.values(source.user ?? {})],
  })
  if (column !== undefined) {
    return fail({ code: 'no_such_column', path: raw.file.path, column, columns: raw.columns })
  }
  const attributeNames = Object.keys(source.user ?? {})
  const all = [...checks.flat(), ...userColumns.checks]
  const placeOf = (index: number): string => `(${ROW} - 1) * ${source.events.length} + ${index}`
  const named = source.events.map((columns, index) => selectUsers(columns, { raw, place: placeOf(index) }))
  await placeUsers(database, named.join(' union all '))
  const selects = source.events.map((columns, index) =>
    selectEvents(columns, {
      project,
      raw,
      checks: all,
      place: placeOf(index),
      userJson: attributeNames.length === 0 ? 'null::varchar' : userColumns.json,
    }),
  )
  await database.run(`create table events as
    select * from (${selects.join(' union all ')}) left join user_places using (user_id)
    order by user_place, occurred_at, received_at, place, id`)
  await settleRepeated(database, all.length)
  const faults = await findFaults(database, { raw, table: 'events', checks: [...all, CONFLICT] })
  if (faults.count > 0 && !options.skipBadRows) {
    const unit = raw.file.kind === 'parquet' ? 'row' : 'line'
    return fail({ code: 'bad_rows', path: raw.file.path, unit, ...faults })
  }
  if (faults.count > 0) await database.run('delete from events where fault is not null')
  const notes = await clocksAhead(database, raw.file.path)
  return succeed({ skippedCount: faults.count, notes, attributeNames })
}

/** The columns of the same names. */
function standardSource(project: Project, raw: RawTable): EventLogSource {
  const optional = (name: 'itemId' | 'value' | 'receivedAt') =>
    raw.columns.includes(name) ? { [name]: quoteName(name) } : {}
  const columns = {
    id: 'id',
    type: '"type"',
    userId: '"userId"',
    occurredAt: '"occurredAt"',
    timeUnit: 'iso' as const,
    ...optional('itemId'),
    ...optional('value'),
    ...optional('receivedAt'),
    context: standardExpressions(project.context, { raw, nested: 'properties', required: false }),
  }
  return {
    kind: 'events',
    events: [columns],
    user: Object.fromEntries(
      Object.keys(project.user).flatMap((name) =>
        raw.columns.includes(name) ? [[name, quoteName(name)]] : [],
      ),
    ),
  }
}

function expressionsOf(columns: EventColumns): string[] {
  const { id, type, userId, itemId, value, occurredAt, receivedAt, where, context } = columns
  return [
    id,
    type,
    userId,
    itemId,
    value,
    occurredAt,
    receivedAt,
    where,
    ...Object.values(context ?? {}),
  ].filter((expression) => expression !== undefined)
}

/** Every check holds only for the rows that yield this kind of event. */
function eventChecks(columns: EventColumns, { project, nowMs }: ReadOptions): Check[] {
  const type = textOf(columns.type)
  const types = Object.keys(project.events)
  const itemId = textOf(columns.itemId ?? 'null')
  const value = numberOf(columns.value ?? 'null')
  const foundValue = textOf(columns.value ?? 'null')
  const isAmong = (names: readonly string[]): string => `coalesce(${among(type, names)}, false)`
  const checks: Check[] = [
    ...idChecks('id', columns.id),
    ...idChecks('userId', columns.userId),
    { field: 'type', expected: `one of ${types.join(', ')}`, bad: `not ${isAmong(types)}`, found: type },
    {
      field: 'itemId',
      expected: 'an item',
      bad: `${isAmong(typesWith(project, 'item'))} and ${itemId} is null`,
      found: itemId,
    },
    idLengthCheck('itemId', columns.itemId ?? 'null'),
    {
      field: 'value',
      expected: `a number of at most ${VALUE_MAX}, either way`,
      bad: `${isAmong(typesWith(project, 'value'))} and not coalesce(abs(${value}) <= ${VALUE_MAX}, false)`,
      found: foundValue,
    },
    ...eventTimeChecks(columns, nowMs),
    ...attributesOf(project.context, columns.context ?? {}).checks,
  ]
  if (columns.where === undefined) return checks
  return checks.map((check) => ({ ...check, bad: `(${columns.where}) and (${check.bad})` }))
}

function timeCells({ occurredAt, receivedAt, timeUnit: unit }: EventColumns) {
  return {
    occurred: { field: 'occurredAt', expression: occurredAt, unit },
    // A log need not say when an event was received.
    received: receivedAt === undefined ? undefined : { field: 'receivedAt', expression: receivedAt, unit },
  }
}

function eventTimeChecks(columns: EventColumns, nowMs: number): Check[] {
  const { occurred, received } = timeCells(columns)
  if (received === undefined) return timeChecks(occurred, nowMs)
  return [
    ...claimedTimeChecks(occurred, { atMostMs: timeOf(received), nowMs }),
    ...optionalTimeChecks(received, nowMs),
  ]
}

function selectEvents(
  columns: EventColumns,
  {
    project,
    raw,
    checks,
    place,
    userJson,
  }: {
    readonly project: Project
    readonly raw: RawTable
    readonly checks: readonly Check[]
    readonly place: string
    readonly userJson: string
  },
): string {
  const type = textOf(columns.type)
  const only = (names: readonly string[], sql: string): string =>
    `case when ${among(type, names)} then ${sql} end`
  const { occurred, received } = timeCells(columns)
  const claimedAt = timeOf(occurred)
  const receivedAt = received === undefined ? claimedAt : `coalesce(${timeOf(received)}, ${claimedAt})`
  const aheadMs =
    received === undefined ? 'null::double' : `nullif(greatest(${claimedAt} - ${receivedAt}, 0), 0)`
  return `select ${ROW}, ${place} as place, ${textOf(columns.id)} as id, ${type} as type,
    ${textOf(columns.userId)} as user_id,
    ${only(typesWith(project, 'item'), textOf(columns.itemId ?? 'null'))} as item_id,
    ${only(typesWith(project, 'value'), numberOf(columns.value ?? 'null'))} as value,
    least(${claimedAt}, ${receivedAt}) as occurred_at, ${receivedAt} as received_at, ${aheadMs} as ahead_ms,
    ${columns.context === undefined ? 'null' : attributesOf(project.context, columns.context).json} as properties,
    ${userJson} as user_attributes,
    ${faultColumns(checks)}
    from ${rowsOf(raw, columns.where)}`
}

/** Whom the rows name, and where. */
function selectUsers(
  { userId, where }: EventColumns,
  { raw, place }: { readonly raw: RawTable; readonly place: string },
): string {
  return `select ${textOf(userId)} as user_id, ${place} as place from ${rowsOf(raw, where)}`
}

/** The rows that yield a kind of event. */
function rowsOf({ table }: RawTable, where: string | undefined): string {
  return where === undefined ? table : `${table} where ${where}`
}

/** What claims to lie after its receipt happened when received; says how many events that were. */
async function clocksAhead(database: Database, path: string): Promise<string[]> {
  const [found] = await database.all(`select count(ahead_ms)::double, arg_max(id, ahead_ms), max(ahead_ms)
    from events where ahead_ms is not null`)
  const [count, id, aheadMs] = found ?? []
  if (Number(count) === 0) return []
  const furthest = `the furthest is '${String(id)}', ${Math.ceil(Number(aheadMs) / 1000)} s ahead`
  return [
    `${basename(path)}: ${count} events claim a time after their receipt and count as of then; ${furthest}`,
  ]
}

/** What is said of a row whose fault has the number after those of the other checks. */
const CONFLICT: Check = {
  field: 'id',
  expected: 'an id of its own, or the same event again',
  bad: '',
  found: '',
}

/** The same event again counts once; another event under an id that is taken is a bad row. */
async function settleRepeated(database: Database, conflictFault: number): Promise<void> {
  await database.run(`create temp table repeated as
    select id, min(place) as first from events where fault is null group by id having count(*) > 1`)
  const [counted] = await database.all('select count(*)::double from repeated')
  if (Number(counted?.[0]) > 0) {
    const content = 'row(type, user_id, item_id, value, occurred_at, properties)::varchar'
    const later = 'events.id = firsts.id and events.fault is null and events.place <> firsts.first'
    await database.run(`create temp table firsts as select repeated.*, ${content} as content
      from events join repeated on events.place = repeated.first`)
    await database.run(`update events set fault = ${conflictFault}, found = left(events.id, 80)
      from firsts where ${later} and ${content} <> firsts.content`)
    await database.run(`delete from events using firsts where ${later}`)
    await database.run('drop table firsts')
  }
  await database.run('drop table repeated')
}

function typesWith(project: Project, part: 'item' | 'value'): string[] {
  return Object.entries(project.events).flatMap(([name, event]) => (event[part] === true ? [name] : []))
}

function among(expression: string, names: readonly string[]): string {
  return names.length === 0 ? 'false' : `${expression} in (${names.map(quoteText).join(', ')})`
}
