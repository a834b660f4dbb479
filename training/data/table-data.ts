// A table of labelled rows as a data set: a row is a user without events, asked about once
// where its label is known; the others are there to be served.
import { undated } from '../../features/attributes.ts'
import type { Attributes, Versions } from '../../features/attributes.ts'
import type { Project } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { TableSource } from '../../features/source.ts'
import { nestedChecks, standardExpressions } from './cells/cells.ts'
import { keptCellsOf } from './cells/kept-cells.ts'
import { hasColumn } from './files/columns.ts'
import type { DataFault } from './data-fault.ts'
import type { DataSet, UserRecord } from './data-set.ts'
import type { Database } from './database.ts'
import type { ReadOptions } from './log/event-log.ts'
import { labelCells, labelExpressions, parseLabels } from './cells/labels.ts'
import type { DataWarning } from './report/data-warning.ts'
import { fileReport, notesOf } from './report/file-report.ts'
import { roundedIds } from './report/rounded-ids.ts'
import { reportAttributes } from './report/attribute-report.ts'
import { reportLabels } from './report/label-report.ts'
import { reportOf } from './report/report.ts'
import type { FileList } from './files/expand-path.ts'
import { resolveMapping } from './cells/mapping.ts'
import { readRawTable } from './files/raw-table.ts'
import { faultColumns, findFaults, refusalOf } from './cells/row-checks.ts'
import { ROW } from './files/row-number.ts'

/** The mapping of a table; the columns of their own names where the project has none. */
export function tableSourceOf({ source }: Project): TableSource {
  return source?.kind === 'table' ? source : { kind: 'table', labels: {} }
}

export async function readTableData(
  database: Database,
  { files, options }: { readonly files: FileList; readonly options: ReadOptions },
): Promise<Result<DataSet, DataFault>> {
  const { project, nowMs } = options
  const source = tableSourceOf(project)
  const reading = source.reading ?? {}
  const read = await readRawTable(database, { files, reading, table: 'raw_rows' })
  if (!read.ok) return read
  const raw = read.value
  const hasIds = hasColumn(raw.named, 'id') && !('id' in project.user)
  const resolved = await resolveMapping(database, {
    raw,
    key: '',
    columns: {
      ...source,
      id: source.id ?? (hasIds ? 'id' : ROW),
      user: standardExpressions(project.user, {
        raw,
        nested: 'attributes',
        required: true,
        mapped: source.user,
      }),
      labels: labelExpressions(project, source.labels),
    },
  })
  if (!resolved.ok) return resolved
  const { id, user, where } = resolved.value
  const at = { field: 'at', expression: resolved.value.at ?? 'null', unit: source.timeUnit ?? 'iso' }
  const cells = keptCellsOf(raw)
  const labels = labelCells(cells, { project, mapping: resolved.value.labels })
  const attributes = cells.attributesOf(project.user, user)
  const checks = [
    ...cells.whereChecks(where),
    ...cells.userIdChecks('id', id),
    ...(source.at === undefined ? [] : cells.timeChecks(at, nowMs)),
    ...nestedChecks(project.user, { raw, nested: 'attributes', mapped: source.user }),
    ...attributes.checks,
    ...labels.checks,
  ]
  await database.run(`create table labelled as select ${ROW}, ${cells.idOf(id)} as id, ${cells.pastTimeOf(at, nowMs)} as at_ms,
    ${attributes.json} as attributes, ${labels.json} as labels, ${labels.isLabelled} as is_labelled,
    ${faultColumns(checks, cells)}
    from ${cells.from(where)}`)
  await database.run(`drop table ${raw.table}`)
  const faults = await findFaults(database, { origin: raw, table: 'labelled', checks })
  const refusal = refusalOf(raw, { faults, skipBadRows: options.skipBadRows })
  if (refusal !== undefined) return fail(refusal)
  if (faults.count > 0) await database.run('delete from labelled where fault is not null')
  const [counted] = await database.all(`select count(*)::double, count(*) filter (is_labelled)::double,
    min(at_ms), max(at_ms), count(distinct id)::double from labelled`)
  const [rowCount = 0, questionCount = 0, startMs = 0, endMs = 0, idCount = 0] = (counted ?? []).map(Number)
  if (rowCount === 0) return fail({ code: 'empty_file', path: raw.path })
  const span = source.at === undefined ? undefined : { startMs, endMs }
  const counts = { eventCount: 0, userCount: rowCount, questionCount, span }
  const rowsTaken = source.where === undefined ? undefined : rowCount + faults.count - raw.badCount
  const file = fileReport({
    role: 'rows',
    origin: raw,
    faults,
    stored: questionCount,
    unlabelled: rowCount - questionCount,
    rowsTaken,
  })
  const rows = 'select id as who, attributes from labelled'
  const attributesRead = await reportAttributes(database, [{ origin: 'user', declared: project.user, rows }])
  return succeed({
    ...counts,
    report: reportOf({
      files: [file],
      counts: { userCount: idCount, span },
      items: 0,
      attributes: attributesRead,
      labels: await reportLabels(database, { project, rows: 'select labels from labelled' }),
    }),
    items: new Map(),
    undated: [],
    notes: [
      ...notesOf(file),
      ...(await roundedIds(database, { name: file.name, ids: 'select id from labelled', what: 'users' })),
      ...(await repeatedIds(database, {
        name: file.name,
        count: rowCount - idCount,
        isDated: span !== undefined,
      })),
    ],
    users: () => streamRows(database),
    close: () => database.close(),
  })
}

/** Says that rows have the id of an earlier one: nobody is two users, and the service knows of each what came last. */
async function repeatedIds(
  database: Database,
  { name, count, isDated }: { readonly name: string; readonly count: number; readonly isDated: boolean },
): Promise<DataWarning[]> {
  if (count === 0) return []
  const [first] = await database.all(
    `select id from labelled group by id having count(*) > 1 order by min(${ROW}) limit 1`,
  )
  const text = `${name}: ${count} ${count === 1 ? 'row has' : 'rows have'} the id of an earlier one; each is learned from, and the ${isDated ? 'latest' : 'last'} of an id is what the service knows`
  return [{ code: 'repeated_ids', text, example: `as '${String(first?.[0])}'` }]
}

/** What a row says was known at its moment. */
function versionsOf(attributes: Attributes, atMs: unknown): Versions {
  return typeof atMs === 'number' ? [{ knownAt: atMs, attributes }] : undated(attributes)
}

async function* streamRows(database: Database): AsyncGenerator<UserRecord> {
  const query = `select ${ROW}::double - 1, id, at_ms, attributes, labels from labelled order by ${ROW}`
  for await (const rows of database.stream(query)) {
    for (const [place, id, atMs, attributes, labels] of rows) {
      const known = parseLabels(labels)
      yield {
        userId: String(id),
        versions: versionsOf(JSON.parse(String(attributes)) as Attributes, atMs),
        events: [],
        questions:
          Object.keys(known).length === 0
            ? []
            : [{ atMs: typeof atMs === 'number' ? atMs : null, place: Number(place), labels: known }],
      }
    }
  }
}
