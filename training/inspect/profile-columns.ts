// Statistics of every column of a table in the database: counts over all rows, cells of some.
import { VECTOR_LENGTH_MAX } from '../../features/vectors.ts'
import { quoteName } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import { describeColumn } from './column-kind.ts'
import { isMark } from './column.ts'
import type { Column, Member } from './column.ts'

const SAMPLE_ROWS = 4_000
/** Aggregates in one statement: a table may have a thousand columns. */
const COLUMNS_AT_ONCE = 60
const CELL_LENGTH_MAX = 400

/** A column's cell as text without blanks around it; null where it says that nothing is known. */
export function presentOf(name: string): string {
  const cell = `trim(${quoteName(name)}::varchar)`
  return `case when not ${isMark(cell)} then ${cell} end`
}

/** The columns that it is given, in their order. */
export async function profileColumns(
  database: Database,
  {
    table,
    names,
    members = new Map(),
  }: {
    readonly table: string
    readonly names: readonly string[]
    readonly members?: ReadonlyMap<string, Member>
  },
): Promise<Column[]> {
  const described = await database.all(`select column_name, column_type from (describe ${table})`)
  const types = new Map(described.map(([name, type]) => [String(name), String(type)]))
  const [counted] = await database.all(`select count(*)::double from ${table}`)
  const rowCount = Number(counted?.[0])
  const columns: Column[] = []
  for (let from = 0; from < names.length; from += COLUMNS_AT_ONCE) {
    const some = names.slice(from, from + COLUMNS_AT_ONCE)
    const cells = `${table}_cells`
    await keepCells(database, { table, names: some, into: cells })
    const measured = await measure(database, { table: cells, names: some, rowCount })
    const samples = await sampleOf(database, { table: cells, names: some, rowCount })
    const lengths = await vectorLengthsOf(database, { table: cells, samples, measured })
    await database.run(`drop table ${cells}`)
    for (const [index, name] of some.entries()) {
      columns.push(
        describeColumn({
          name,
          ...(members.has(name) && { member: members.get(name) as Member }),
          index: from + index,
          type: types.get(name) ?? 'VARCHAR',
          rowCount,
          ...(measured[index] as Measured),
          ...(lengths.has(index) && { vectorLength: lengths.get(index) as number }),
          sample: samples[index] ?? [],
        }),
      )
    }
  }
  return columns
}

interface Measured {
  readonly presentCount: number
  readonly distinctCount: number
  readonly numberCount: number
  readonly wholeCount: number
  readonly min: number | undefined
  readonly max: number | undefined
  readonly lengthMax: number
}

interface Request {
  readonly table: string
  readonly names: readonly string[]
  readonly rowCount: number
}

/** A table of the cells of some columns as v0, v1 …, and as numbers n0, n1 …: each is computed once. */
async function keepCells(
  database: Database,
  {
    table,
    names,
    into,
  }: { readonly table: string; readonly names: readonly string[]; readonly into: string },
): Promise<void> {
  const cells = names.map((name, index) => `${presentOf(name)} as v${index}`)
  await database.run(`create table ${into}_texts as select ${cells.join(', ')} from ${table}`)
  const numbers = names.map((_, index) => {
    const number = `try_cast(v${index} as double)`
    return `case when isfinite(${number}) then ${number} end as n${index}`
  })
  await database.run(`create table ${into} as select *, ${numbers.join(', ')} from ${into}_texts`)
  await database.run(`drop table ${into}_texts`)
}

async function measure(database: Database, { table, names, rowCount }: Request): Promise<Measured[]> {
  const aggregates = names.flatMap((_, index) => {
    const [cell, number] = [`v${index}`, `n${index}`]
    return [
      `count(${cell})::double`,
      `approx_count_distinct(${cell})::double`,
      `count(${number})::double`,
      `count(*) filter (${number} = trunc(${number}))::double`,
      `min(${number})`,
      `max(${number})`,
      `max(length(${cell}))::double`,
    ]
  })
  const [row = []] = await database.all(`select ${aggregates.join(', ')} from ${table}`)
  const measured = names.map((_, index): Measured => {
    const own = row.slice(7 * index, 7 * index + 7)
    const [presentCount = 0, distinctCount = 0, numberCount = 0, wholeCount = 0] = own.map(Number)
    const bound = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
    return {
      presentCount,
      distinctCount,
      numberCount,
      wholeCount,
      min: bound(own[4]),
      max: bound(own[5]),
      lengthMax: Number(own[6] ?? 0),
    }
  })
  const exact = names.flatMap((_, index) => {
    const { distinctCount = 0, presentCount = 0 } = measured[index] ?? {}
    return distinctCount > 0.8 * presentCount || distinctCount < 1_000 || rowCount < 200_000 ? [index] : []
  })
  if (exact.length === 0) return measured
  const [counts = []] = await database.all(
    `select ${exact.map((index) => `count(distinct v${index})::double`).join(', ')} from ${table}`,
  )
  for (const [place, index] of exact.entries()) {
    measured[index] = { ...(measured[index] as Measured), distinctCount: Number(counts[place]) }
  }
  return measured
}

interface ListsRequest {
  readonly table: string
  readonly samples: readonly (readonly string[])[]
  readonly measured: readonly Measured[]
}

/** By place, how many numbers each cell has, of columns in which all that are not empty have as many. */
async function vectorLengthsOf(
  database: Database,
  { table, samples, measured }: ListsRequest,
): Promise<ReadonlyMap<number, number>> {
  const lengths = new Map<number, number>()
  for (const [index, sample] of samples.entries()) {
    if (sample.length === 0 || !sample.every((cell) => cell.startsWith('['))) continue
    const list = `try_cast(v${index} as double[])`
    const full = `list_count(${list}) > 0`
    const [row = []] = await database.all(
      `select count(${list})::double, min(list_count(${list})) filter (${full})::double,
        max(len(${list})) filter (${full})::double from ${table}`,
    )
    const [listCount, least, most] = row
    if (listCount !== measured[index]?.presentCount || least !== most) continue
    if (typeof most === 'number' && most > 1 && most <= VECTOR_LENGTH_MAX) lengths.set(index, most)
  }
  return lengths
}

async function sampleOf(database: Database, { table, names, rowCount }: Request): Promise<string[][]> {
  // Rows from all over the table, the same ones every time.
  const stride = Math.max(1, Math.floor(rowCount / SAMPLE_ROWS))
  const cells = names.map((_, index) => `left(v${index}, ${CELL_LENGTH_MAX})`)
  const rows = await database.all(
    `select ${cells.join(', ')} from ${table} where rowid % ${stride} = 0 limit ${SAMPLE_ROWS}`,
  )
  return names.map((_, index) =>
    rows.flatMap((row) => (row[index] === null || row[index] === undefined ? [] : [String(row[index])])),
  )
}
