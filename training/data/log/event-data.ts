// A log of events, and the files of a folder that stand beside it, as a data set.
import { basename } from 'node:path'
import { labelTasksOf } from '../../../features/project.ts'
import type { Project } from '../../../features/project.ts'
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { EventLogSource, Reading } from '../../../features/source.ts'
import { logAttributeRows, reportAttributes } from '../report/attribute-report.ts'
import type { DataFault } from '../data-fault.ts'
import type { DataPath } from '../files/data-path.ts'
import type { DataSet, UserRecord } from '../data-set.ts'
import type { Database } from '../database.ts'
import { readEventTables } from './event-tables.ts'
import type { FileList } from '../files/expand-path.ts'
import { describeSystemError } from '../files/system-error.ts'
import { locateBeside } from '../files/locate-files.ts'
import { readEventLog } from './event-log.ts'
import type { ReadLog, ReadOptions } from './event-log.ts'
import { noteJoin } from '../report/joins.ts'
import { collectLogVersions, versionsOfLog } from './log-versions.ts'
import type { DataWarning } from '../report/data-warning.ts'
import { readQuestions } from './questions.ts'
import type { ReadQuestions } from './questions.ts'
import { readItems, streamUsers } from './stream-users.ts'
import { reportLabels } from '../report/label-report.ts'
import { reportOf } from '../report/report.ts'
import { orderByUser } from './user-places.ts'
import { readVersions } from './versions.ts'
import type { ReadVersions } from './versions.ts'

interface ReadRequest {
  readonly path: DataPath
  readonly options: ReadOptions
}

/** The files of one role that stand beside the log, and how they are read. */
interface Beside {
  readonly files: FileList
  readonly reading: Reading
}

interface BesideRequest {
  readonly beside: Beside | undefined
  readonly options: ReadOptions
}

export async function readEventData(
  database: Database,
  { path, options }: ReadRequest,
): Promise<Result<DataSet, DataFault>> {
  const source = sourceOf(options.project)
  // Found before anything is read: what is missing is said at once.
  const beside = findBeside(path, source)
  if (!beside.ok) return beside
  const tables = await readEventTables(database, { path, source })
  if (!tables.ok) return tables
  const log = await readEventLog(database, { tables: tables.value, options })
  if (!log.ok) return log
  for (const { raw } of tables.value) await database.run(`drop table ${raw.table}`)
  const logName = tables.value.map(({ raw }) => raw.path).join(', ')
  const users = await readUsers(database, { beside: beside.value.users, options, log: log.value, logName })
  if (!users.ok) return users
  const items = await readItemFile(database, { beside: beside.value.items, options, logName })
  if (!items.ok) return items
  const questions = await readQuestionFile(database, { beside: beside.value.questions, options })
  if (!questions.ok) return questions
  const counts = await countAll(database)
  if (counts.eventCount === 0) return fail({ code: 'empty_file', path: logName })
  const parts = [log.value, users.value, items.value, questions.value]
  const files = parts.flatMap(({ report }) => report ?? [])
  const attributes = await reportAttributes(database, logAttributeRows(options.project))
  const { project } = options
  const labels = await reportLabels(database, { project, rows: 'select labels from questions' })
  return succeed({
    ...counts,
    report: reportOf({ files, counts, attributes, labels, items: await countItems(database) }),
    items: await readItems(database),
    undated: [
      ...users.value.undatedNames.map((name) => `user.${name}`),
      ...items.value.undatedNames.map((name) => `item.${name}`),
    ],
    notes: parts.flatMap(({ notes }) => notes),
    users: () => usersInOrder(database, users.value),
    close: () => database.close(),
  })
}

/** Which tables lie in the order of users: whoever only wants the report need not wait for it. */
const ordered = new WeakMap<Database, Promise<void>>()

async function* usersInOrder(
  database: Database,
  how: Parameters<typeof streamUsers>[1],
): AsyncGenerator<UserRecord> {
  const done = ordered.get(database) ?? orderByUser(database)
  ordered.set(database, done)
  try {
    await done
  } catch (error) {
    throw new Error(describeSystemError(error), { cause: error })
  }
  yield* streamUsers(database, how)
}

function sourceOf({ source }: Project): EventLogSource | undefined {
  return source?.kind === 'events' ? source : undefined
}

