// From the raw cells of a log to checked events in a table of the database: mapped, counted once by id, and with
// their users' attributes where the log carries those.
import { basename } from 'node:path'
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { Project } from '../../../features/project.ts'
import type { EventLogSource } from '../../../features/source.ts'
import { nestedChecks, standardExpressions } from '../cells/cells.ts'
import type { Expressions } from '../cells/cells.ts'
import { hasColumn } from '../files/columns.ts'
import type { DataFault } from '../data-fault.ts'
import { quoteName } from '../database.ts'
import type { Database } from '../database.ts'
import { resolveMapping } from '../cells/mapping.ts'
import type { DataWarning } from '../report/data-warning.ts'
import { roundedIds } from '../report/rounded-ids.ts'
import type { EventTable } from './event-tables.ts'
import { eventChecks, selectEvents } from './event-columns.ts'
import type { IdentifiedColumns } from './event-columns.ts'
import { fileReport, notesOf } from '../report/file-report.ts'
import type { FileReport } from '../report/file-report.ts'
import { copiedEvents } from './copied-events.ts'
import { CONFLICT, settleRepeated } from './repeated-events.ts'
import { rowIdOf } from './row-ids.ts'
import { keptCellsOf } from '../cells/kept-cells.ts'
import { ROW } from '../files/row-number.ts'
import { joinOrigins } from '../files/raw-table.ts'
import type { RawTable } from '../files/raw-table.ts'
import { findFaults, refusalOf } from '../cells/row-checks.ts'
import type { Check } from '../cells/row-checks.ts'
import { LIST_CHECK, MEMBER_PLACE, unfoldRows } from './unfold-rows.ts'

export interface ReadOptions {
  readonly project: Project
  readonly nowMs: number
  readonly skipBadRows: boolean
}

export interface ReadLog {
  readonly report: FileReport
  readonly notes: readonly DataWarning[]
  /** User attributes that rows of the log carry. */
  readonly attributeNames: readonly string[]
}

/** Makes the table `events`, in no order. Its column `user_attributes` is null where the log carries none. */
export async function readEventLog(
  database: Database,
  { tables, options }: { readonly tables: readonly EventTable[]; readonly options: ReadOptions },
): Promise<Result<ReadLog, DataFault>> {
  const { project } = options
  const resolved = await resolveMappings(database, { tables, project })
  if (!resolved.ok) return resolved
  const mapped = resolved.value
  const membersMax = Math.max(...mapped.map((mapping) => mapping.membersMax))
  const placeOf = (index: number): string => {
    const place = `((${ROW} - 1) * ${mapped.length} + ${index})`
    if (membersMax === 1) return place
    return `${place} * ${membersMax} + ${mapped[index]?.isUnfolded === true ? `${quoteName(MEMBER_PLACE)} - 1` : '0'}`
  }
  const checks: Check[] = []
  const selects = mapped.map(({ raw, columns, user, isStandard, isUnfolded }, index) => {
    const cells = keptCellsOf(raw)
    const { json, checks: userChecks } = cells.attributesOf(project.user, user)
    const nested = isStandard ? nestedChecks(project.context, { raw, nested: 'properties' }) : []
    const unfolded = isUnfolded ? [LIST_CHECK] : []
    const own = [...unfolded, ...eventChecks(columns, { ...options, cells }), ...userChecks, ...nested]
    const select = selectEvents(columns, {
      project,
      nowMs: options.nowMs,
      cells,
      checks: own,
      firstFault: checks.length,
      place: placeOf(index),
      userJson: Object.keys(user).length === 0 ? 'null::varchar' : json,
    })
    checks.push(...own)
    return select
  })
  await database.run(`create table events as ${selects.join(' union all ')}`)
  const rowsTaken = mapped.some(({ columns, isUnfolded }) => columns.where !== undefined || isUnfolded)
    ? await countRows(database)
    : undefined
  const names = [...new Set(mapped.flatMap(({ columns }) => Object.keys(columns.context ?? {})))]
  const hasIds = mapped.some(({ hasOwnIds }) => hasOwnIds)
  const repeated = hasIds ? await settleRepeated(database, { names, conflictFault: checks.length }) : 0
  const origin = joinOrigins(tables.map(({ raw }) => raw))
  const faults = await findFaults(database, { origin, table: 'events', checks: [...checks, CONFLICT] })
  const refusal = refusalOf(origin, { faults, skipBadRows: options.skipBadRows })
  if (refusal !== undefined) return fail(refusal)
  if (faults.count > 0) await database.run('delete from events where fault is not null')
  const report = fileReport({ role: 'events', origin, faults, stored: faults.goodCount, repeated, rowsTaken })
  const copied = mapped.some(({ hasOwnIds }) => !hasOwnIds) ? await copiedEvents(database, origin) : []
  const notes = [
    ...notesOf(report),
    ...(await clocksAhead(database, origin.path)),
    ...copied,
    ...(await roundedIdsOfLog(database, report.name)),
  ]
  const attributeNames = [...new Set(mapped.flatMap(({ user }) => Object.keys(user)))]
  return succeed({ report, notes, attributeNames })
}

