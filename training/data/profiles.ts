// Users and items of a folder: files with an id and attributes, one row each.
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import { attributesOf, findMissingColumn, idChecks, standardExpressions, textOf } from './cells.ts'
import type { Attributes } from './cells.ts'
import type { DataFault } from './data-fault.ts'
import type { Database } from './database.ts'
import { readRawTable, ROW } from './raw-table.ts'
import { faultColumns, findFaults } from './row-checks.ts'

export interface ProfileFile {
  readonly path: string
  /** Of the table that is made, with columns id and attributes (JSON); the last row of an id counts. */
  readonly table: 'users' | 'items'
  readonly declared: Attributes
  readonly skipBadRows: boolean
}

/** Makes the table; gives how many rows were skipped. */
export async function readProfiles(
  database: Database,
  { path, table, declared, skipBadRows }: ProfileFile,
): Promise<Result<number, DataFault>> {
  const read = await readRawTable(database, { path, table: `raw_${table}` })
  if (!read.ok) return read
  const raw = read.value
  const expressions = standardExpressions(declared, { raw, nested: 'attributes', required: true })
  const column = await findMissingColumn(database, {
    raw,
    expressions: ['id', ...Object.values(expressions)],
  })
  if (column !== undefined) return fail({ code: 'no_such_column', path, column, columns: raw.columns })
  const { json, checks: attributeChecks } = attributesOf(declared, expressions)
  const checks = [...idChecks('id', 'id'), ...attributeChecks]
  await database.run(`create table checked_${table} as
    select ${ROW}, ${textOf('id')} as id, ${json} as attributes, ${faultColumns(checks)} from ${raw.table}`)
  const faults = await findFaults(database, { raw, table: `checked_${table}`, checks })
  if (faults.count > 0 && !skipBadRows) {
    return fail({ code: 'bad_rows', path, unit: raw.file.kind === 'parquet' ? 'row' : 'line', ...faults })
  }
  await database.run(`create table ${table} as
    select id, arg_max(attributes, ${ROW}) as attributes from checked_${table} where fault is null group by id`)
  await database.run(`drop table checked_${table}`)
  await database.run(`drop table ${raw.table}`)
  return succeed(faults.count)
}
