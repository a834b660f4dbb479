// A log of events, and the files of a folder that stand beside it, as a data set.
import { basename } from 'node:path'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { Reading } from '../../features/source.ts'
import type { DataFault } from './data-fault.ts'
import type { DataSet } from './data-set.ts'
import type { Database } from './database.ts'
import { readEventLog } from './event-log.ts'
import type { ReadLog, ReadOptions } from './event-log.ts'
import { collectLogVersions, versionsOfLog } from './log-versions.ts'
import { readQuestions } from './questions.ts'
import type { ReadQuestions } from './questions.ts'
import { readRawTable } from './raw-table.ts'
import { readItems, streamUsers } from './stream-users.ts'
import { orderByUser } from './user-places.ts'
import { readVersions } from './versions.ts'
import type { ReadVersions } from './versions.ts'

export interface EventFiles {
  readonly events: string
  readonly users: string | undefined
  readonly items: string | undefined
  readonly questions: string | undefined
}

interface ReadRequest {
  readonly files: EventFiles
  readonly options: ReadOptions
}

export async function readEventData(
  database: Database,
  { files, options }: ReadRequest,
): Promise<Result<DataSet, DataFault>> {
  const raw = await readRawTable(database, { path: files.events, table: 'raw_events' })
  if (!raw.ok) return raw
  const log = await readEventLog(database, { raw: raw.value, options })
  if (!log.ok) return log
  await database.run('drop table raw_events')
  const users = await readUsers(database, { files, options, log: log.value })
  if (!users.ok) return users
  const items = await readItemFile(database, { files, options })
  if (!items.ok) return items
  const questions = await readQuestionFile(database, { files, options })
  if (!questions.ok) return questions
  await orderByUser(database)
  const counts = await countAll(database)
  if (counts.eventCount === 0) return fail({ code: 'empty_file', path: files.events })
  const parts = [log.value, users.value, items.value, questions.value]
  return succeed({
    ...counts,
    skippedCount: parts.reduce((sum, part) => sum + part.skippedCount, 0),
    items: await readItems(database),
    undated: [
      ...users.value.undatedNames.map((name) => `user.${name}`),
      ...items.value.undatedNames.map((name) => `item.${name}`),
    ],
    notes: [...log.value.notes, ...users.value.notes, ...questions.value.notes],
    users: () => streamUsers(database, { toVersions: users.value.toVersions }),
    close: () => database.close(),
  })
}

type Users = ReadVersions & Pick<DataSet, 'notes'> & Parameters<typeof streamUsers>[1]

/** A file of users says all that is known of them; without one the log's own rows are asked. */
async function readUsers(
  database: Database,
  { files, options, log }: ReadRequest & { readonly log: ReadLog },
): Promise<Result<Users, DataFault>> {
  if (files.users === undefined) {
    await collectLogVersions(database)
    return succeed({ skippedCount: 0, undatedNames: [], notes: [], toVersions: versionsOfLog })
  }
  const read = await readVersions(database, {
    ...options,
    path: files.users,
    table: 'users',
    declared: options.project.user,
    reading: readingOf(options, 'users'),
  })
  if (!read.ok) return read
  const passedOver = log.attributeNames.join(', ')
  const notes =
    passedOver === ''
      ? []
      : [
          {
            text: `${basename(files.events)}: ${passedOver} not read; ${basename(files.users)} says what users are`,
          },
        ]
  return succeed({ ...read.value, notes, toVersions: (versions) => versions })
}

/** As the file's own mapping says, else as the source says for all files. */
function readingOf({ project: { source } }: ReadOptions, file: 'users' | 'items'): Reading | undefined {
  return source?.kind === 'events' ? { ...source.reading, ...source[file]?.reading } : undefined
}

async function readItemFile(
  database: Database,
  { files, options }: ReadRequest,
): Promise<Result<ReadVersions, DataFault>> {
  if (files.items !== undefined) {
    const declared = options.project.item
    return readVersions(database, {
      ...options,
      path: files.items,
      table: 'items',
      declared,
      reading: readingOf(options, 'items'),
    })
  }
  await database.run('create table items (id varchar, known_at double, attributes varchar)')
  return succeed({ skippedCount: 0, undatedNames: [] })
}

async function readQuestionFile(
  database: Database,
  { files, options }: ReadRequest,
): Promise<Result<ReadQuestions, DataFault>> {
  const labels = Object.entries(options.project.tasks).flatMap(([name, task]) =>
    task.kind === 'label' ? [name] : [],
  )
  if (files.questions !== undefined && labels.length > 0) {
    return readQuestions(database, { path: files.questions, options })
  }
  await database.run('create table questions (user_id varchar, at_ms double, place double, labels varchar)')
  const notes = [
    ...(files.questions === undefined
      ? []
      : [{ text: `${basename(files.questions)}: not read; the project has no label task` }]),
    ...(labels.length === 0
      ? []
      : [{ text: `no questions.*: nothing says what came true of ${labels.join(', ')}` }]),
  ]
  return succeed({ skippedCount: 0, notes })
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
