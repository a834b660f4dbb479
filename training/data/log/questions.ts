// A file of questions: whom and when each row asks about, and what came true of the label tasks.
import { basename } from 'node:path'
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { QuestionColumns, Reading } from '../../../features/source.ts'
import { keptCellsOf } from '../cells/kept-cells.ts'
import { conflictChecks, markConflicts } from './conflicts.ts'
import type { DataFault } from '../data-fault.ts'
import type { Database } from '../database.ts'
import type { DataWarning, WarningCode } from '../report/data-warning.ts'
import type { ReadOptions } from './event-log.ts'
import { labelCells, labelExpressions } from '../cells/labels.ts'
import { fileReport } from '../report/file-report.ts'
import type { FileReport } from '../report/file-report.ts'
import type { FileList } from '../files/expand-path.ts'
import { resolveMapping } from '../cells/mapping.ts'
import { readRawTable } from '../files/raw-table.ts'
import { faultColumns, findFaults, refusalOf } from '../cells/row-checks.ts'
import { ROW } from '../files/row-number.ts'

const STANDARD: QuestionColumns = { userId: '"userId"', at: '"at"', timeUnit: 'iso' }

export interface ReadQuestions {
  /** Absent where there is no such file. */
  readonly report?: FileReport
  readonly notes: readonly DataWarning[]
}

/** Makes the table `questions` with columns user_id, at_ms, place and labels (JSON); needs `events`. */
export async function readQuestions(
  database: Database,
  {
    files,
    reading,
    options,
  }: { readonly files: FileList; readonly reading: Reading; readonly options: ReadOptions },
): Promise<Result<ReadQuestions, DataFault>> {
  const { project, nowMs } = options
  const read = await readRawTable(database, { files, reading, table: 'raw_questions' })
  if (!read.ok) return read
  const raw = read.value
  const logSource = project.source?.kind === 'events' ? project.source : undefined
  const given = logSource?.questions ?? STANDARD
  const cells = keptCellsOf(raw)
  const columns = { ...given, labels: labelExpressions(project, given.labels) }
  const resolved = await resolveMapping(database, { raw, key: 'questions', columns })
  if (!resolved.ok) return resolved
  const source = resolved.value
  const labels = labelCells(cells, { project, mapping: source.labels })
  const at = { field: 'at', expression: source.at, unit: source.timeUnit ?? 'iso' }
  const checks = [
    ...cells.whereChecks(source.where),
    ...cells.userIdChecks('userId', source.userId),
    ...cells.timeChecks(at, nowMs),
    ...labels.checks,
  ]
  await database.run(`create table checked_questions as select ${ROW}, ${cells.idOf(source.userId)} as id,
    ${cells.pastTimeOf(at, nowMs)} as at_ms, ${labels.json} as labels, ${labels.isLabelled} as is_labelled,
    ${faultColumns(checks, cells)}
    from ${cells.from(source.where)}`)
  await markConflicts(database, {
    table: 'checked_questions',
    key: ['id', 'at_ms'],
    json: 'labels',
    names: labels.names,
    missingDiffers: false,
    firstFault: checks.length,
  })
  const faults = await findFaults(database, {
    origin: raw,
    table: 'checked_questions',
    checks: [...checks, ...conflictChecks(labels.names)],
  })
  const refusal = refusalOf(raw, { faults, skipBadRows: options.skipBadRows })
  if (refusal !== undefined) return fail(refusal)
  const [waiting] = await database.all(
    'select count(*)::double from checked_questions where fault is null and not is_labelled',
  )
  const unlabelled = Number(waiting?.[0])
  // The same question again counts once.
  await database.run(`create table questions as
    select id as user_id, at_ms, labels, min(${ROW})::double - 1 as place from checked_questions
    where fault is null and is_labelled group by id, at_ms, labels`)
  await database.run('drop table checked_questions')
  await database.run(`drop table ${raw.table}`)
  const [counted] = await database.all('select count(*)::double from questions')
  const stored = Number(counted?.[0])
  const rowsTaken = source.where === undefined ? undefined : faults.goodCount + faults.count - raw.badCount
  const repeated = faults.goodCount - unlabelled - stored
  return succeed({
    report: fileReport({ role: 'questions', origin: raw, faults, stored, repeated, unlabelled, rowsTaken }),
    notes: [
      ...(await noteOf(database, {
        path: raw.path,
        code: 'questions_without_events',
        condition: 'first_at is null',
        says: 'ask about users without an event',
      })),
      ...(await noteOf(database, {
        path: raw.path,
        code: 'questions_too_early',
        condition: 'at_ms < first_at',
        says: 'lie before the first event of their user',
      })),
    ],
  })
}

/** Says of how many questions a condition holds, with the first three users. */
async function noteOf(
  database: Database,
  {
    path,
    code,
    condition,
    says,
  }: { readonly path: string; readonly code: WarningCode; readonly condition: string; readonly says: string },
): Promise<DataWarning[]> {
  const joined = `from questions left join (
    select user_id, min(occurred_at) as first_at from events
    where user_id in (select user_id from questions) group by 1) firsts using (user_id)`
  const [counted] = await database.all(
    `select count(*)::double, count(*) filter (${condition})::double ${joined}`,
  )
  const [total, count] = (counted ?? []).map(Number)
  if (count === undefined || count === 0) return []
  const users = await database.all(
    `select user_id ${joined} where ${condition} group by 1 order by min(place) limit 3`,
  )
  const examples = users.map(([id]) => `'${String(id)}'`).join(', ')
  const text = `${basename(path)}: ${count} of ${total} questions ${says}`
  return [{ code, text, example: `as of ${examples}` }]
}
