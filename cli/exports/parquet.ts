// From the lines of an export to Parquet, beside what the exports before wrote. Of what was corrected the last word
// is taken; events come in the order of time, those of one moment as they came in.
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hasEvents, labelTasksOf } from '../../features/project.ts'
import { quoteSql } from '../../features/quote-sql.ts'
import type { Project } from '../../features/project.ts'
import type { Database } from '../../training/data/database.ts'
import { COLUMNS, LATEST, ROWS } from './columns.ts'
import { linesPath, parquetPath, TABLES } from './state.ts'
import type { ExportState, Table } from './state.ts'

/** What DuckDB may hold; the rest goes to a temporary folder. */
const MEMORY_LIMIT = '128MB'
/** The longest line: DuckDB reads by twice as much at a time, and takes 32 MB unless told. */
const LINE_BYTES_MAX = 2_097_152
/** Rows that are held before they are written. */
const GROUP_ROWS = 20_480
/** Events that are sorted at a time, about: sorting holds more than its limit says. */
const SORTED_ROWS = 100_000

export interface Written {
  /** Rows by file. */
  readonly rows: Readonly<Record<string, number>>
  /** Labels of tasks, or of values, that the project does not declare. */
  readonly undeclared: number
  /** Of a table: whether each row has a time. */
  readonly isDated: boolean
}

export interface WriteRequest {
  readonly folder: string
  readonly project: Project
  readonly state: ExportState
}

/**
 * Writes a file a table, and what training reads that no table is: questions, or the rows of a table. Each is whole or
 * as it was. Done again it writes the same: of the files it takes what they held before these lines.
 */
export async function writeParquet({ folder, project, state }: WriteRequest): Promise<Written> {
  // Loaded here because DuckDB takes a while, which most verbs need not wait.
  const { openDatabase } = await import('../../training/data/database.ts')
  const database = await openDatabase(MEMORY_LIMIT)
  try {
    await database.run('set threads = 1')
    const rows: Record<string, number> = {}
    const write = async (name: string, query: string): Promise<void> => {
      const isEmptyKept = name === mainFileOf(project)
      rows[name] = await writeFile(database, { path: join(folder, `${name}.parquet`), query, isEmptyKept })
    }
    for (const table of TABLES.filter((one) => state.tables[one].next === null)) {
      const query = rowsQuery({ folder, state, table })
      if (table === 'events') await sortEvents(database, query)
      await write(table, table === 'events' ? 'select * from sorted_events' : query)
    }
    const labels = await declaredLabels(database, { project, from: fileOrNothing(folder, 'labels') })
    if (hasEvents(project)) await write('questions', 'select * from questions')
    else await write('rows', tableQuery(fileOrNothing(folder, 'users')))
    return { rows, ...labels }
  } finally {
    database.close()
  }
}

/** What the project's data are named by. */
export function mainFileOf(project: Project): 'events' | 'rows' {
  return hasEvents(project) ? 'events' : 'rows'
}

interface NewFile {
  readonly path: string
  readonly query: string
  readonly isEmptyKept: boolean
}

/** Gives how many rows. A file without any would say that nobody has attributes, where nothing is known of any. */
async function writeFile(database: Database, { path, query, isEmptyKept }: NewFile): Promise<number> {
  const [counted] = await database.all(`select count(*)::double from (${query})`)
  const count = Number(counted?.[0])
  if (count === 0 && !isEmptyKept) rmSync(path, { force: true })
  else {
    await database.run(
      `copy (${query}) to ${quoteSql(`${path}.part`)} (format parquet, row_group_size ${GROUP_ROWS})`,
    )
    renameSync(`${path}.part`, path)
  }
  return count
}

interface TableOf {
  readonly folder: string
  readonly state: ExportState
  readonly table: Table
}

/** What was stored by the export before, of its file, and what its lines have since. */
function rowsQuery({ folder, state, table }: TableOf): string {
  const { sinceMs } = state.tables[table]
  const added = ROWS[table](linesOf(folder, table))
  const path = parquetPath(folder, table)
  const rows =
    sinceMs === null || !existsSync(path)
      ? added
      : `select * from ${readParquet(path)} where "storedAt" <= ${sinceMs} union all by name ${added}`
  return LATEST[table]?.(rows) ?? rows
}

