// From the lines of an export to Parquet that training reads. Of what was corrected the last word is taken;
// events come in the order of time, those of one moment as they came in.
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hasEvents, labelTasksOf } from '../../features/project.ts'
import { quoteSql } from '../../features/quote-sql.ts'
import type { Project } from '../../features/project.ts'
import type { Database } from '../../training/data/database.ts'
import { linesPath } from './state.ts'
import type { Table } from './state.ts'

/** What DuckDB may hold; the rest goes to a temporary folder. */
const MEMORY_LIMIT = '128MB'
/** The longest line: DuckDB reads by twice as much at a time, and takes 32 MB unless told. */
const LINE_BYTES_MAX = 2_097_152
/** Rows that are held before they are written. */
const GROUP_ROWS = 20_480
/** Events that are sorted at a time, about: sorting holds more than its limit says. */
const SORTED_ROWS = 100_000

const COLUMNS: Readonly<Record<Table, Readonly<Record<string, 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'JSON'>>>> = {
  events: {
    id: 'VARCHAR',
    type: 'VARCHAR',
    userId: 'VARCHAR',
    itemId: 'VARCHAR',
    value: 'DOUBLE',
    properties: 'JSON',
    occurredAt: 'BIGINT',
    receivedAt: 'BIGINT',
    place: 'BIGINT',
    storedAt: 'BIGINT',
  },
  users: { id: 'VARCHAR', knownAt: 'BIGINT', attributes: 'JSON', storedAt: 'BIGINT' },
  items: { id: 'VARCHAR', knownAt: 'BIGINT', attributes: 'JSON', storedAt: 'BIGINT' },
  labels: {
    userId: 'VARCHAR',
    task: 'VARCHAR',
    value: 'VARCHAR',
    at: 'BIGINT',
    knownAt: 'BIGINT',
    storedAt: 'BIGINT',
  },
}

export interface Written {
  /** Rows by file. */
  readonly rows: Readonly<Record<string, number>>
  /** Labels of tasks, or of values, that the project does not declare. */
  readonly undeclared: number
  /** Of a table: whether each row has a time. */
  readonly isDated: boolean
}

/** Writes what the project's kind of data consists of, each file whole or as it was. */
export async function writeParquet(folder: string, project: Project): Promise<Written> {
  // Loaded here because DuckDB takes a while, which most verbs need not wait.
  const { openDatabase, quoteFile, quoteText } = await import('../../training/data/database.ts')
  const database = await openDatabase(MEMORY_LIMIT)
  const from = (table: Table): string => {
    const columns = Object.entries(COLUMNS[table]).map(([name, type]) => `${quoteText(name)}: '${type}'`)
    return `read_json(${quoteFile(linesPath(folder, table))}, format = 'newline_delimited',
      maximum_object_size = ${LINE_BYTES_MAX}, columns = {${columns.join(', ')}})`
  }
  try {
    await database.run('set threads = 1')
    if (hasEvents(project)) await sortEvents(database, from('events'))
    const labels = await declaredLabels(database, { project, from: from('labels') })
    const queries = hasEvents(project) ? logQueries(from) : tableQueries(from('users'))
    const rows: Record<string, number> = {}
    for (const [name, query] of Object.entries(queries)) {
      const path = join(folder, `${name}.parquet`)
      const [counted] = await database.all(`select count(*)::double from (${query})`)
      rows[name] = Number(counted?.[0])
      if (name !== 'events' && name !== 'rows' && rows[name] === 0) {
        // Nothing is known of any: a file without rows would say that nobody has attributes.
        rmSync(path, { force: true })
        continue
      }
      await database.run(
        `copy (${query}) to ${quoteText(`${path}.part`)} (format parquet, row_group_size ${GROUP_ROWS})`,
      )
      renameSync(`${path}.part`, path)
    }
    return { rows, ...labels }
  } finally {
    database.close()
  }
}

/** Makes the table `sorted_events`, a stretch of time after the other. */
async function sortEvents(database: Database, from: string): Promise<void> {
  await database.run(`create table heard_events as select * exclude ("storedAt") from ${from}`)
  const [counted] = await database.all('select count(*)::double from heard_events')
  const stretches = Math.max(1, Math.ceil(Number(counted?.[0]) / SORTED_ROWS))
  const shares = Array.from({ length: stretches - 1 }, (_, index) => (index + 1) / stretches)
  const cuts = shares.map((share) => `approx_quantile("occurredAt", ${share})::double`)
  const [bounds = []] =
    cuts.length === 0 ? [] : await database.all(`select ${cuts.join(', ')} from heard_events`)
  const edges = [-Infinity, ...bounds.map(Number).toSorted((a, b) => a - b), Infinity]
  await database.run('create table sorted_events as select * exclude (place) from heard_events limit 0')
  for (const [index, fromMs] of edges.slice(0, -1).entries()) {
    const within = [
      ...(Number.isFinite(fromMs) ? [`"occurredAt" >= ${fromMs}`] : []),
      ...(Number.isFinite(edges[index + 1]) ? [`"occurredAt" < ${edges[index + 1]}`] : []),
    ]
    await database.run(`insert into sorted_events select * exclude (place) from heard_events
      where ${['true', ...within].join(' and ')} order by "occurredAt", "receivedAt", place, id`)
  }
  await database.run('drop table heard_events')
}

/** Removes the lines, once the Parquet is there. */
export function removeLines(folder: string): void {
  for (const table of Object.keys(COLUMNS) as Table[]) {
    const path = linesPath(folder, table)
    if (existsSync(path)) rmSync(path)
  }
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
  await database.run(`create table held as select "userId", task, "at", arg_max(value, "storedAt") as value
    from ${from} group by all`)
  const columns = tasks.map(
    ([name]) => `any_value(value) filter (where task = ${quoteSql(name)}) as "${name}"`,
  )
  await database.run(`create table questions as select ${['"userId"', '"at"', ...columns].join(', ')}
    from held where ${isDeclared} group by "userId", "at" order by "at", "userId"`)
  const [counted] = await database.all(`select (select count(*) from held where not (${isDeclared}))::double,
    (select count(*) from questions where "at" = 0)::double`)
  const [undeclared = 0, undated = 0] = (counted ?? []).map(Number)
  return { undeclared, isDated: undated === 0 }
}

function logQueries(from: (table: Table) => string): Readonly<Record<string, string>> {
  return {
    events: 'select * from sorted_events',
    users: versionsOf(from('users')),
    items: versionsOf(from('items')),
    questions: 'select * from questions',
  }
}

/** A row is what was known of a user at the moment of a label. */
function tableQueries(users: string): Readonly<Record<string, string>> {
  return {
    rows: `select questions."userId" as id, questions.* exclude ("userId"), (
        select arg_max(version.attributes, coalesce(version."knownAt", 0)) from (${versionsOf(users)}) as version
        where version.id = questions."userId" and (questions."at" = 0 or coalesce(version."knownAt", 0) <= questions."at")
      ) as attributes from questions order by "at", "userId"`,
  }
}

/** Of the versions of one moment the one stored last; 0 stands for no time. */
function versionsOf(from: string): string {
  return `select id, nullif("knownAt", 0) as "knownAt", arg_max(attributes, "storedAt") as attributes
    from ${from} group by id, "knownAt" order by id, "knownAt"`
}
