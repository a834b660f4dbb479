// Files of users and items: rows with an id, attributes, and since when those are known. An id may have
// several rows, in any order; a row without attributes is how something is forgotten.
import { UNDATED_MS } from '../../../features/attributes.ts'
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { Reading, VersionColumns } from '../../../features/source.ts'
import { nestedChecks, standardExpressions } from '../cells/cells.ts'
import { memberOf } from '../cells/member.ts'
import type { Declarations } from '../cells/cells.ts'
import { hasColumn } from '../files/columns.ts'
import { keptCellsOf } from '../cells/kept-cells.ts'
import { conflictChecks, markConflicts } from './conflicts.ts'
import type { DataFault } from '../data-fault.ts'
import type { Database } from '../database.ts'
import type { FileList } from '../files/expand-path.ts'
import { resolveMapping } from '../cells/mapping.ts'
import { fileReport } from '../report/file-report.ts'
import type { FileReport } from '../report/file-report.ts'
import { readRawTable } from '../files/raw-table.ts'
import { faultColumns, findFaults, refusalOf } from '../cells/row-checks.ts'
import { ROW } from '../files/row-number.ts'

export interface VersionsRequest {
  readonly files: FileList
  readonly reading: Reading
  /** How columns map; undefined for the columns of the standard names. */
  readonly source: VersionColumns | undefined
  /** Of the table that is made, with columns id, known_at, attributes (JSON) and place, a row an id and time. */
  readonly table: 'users' | 'items'
  readonly declared: Declarations
  readonly nowMs: number
  readonly skipBadRows: boolean
}

export interface ReadVersions {
  /** Absent where there is no such file. */
  readonly report?: FileReport
  /** Attributes that some row gives without a time, though they may change. */
  readonly undatedNames: readonly string[]
}

/** Makes the table. */
export async function readVersions(
  database: Database,
  { files, reading, source, table, declared, nowMs, skipBadRows }: VersionsRequest,
): Promise<Result<ReadVersions, DataFault>> {
  const read = await readRawTable(database, { files, reading, table: `raw_${table}` })
  if (!read.ok) return read
  const raw = read.value
  const standard = hasColumn(raw.named, 'knownAt') ? { id: 'id', knownAt: 'knownAt' } : { id: 'id' }
  const given: VersionColumns = source ?? standard
  const attributes = standardExpressions(declared, {
    raw,
    nested: 'attributes',
    required: true,
    mapped: given.attributes,
  })
  const resolved = await resolveMapping(database, { raw, key: table, columns: { ...given, attributes } })
  if (!resolved.ok) return resolved
  const { id, where, knownAt: dated, attributes: expressions } = resolved.value
  const cells = keptCellsOf(raw)
  const { json, checks: attributeChecks } = cells.attributesOf(declared, expressions)
  const knownAt = { field: 'knownAt', expression: dated ?? 'null', unit: given.timeUnit ?? 'iso' }
  const checks = [
    ...cells.whereChecks(where),
    ...(table === 'users' ? cells.userIdChecks : cells.itemIdChecks)('id', id),
    ...cells.optionalTimeChecks(knownAt, nowMs),
    ...nestedChecks(declared, { raw, nested: 'attributes', mapped: given.attributes }),
    ...attributeChecks,
  ]
  const checked = `checked_${table}`
  await database.run(`create table ${checked} as select ${ROW}, ${cells.idOf(id)} as id,
    coalesce(${cells.pastTimeOf(knownAt, nowMs)}, ${UNDATED_MS})::double as known_at, ${json} as attributes,
    ${faultColumns(checks, cells)} from ${cells.from(where)}`)
  const names = Object.keys(expressions)
  const time = dated === undefined ? 'id, as there is no column knownAt' : 'time'
  await markConflicts(database, {
    table: checked,
    key: ['id', 'known_at'],
    json: 'attributes',
    names,
    missingDiffers: true,
    firstFault: checks.length,
  })
  const faults = await findFaults(database, {
    origin: raw,
    table: checked,
    checks: [...checks, ...conflictChecks(names, time)],
  })
  const refusal = refusalOf(raw, { faults, skipBadRows })
  if (refusal !== undefined) return fail(refusal)
  await database.run(`create table ${table} as
    select id, known_at, any_value(attributes) as attributes, min(${ROW})::double - 1 as place
    from ${checked} where fault is null group by id, known_at order by id, known_at`)
  await database.run(`drop table ${checked}`)
  await database.run(`drop table ${raw.table}`)
  const undatedNames = await findUndated(database, {
    table,
    names: names.filter((name) => declared[name]?.fixed !== true),
  })
  const [counted] = await database.all(`select count(*)::double from ${table}`)
  const stored = Number(counted?.[0])
  const rowsTaken = source?.where === undefined ? undefined : faults.goodCount + faults.count - raw.badCount
  const repeated = faults.goodCount - stored
  return succeed({
    report: fileReport({ role: table, origin: raw, faults, stored, repeated, rowsTaken }),
    undatedNames,
  })
}

/** Those of the names that a row without a time gives a value for. */
async function findUndated(
  database: Database,
  { table, names }: { readonly table: string; readonly names: readonly string[] },
): Promise<string[]> {
  if (names.length === 0) return []
  const given = names.map((name) => `count(${memberOf('attributes', name)})::double`)
  const [counts] = await database.all(
    `select ${given.join(', ')} from ${table} where known_at = ${UNDATED_MS}`,
  )
  return names.filter((_, index) => Number(counts?.[index]) > 0)
}
