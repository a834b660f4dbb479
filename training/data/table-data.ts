// A table of labelled rows as training sees it.
import type { Attributes } from '../../features/event.ts'
import type { LabelTask, Project } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { TableSource } from '../../features/source.ts'
import { attributesOf, findMissingColumn, idChecks, standardExpressions, textOf } from './cells.ts'
import type { DataFault } from './data-fault.ts'
import type { LabelledRow, TableData } from './data-set.ts'
import { quoteName, quoteText } from './database.ts'
import type { Database } from './database.ts'
import type { ReadOptions } from './event-log.ts'
import { readRawTable, ROW } from './raw-table.ts'
import { faultColumns, findFaults } from './row-checks.ts'
import type { Check } from './row-checks.ts'

export async function readTableData(
  database: Database,
  { path, options }: { readonly path: string; readonly options: ReadOptions },
): Promise<Result<TableData, DataFault>> {
  const { project } = options
  const read = await readRawTable(database, { path, table: 'raw_rows' })
  if (!read.ok) return read
  const raw = read.value
  const source: TableSource =
    project.source?.kind === 'table' ? project.source : { kind: 'table', labels: {} }
  const id = source.id ?? (raw.columns.includes('id') && !('id' in project.user) ? 'id' : ROW)
  const user = {
    ...standardExpressions(project.user, { raw, nested: 'attributes', required: true }),
    ...source.user,
  }
  const labels = labelsOf(project, source)
  const expressions = [id, ...Object.values(user), ...labels.map((label) => label.expression)]
  const column = await findMissingColumn(database, {
    raw,
    expressions: source.where === undefined ? expressions : [...expressions, source.where],
  })
  if (column !== undefined) return fail({ code: 'no_such_column', path, column, columns: raw.columns })
  const attributes = attributesOf(project.user, user)
  const checks = [...idChecks('id', id), ...attributes.checks, ...labels.map(labelCheck)]
  const labelPairs = labels.map((label) => `${quoteText(label.name)}, ${textOf(label.expression)}`)
  await database.run(`create table labelled as select ${ROW}, ${textOf(id)} as id, ${attributes.json} as attributes,
    json_object(${labelPairs.join(', ')})::varchar as labels, ${faultColumns(checks)}
    from ${raw.table} ${source.where === undefined ? '' : `where ${source.where}`}`)
  await database.run(`drop table ${raw.table}`)
  const faults = await findFaults(database, { raw, table: 'labelled', checks })
  if (faults.count > 0 && !options.skipBadRows) {
    return fail({ code: 'bad_rows', path, unit: raw.file.kind === 'parquet' ? 'row' : 'line', ...faults })
  }
  if (faults.count > 0) await database.run('delete from labelled where fault is not null')
  const [counted] = await database.all('select count(*)::double from labelled')
  const rowCount = Number(counted?.[0])
  if (rowCount === 0) return fail({ code: 'empty_file', path })
  return succeed({
    kind: 'table',
    rowCount,
    skippedCount: faults.count,
    rows: () => streamRows(database),
    close: () => database.close(),
  })
}

interface Label {
  readonly name: string
  readonly task: LabelTask
  readonly expression: string
}

/** A label that the mapping does not name is the column of its own name. */
function labelsOf(project: Project, source: TableSource): Label[] {
  return Object.entries(project.tasks).flatMap(([name, task]) =>
    task.kind === 'label' ? [{ name, task, expression: source.labels[name] ?? quoteName(name) }] : [],
  )
}

function labelCheck({ name, task, expression }: Label): Check {
  const found = textOf(expression)
  const values = task.values.map(quoteText).join(', ')
  const expected = `one of ${task.values.join(', ')}`
  return { field: name, expected, bad: `not coalesce(${found} in (${values}), false)`, found }
}

async function* streamRows(database: Database): AsyncGenerator<LabelledRow> {
  const query = `select ${ROW}::double - 1, id, attributes, labels from labelled order by ${ROW}`
  for await (const rows of database.stream(query)) {
    for (const [index, id, attributes, labels] of rows) {
      yield {
        index: Number(index),
        id: String(id),
        attributes: JSON.parse(String(attributes)) as Attributes,
        labels: JSON.parse(String(labels)) as Record<string, string>,
      }
    }
  }
}