function linesOf(folder: string, table: Table): string {
  const columns = Object.entries(COLUMNS[table]).map(([name, type]) => `${quoteSql(name)}: '${type}'`)
  return `read_json(${quotePath(linesPath(folder, table))}, format = 'newline_delimited',
    maximum_object_size = ${LINE_BYTES_MAX}, columns = {${columns.join(', ')}})`
}

/** A table that was written, or one of the same columns without rows. */
function fileOrNothing(folder: string, table: Table): string {
  const path = parquetPath(folder, table)
  return existsSync(path) ? readParquet(path) : `(${ROWS[table](linesOf(folder, table))} limit 0)`
}

/** A path whose marks are no pattern. */
function quotePath(path: string): string {
  return quoteSql(path.replaceAll(/[[*?]/g, '[$&]'))
}

function readParquet(path: string): string {
  return `read_parquet(${quotePath(path)})`
}

/** Makes the table `sorted_events`, a stretch of time after the other. */
async function sortEvents(database: Database, query: string): Promise<void> {
  await database.run(`create table heard_events as ${query}`)
  const [counted] = await database.all('select count(*)::double from heard_events')
  const stretches = Math.max(1, Math.ceil(Number(counted?.[0]) / SORTED_ROWS))
  const shares = Array.from({ length: stretches - 1 }, (_, index) => (index + 1) / stretches)
  const cuts = shares.map((share) => `approx_quantile("occurredAt", ${share})::double`)
  const [bounds = []] =
    cuts.length === 0 ? [] : await database.all(`select ${cuts.join(', ')} from heard_events`)
  const edges = [-Infinity, ...bounds.map(Number).toSorted((a, b) => a - b), Infinity]
  await database.run('create table sorted_events as select * from heard_events limit 0')
  for (const [index, fromMs] of edges.slice(0, -1).entries()) {
    const within = [
      ...(Number.isFinite(fromMs) ? [`"occurredAt" >= ${fromMs}`] : []),
      ...(Number.isFinite(edges[index + 1]) ? [`"occurredAt" < ${edges[index + 1]}`] : []),
    ]
    await database.run(`insert into sorted_events select * from heard_events
      where ${['true', ...within].join(' and ')} order by "occurredAt", "receivedAt", place, id`)
  }
  await database.run('drop table heard_events')
}

/** Removes the lines, once the Parquet is there. */
export function removeLines(folder: string): void {
  for (const table of TABLES) rmSync(linesPath(folder, table), { force: true })
}

/** Makes the table `questions`: a row for each user and moment, with a column for each label task. */
async function declaredLabels(
  database: Database,
  { project, from }: { readonly project: Project; readonly from: string },
): Promise<Pick<Written, 'undeclared' | 'isDated'>> {
  const tasks = labelTasksOf(project)
  const isDeclared = [
    'false',
    ...tasks.map(
      ([name, { values }]) => `(task = ${quoteSql(name)} and value in (${values.map(quoteSql).join(', ')}))`,
    ),
  ].join(' or ')
  const columns = tasks.map(
    ([name]) => `any_value(value) filter (where task = ${quoteSql(name)}) as "${name}"`,
  )
  await database.run(`create table questions as
    select ${['"userId"', 'coalesce("at", 0) as "at"', ...columns].join(', ')}
    from ${from} where ${isDeclared} group by all order by 2, "userId"`)
  const [counted] = await database.all(`select
    (select count(*) from ${from} where not (${isDeclared}))::double,
    (select count(*) from questions where "at" = 0)::double`)
  const [undeclared = 0, undated = 0] = (counted ?? []).map(Number)
  return { undeclared, isDated: undated === 0 }
}

/** A row is what was known of a user at the moment of a label. */
function tableQuery(users: string): string {
  return `select questions."userId" as id, questions.* exclude ("userId"), (
      select arg_max(version.attributes, coalesce(version."knownAt", 0)) from ${users} as version
      where version.id = questions."userId" and (questions."at" = 0 or coalesce(version."knownAt", 0) <= questions."at")
    ) as attributes from questions order by "at", "userId"`
}