function findBeside(
  path: DataPath,
  source: EventLogSource | undefined,
): Result<Readonly<Record<'users' | 'items' | 'questions', Beside | undefined>>, DataFault> {
  const [users, items, questions] = (['users', 'items', 'questions'] as const).map(
    (role): Result<Beside | undefined, DataFault> => {
      const columns = source?.[role]
      const files = locateBeside(path, { role, source: columns })
      if (!files.ok || files.value === undefined) return files as Result<undefined, DataFault>
      return succeed({ files: files.value, reading: { ...source?.reading, ...columns?.reading } })
    },
  )
  for (const found of [users, items, questions]) if (found?.ok === false) return found
  const of = (found: typeof users): Beside | undefined => (found?.ok === true ? found.value : undefined)
  return succeed({ users: of(users), items: of(items), questions: of(questions) })
}

type Users = ReadVersions & Pick<DataSet, 'notes'> & Parameters<typeof streamUsers>[1]

/** A file of users says all that is known of them; without one the log's own rows are asked. */
async function readUsers(
  database: Database,
  { beside, options, log, logName }: BesideRequest & { readonly log: ReadLog; readonly logName: string },
): Promise<Result<Users, DataFault>> {
  if (beside === undefined) {
    await collectLogVersions(database)
    return succeed({ undatedNames: [], notes: [], toVersions: versionsOfLog })
  }
  const read = await readVersions(database, {
    ...options,
    ...beside,
    source: sourceOf(options.project)?.users,
    table: 'users',
    declared: options.project.user,
  })
  if (!read.ok) return read
  const passedOver = log.attributeNames.join(', ')
  const notes =
    passedOver === ''
      ? []
      : [
          {
            code: 'attributes_passed_over' as const,
            text: `${basename(logName)}: ${passedOver} not read; ${basename(beside.files.name)} says what users are`,
          },
        ]
  const join = { table: 'users', fileName: basename(beside.files.name), logName: basename(logName) } as const
  return succeed({
    ...read.value,
    notes: [...notes, ...(await noteJoin(database, join))],
    toVersions: (versions) => versions,
  })
}

async function readItemFile(
  database: Database,
  { beside, options, logName }: BesideRequest & { readonly logName: string },
): Promise<Result<ReadVersions & { readonly notes: readonly DataWarning[] }, DataFault>> {
  if (beside === undefined) {
    await database.run('create table items (id varchar, known_at double, attributes varchar)')
    return succeed({ undatedNames: [], notes: [] })
  }
  const declared = options.project.item
  const source = sourceOf(options.project)?.items
  const read = await readVersions(database, { ...options, ...beside, source, table: 'items', declared })
  if (!read.ok) return read
  const join = { table: 'items', fileName: basename(beside.files.name), logName: basename(logName) } as const
  return succeed({ ...read.value, notes: await noteJoin(database, join) })
}

async function readQuestionFile(
  database: Database,
  { beside, options }: BesideRequest,
): Promise<Result<ReadQuestions, DataFault>> {
  const labels = labelTasksOf(options.project).map(([name]) => name)
  if (beside !== undefined && labels.length > 0) {
    return readQuestions(database, { ...beside, options })
  }
  await database.run('create table questions (user_id varchar, at_ms double, place double, labels varchar)')
  const notes = [
    ...(beside === undefined
      ? []
      : [
          {
            code: 'questions_not_read' as const,
            text: `${basename(beside.files.name)}: not read; the project has no label task`,
          },
        ]),
    ...(labels.length === 0
      ? []
      : [
          {
            code: 'questions_missing' as const,
            text: `no questions.*: nothing says what came true of ${labels.join(', ')}`,
          },
        ]),
  ]
  return succeed({ notes })
}

type Counts = Pick<DataSet, 'eventCount' | 'userCount' | 'questionCount' | 'span'>

async function countAll(database: Database): Promise<Counts> {
  const [counted] = await database.all(`select (select count(*) from events)::double,
    (select count(*) from questions)::double,
    (select count(*) from (
      select user_id from events union select id from users union select user_id from questions))::double,
    least((select min(occurred_at) from events), (select min(at_ms) from questions)),
    greatest((select max(occurred_at) from events), (select max(at_ms) from questions))`)
  const [eventCount = 0, questionCount = 0, userCount = 0, startMs = 0, endMs = 0] = (counted ?? []).map(
    Number,
  )
  return { eventCount, questionCount, userCount, span: { startMs, endMs } }
}

/** Items that events or the file name. */
async function countItems(database: Database): Promise<number> {
  const [counted] = await database.all(`select count(*)::double from (
    select item_id from events where item_id is not null union select id from items)`)
  return Number(counted?.[0])
}
