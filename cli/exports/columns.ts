// What the lines of a table hold as the service gives them, and the rows that Parquet keeps of them. A table more is
// a line in each map.
import type { Table } from './state.ts'

type Type = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'JSON'
type Columns = Readonly<Record<string, Type>>

const versions: Columns = { id: 'VARCHAR', knownAt: 'BIGINT', attributes: 'JSON', storedAt: 'BIGINT' }

/** Members of a line by table, and what DuckDB reads them as. */
export const COLUMNS: Readonly<Record<Table, Columns>> = {
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
  users: versions,
  items: versions,
  labels: {
    userId: 'VARCHAR',
    task: 'VARCHAR',
    value: 'VARCHAR',
    at: 'BIGINT',
    knownAt: 'BIGINT',
    storedAt: 'BIGINT',
  },
  predictions: { id: 'BIGINT', bundleId: 'VARCHAR', role: 'VARCHAR', pack: 'JSON', storedAt: 'BIGINT' },
  outcomes: { predictionId: 'BIGINT', task: 'VARCHAR', targets: 'JSON', storedAt: 'BIGINT' },
}

/**
 * SQL: the rows of Parquet that lines make. 0 stands for no time in D1, null here. An answer is a row for each task:
 * `pack` and `place` name it, and are what its outcomes are found by; `numbers` are as features/prediction-pack.ts has
 * them. A `target` is the index of a class, or an amount; null where it is not known.
 */
export const ROWS: Readonly<Record<Table, (lines: string) => string>> = {
  events: (lines) => `select * from ${lines}`,
  users: versionRows,
  items: versionRows,
  labels: (
    lines,
  ) => `select "userId", task, value, nullif("at", 0) as "at", nullif("knownAt", 0) as "knownAt",
    "storedAt" from ${lines}`,
  predictions: (
    lines,
  ) => `select pack, place, "bundleId", role, answer ->> 0 as "requestId", answer ->> 1 as "userId",
      (answer ->> 2)::bigint as "at", task, from_json(answer -> (5 + column_of_task), '["DOUBLE"]') as numbers,
      (answer ->> 3)::double as propensity, answer ->> 4 as fallback,
      case when answer ->> 5 is not null then answer -> 5 end as context, "storedAt"
    from (
      select *, unnest(tasks) as task, generate_subscripts(tasks, 1) as column_of_task from (
        select id as pack, "bundleId", role, "storedAt", from_json(pack -> 'tasks', '["VARCHAR"]') as tasks,
          unnest(from_json(pack -> 'rows', '["JSON"]')) as answer,
          generate_subscripts(from_json(pack -> 'rows', '["JSON"]'), 1) - 1 as place
        from ${lines}
      )
    )`,
  outcomes: (lines) => `select pack, place, task, target, "storedAt" from (
      select "predictionId" as pack, task, "storedAt", unnest(targets) as target,
        generate_subscripts(targets, 1) - 1 as place
      from (select * replace (from_json(targets, '["DOUBLE"]') as targets) from ${lines})
    )`,
}

/** SQL: of rows that correct each other the one stored last. */
export const LATEST: Readonly<Partial<Record<Table, (rows: string) => string>>> = {
  users: latestVersions,
  items: latestVersions,
  labels: (rows) => `select "userId", task, arg_max(value, "storedAt") as value, "at",
    arg_max("knownAt", "storedAt") as "knownAt", max("storedAt") as "storedAt"
    from (${rows}) group by "userId", task, "at" order by "at", "userId", task`,
}

function versionRows(lines: string): string {
  return `select id, nullif("knownAt", 0) as "knownAt", attributes, "storedAt" from ${lines}`
}

function latestVersions(rows: string): string {
  return `select id, "knownAt", arg_max(attributes, "storedAt") as attributes, max("storedAt") as "storedAt"
    from (${rows}) group by id, "knownAt" order by id, "knownAt" nulls first`
}
