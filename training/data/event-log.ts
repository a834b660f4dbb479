// From the raw cells of a log to checked events in a table of the database: mapped, counted once by id,
// and with their users' attributes where the log carries those.
import { VALUE_MAX } from '../../features/event.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { Project } from '../../features/project.ts'
import type { EventColumns, EventLogSource } from '../../features/source.ts'
import {
  attributesOf,
  findMissingColumn,
  idChecks,
  numberOf,
  standardExpressions,
  textOf,
  timeOf,
} from './cells.ts'
import type { DataFault } from './data-fault.ts'
import { quoteName, quoteText } from './database.ts'
import type { Database } from './database.ts'
import { ROW } from './raw-table.ts'
import type { RawTable } from './raw-table.ts'
import { faultColumns, findFaults } from './row-checks.ts'
import type { Check } from './row-checks.ts'

export interface ReadOptions {
  readonly project: Project
  readonly nowMs: number
  readonly skipBadRows: boolean
}

type Columns = EventColumns & { readonly receivedAt?: string }

/** Makes the tables `events` and `log_users`; gives how many rows were skipped. */
export async function readEventLog(
  database: Database,
  { raw, options }: { readonly raw: RawTable; readonly options: ReadOptions },
): Promise<Result<number, DataFault>> {
  const { project } = options
  const source: Omit<EventLogSource, 'events'> & { readonly events: readonly Columns[] } =
    project.source?.kind === 'events' ? project.source : standardSource(project, raw)
  const userColumns = attributesOf(project.user, source.user ?? {})
  const checks = source.events.map((columns) => eventChecks(columns, options))
  const column = await findMissingColumn(database, {
    raw,
    expressions: [...source.events.flatMap(expressionsOf), ...Object.values(source.user ?? {})],
  })
  if (column !== undefined) {
    return fail({ code: 'no_such_column', path: raw.file.path, column, columns: raw.columns })
  }
  const all = [...checks.flat(), ...userColumns.checks]
  const selects = source.events.map((columns) =>
    selectEvents(columns, { options, raw, checks: all, userJson: userColumns.json }),
  )
  await database.run(`create table events as ${selects.join(' union all ')}`)
  await settleRepeated(database, all.length)
  const faults = await findFaults(database, { raw, table: 'events', checks: [...all, CONFLICT] })
  if (faults.count > 0 && !options.skipBadRows) {
    const unit = raw.file.kind === 'parquet' ? 'row' : 'line'
    return fail({ code: 'bad_rows', path: raw.file.path, unit, ...faults })
  }
  if (faults.count > 0) await database.run('delete from events where fault is not null')
  await database.run(`create table log_users as
    select user_id as id, arg_min(user_attributes, ${ROW}) as attributes from events group by 1`)
  return succeed(faults.count)
}

/** The columns of the same names. */
function standardSource(
  project: Project,
  raw: RawTable,
): Omit<EventLogSource, 'events'> & { readonly events: readonly Columns[] } {
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

function expressionsOf(columns: Columns): string[] {
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
function eventChecks(columns: Columns, { project, nowMs }: ReadOptions): Check[] {
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
    {
      field: 'value',
      expected: `a number of at most ${VALUE_MAX}, either way`,
      bad: `${isAmong(typesWith(project, 'value'))} and not coalesce(abs(${value}) <= ${VALUE_MAX}, false)`,
      found: foundValue,
    },
    ...timeChecks('occurredAt', { columns, expression: columns.occurredAt, nowMs }),
    ...(columns.receivedAt === undefined
      ? []
      : timeChecks('receivedAt', { columns, expression: columns.receivedAt, nowMs })),
    ...attributesOf(project.context, columns.context ?? {}).checks,
  ]
  if (columns.where === undefined) return checks
  return checks.map((check) => ({ ...check, bad: `(${columns.where}) and (${check.bad})` }))
}

function timeChecks(
  field: 'occurredAt' | 'receivedAt',
  {
    columns,
    expression,
    nowMs,
  }: { readonly columns: Columns; readonly expression: string; readonly nowMs: number },
): Check[] {
  const found = textOf(expression)
  const time = timeOf(expression, columns.timeUnit)
  const readable = { s: 'seconds since 1970', ms: 'milliseconds since 1970', iso: 'an ISO 8601 time' }
  // A log need not say when an event was received.
  const given = field === 'receivedAt' ? `${found} is not null and ` : ''
  return [
    {
      field,
      expected: readable[columns.timeUnit],
      bad: `${given}not coalesce(isfinite(${time}), false)`,
      found,
    },
    { field, expected: 'a time from 1970 on', bad: `${time} < 0`, found },
    { field, expected: 'a time that is not in the future', bad: `${time} > ${nowMs}`, found },
  ]
}

function selectEvents(
  columns: Columns,
  {
    options,
    raw,
    checks,
    userJson,
  }: {
    readonly options: ReadOptions
    readonly raw: RawTable
    readonly checks: readonly Check[]
    readonly userJson: string
  },
): string {
  const { project } = options
  const type = textOf(columns.type)
  const only = (names: readonly string[], sql: string): string =>
    `case when ${among(type, names)} then ${sql} end`
  const occurredAt = timeOf(columns.occurredAt, columns.timeUnit)
  const receivedAt = columns.receivedAt === undefined ? 'null' : timeOf(columns.receivedAt, columns.timeUnit)
  return `select ${ROW}, ${textOf(columns.id)} as id, ${type} as type, ${textOf(columns.userId)} as user_id,
    ${only(typesWith(project, 'item'), textOf(columns.itemId ?? 'null'))} as item_id,
    ${only(typesWith(project, 'value'), numberOf(columns.value ?? 'null'))} as value,
    ${occurredAt} as occurred_at, coalesce(${receivedAt}, ${occurredAt}) as received_at,
    ${columns.context === undefined ? 'null' : attributesOf(project.context, columns.context).json} as properties,
    ${userJson} as user_attributes,
    ${faultColumns(checks)}
    from ${raw.table} ${columns.where === undefined ? '' : `where ${columns.where}`}`
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
    select id, min(rowid) as first from events where fault is null group by id having count(*) > 1`)
  const [counted] = await database.all('select count(*)::double from repeated')
  if (Number(counted?.[0]) > 0) {
    const content = 'row(type, user_id, item_id, value, occurred_at, properties)::varchar'
    const later = 'events.id = firsts.id and events.fault is null and events.rowid <> firsts.first'
    await database.run(`create temp table firsts as select repeated.*, ${content} as content
      from events join repeated on events.rowid = repeated.first`)
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