/** How many rows yield an event, be it a bad one. */
async function countRows(database: Database): Promise<number> {
  const [counted] = await database.all(`select count(distinct ${ROW})::double from events`)
  return Number(counted?.[0])
}

/** A mapping, with the table it reads and the user attributes that the table carries. */
interface Mapped {
  readonly raw: RawTable
  readonly columns: IdentifiedColumns
  readonly user: Expressions
  /** Whether it is made of the columns of the standard names. */
  readonly isStandard: boolean
  /** Whether its events have ids in the file; otherwise a row is one. */
  readonly hasOwnIds: boolean
  /** Whether a row yields an event for each member of a list. */
  readonly isUnfolded: boolean
  /** So many events a row yields at most. */
  readonly membersMax: number
}

/** User attributes come with every mapping of the source, over whatever file that reads. */
async function resolveMappings(
  database: Database,
  { tables, project }: { readonly tables: readonly EventTable[]; readonly project: Project },
): Promise<Result<readonly Mapped[], DataFault>> {
  const mapped: Mapped[] = []
  for (const { raw, mappings } of tables) {
    const source = mappings === undefined ? standardSource(project, raw) : logSourceOf(project)
    const files = raw.files.map(({ file, rowsBefore }) => ({ path: file.path, rowsBefore }))
    const user = await resolveMapping(database, { raw, key: 'user', columns: source.user ?? {} })
    if (!user.ok) return user
    for (const [index, mapping] of (mappings ?? source.events).entries()) {
      const key = mappings === undefined ? 'events' : `events[${source.events.indexOf(mapping)}]`
      const unfolded = await unfoldRows(database, { raw, key, columns: mapping })
      if (!unfolded.ok) return unfolded
      const isUnfolded = mapping.each !== undefined
      const { columns } = unfolded.value
      const id = columns.id ?? rowIdOf(files, { mapping: index, ...(isUnfolded && { member: MEMBER_PLACE }) })
      mapped.push({
        ...unfolded.value,
        columns: { ...columns, id },
        user: user.value,
        isStandard: mappings === undefined,
        hasOwnIds: columns.id !== undefined,
        isUnfolded,
      })
    }
  }
  return succeed(mapped)
}

function logSourceOf({ source }: Project): EventLogSource {
  return source?.kind === 'events' ? source : { kind: 'events', events: [] }
}

/** The columns of the same names. */
function standardSource(project: Project, raw: RawTable): EventLogSource {
  const optional = (name: 'id' | 'itemId' | 'value' | 'receivedAt') =>
    hasColumn(raw.named, name) ? { [name]: quoteName(name) } : {}
  const columns = {
    type: '"type"',
    userId: '"userId"',
    occurredAt: '"occurredAt"',
    timeUnit: 'iso' as const,
    ...optional('id'),
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
        hasColumn(raw.named, name) ? [[name, quoteName(name)]] : [],
      ),
    ),
  }
}

async function roundedIdsOfLog(database: Database, name: string): Promise<DataWarning[]> {
  const users = { name, ids: 'select user_id as id from events', what: 'users' }
  const items = { name, ids: 'select item_id as id from events', what: 'items' }
  return [...(await roundedIds(database, users)), ...(await roundedIds(database, items))]
}

/** What claims to lie after its receipt happened when received; says how many events that were. */
async function clocksAhead(database: Database, path: string): Promise<DataWarning[]> {
  const [found] = await database.all(`select count(ahead_ms)::double, arg_max(id, ahead_ms), max(ahead_ms)
    from events where ahead_ms is not null`)
  const [count, id, aheadMs] = found ?? []
  if (Number(count) === 0) return []
  const furthest = `the furthest is '${String(id)}', ${Math.ceil(Number(aheadMs) / 1000)} s ahead`
  const text = `${basename(path)}: ${count} events claim a time after their receipt and count as of then`
  return [{ code: 'clocks_ahead', text, example: furthest }]
}
