// Looks at files and says what they are together. Decides what it can, with reasons, and says what it cannot.
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { nearestName } from '../../features/nearest-name.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataFault } from '../data/data-fault.ts'
import { describeDataFault } from '../data/data-fault.ts'
import { openDatabase } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import { kindOfName } from '../data/files/file-kind.ts'
import { findEvents } from './find-events.ts'
import { findSequences } from './find-sequences.ts'
import { findTable } from './find-table.ts'
import type { FoundTable } from './find-table.ts'
import { decisionsOf } from './decisions.ts'
import { questionsOfLog } from './questions.ts'
import { describeNotAsTold, mayHold, notAsTold, roleToldOf } from './holds.ts'
import type { NotAsTold } from './holds.ts'
import { inspectFile } from './inspect-file.ts'
import type { InspectedFile } from './inspect-file.ts'
import { describeNoClasses, noClasses } from './no-classes.ts'
import type { NoClasses } from './no-classes.ts'
import type { Inspection, Warning } from './shape.ts'
import { becauseTold } from './told.ts'
import type { Told } from './told.ts'

export interface InspectRequest extends Told {
  /** Files, or folders of files. */
  readonly paths: readonly string[]
}

export type InspectFault =
  | { readonly code: 'data'; readonly fault: DataFault }
  /** There is nothing that could be predicted. */
  | {
      readonly code: 'nothing_to_predict'
      readonly paths: readonly string[]
      readonly columns: readonly string[]
    }
  /** What was told of `role` is no column. */
  | {
      readonly code: 'no_such_column'
      readonly role: 'user' | 'time' | 'label'
      readonly column: string
      readonly columns: readonly string[]
    }
  | NotAsTold
  | { readonly code: 'not_times'; readonly column: string; readonly cell: string }
  | NoClasses

export async function inspect(request: InspectRequest): Promise<Result<Inspection, InspectFault>> {
  const database = await openDatabase('800MB')
  try {
    return await inspectWith(database, request)
  } finally {
    database.close()
  }
}

async function inspectWith(
  database: Database,
  { paths, ...told }: InspectRequest,
): Promise<Result<Inspection, InspectFault>> {
  const listed = paths.flatMap((path) => filesAt(path))
  if (listed.length === 0)
    return fail({ code: 'data', fault: { code: 'missing_file', path: paths.join(', ') } })
  const { holds } = told
  const files: InspectedFile[] = []
  const unread: Unread[] = []
  for (const [index, path] of listed.entries()) {
    const read = await inspectFile(database, { path, table: `inspected_${index}` })
    if (read.ok) files.push(read.value)
    else if (listed.length === 1 || roleToldOf({ path }, holds) !== undefined)
      return fail({ code: 'data', fault: read.reason })
    else unread.push({ file: basename(path), because: describeDataFault(read.reason).split('\n')[0] ?? '' })
  }
  const fault = faultOfTold(told, files)
  if (fault !== undefined) return fail(fault)
  const found = await decide(database, { files, told, unread })
  const misheld = notAsTold(found?.shape, { files, holds })
  if (misheld !== undefined) return fail(misheld)
  if (found !== undefined) return succeed({ ...found, warnings: [...found.warnings, ...unaskableOf(found)] })
  const columns = files.flatMap((file) => file.columns.map(({ name }) => name))
  return fail({ code: 'nothing_to_predict', paths, columns })
}

/** Of the files that are read. */
function unaskableOf({ files, unused }: Inspection): Warning[] {
  const left = new Set(unused.map(({ file }) => file))
  return files.filter(({ name }) => !left.has(name)).flatMap(({ unaskable }) => unaskable)
}

interface Unread {
  readonly file: string
  readonly because: string
}

interface Deciding {
  readonly files: readonly InspectedFile[]
  readonly told: Told
  readonly unread: readonly Unread[]
}

/** Sequences, else a log, else a table; undefined where they are none of these. */
async function decide(
  database: Database,
  { files, told, unread }: Deciding,
): Promise<Inspection | undefined> {
  const { holds } = told
  const sequences = files.find(
    (file) => file.sequences !== undefined && mayHold(file, { roles: ['events'], holds }),
  )
  if (sequences !== undefined) {
    const shape = await findSequences(database, sequences)
    return { shape, files, warnings: [], questions: [], unused: unread, decisions: decisionsOf({ shape }) }
  }
  const kind = told.kind ?? (holds?.rows === undefined ? undefined : 'table')
  const events = kind === 'table' ? undefined : await findEvents(database, { files, told })
  if (events !== undefined) {
    const { shape, warnings, unused, main, joins } = events
    return {
      shape,
      files,
      warnings,
      questions: questionsOfLog(main, told),
      unused: [...unread, ...unused],
      decisions: becauseTold(decisionsOf({ shape, roles: main.roles, joins }), told),
    }
  }
  const byLabel: { file: InspectedFile; found: FoundTable }[] = []
  for (const file of files) {
    if (!mayHold(file, { roles: ['rows'], holds })) continue
    if (told.label !== undefined && !file.columns.some(({ name }) => name === told.label)) continue
    const found = kind === 'events' ? undefined : await findTable(database, { file, told })
    if (found !== undefined) byLabel.push({ file, found })
  }
  const best = byLabel.toSorted(
    (a, b) => b.found.shape.attributes.length - a.found.shape.attributes.length,
  )[0]
  if (best === undefined) return undefined
  const unused = files
    .filter((file) => file !== best.file)
    .map(({ name }) => ({ file: name, because: 'a table has one file: the one with the label' }))
  const { shape, warnings, questions, because } = best.found
  return {
    shape,
    files,
    warnings,
    questions,
    unused: [...unread, ...unused],
    decisions: becauseTold(decisionsOf({ shape, because }), told),
  }
}

/** Of a column that was told and is not there, or says no times. */
function faultOfTold(told: Told, files: readonly InspectedFile[]): InspectFault | undefined {
  const columns = files.flatMap((file) => file.columns)
  for (const role of ['user', 'time', 'label'] as const) {
    const column = told[role]
    if (column !== undefined && !columns.some(({ name }) => name === column))
      return { code: 'no_such_column', role, column, columns: columns.map(({ name }) => name) }
  }
  const unclassed = noClasses(columns.filter(({ name }) => name === told.label))
  if (unclassed !== undefined) return unclassed
  const time = columns.filter(({ name }) => name === told.time)
  const [first] = time
  if (first === undefined || time.some(({ kind }) => kind === 'time')) return undefined
  return { code: 'not_times', column: first.name, cell: first.sample[0] ?? '' }
}

function filesAt(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (!stat.isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => !/^[._]/.test(name) && !/^readme/i.test(name) && kindOfName(name) !== undefined)
    .toSorted()
    .map((name) => join(path, name))
}

/** One line for people. */
export function describeInspectFault(fault: InspectFault): string {
  switch (fault.code) {
    case 'data':
      return describeDataFault(fault.fault)
    case 'no_such_column': {
      const nearest = nearestName(fault.columns, fault.column)
      const meant = nearest === undefined ? '' : ` Is it '${nearest}'?`
      return `There is no column '${fault.column}' (--${fault.role}); there are ${fault.columns.join(', ')}.${meant}`
    }
    case 'not_as_told':
      return describeNotAsTold(fault)
    case 'not_times':
      return `The column '${fault.column}' (--time) holds no times that are known as such, as '${fault.cell}': write the project by hand, with a timeFormat, or name another`
    case 'no_classes':
      return describeNoClasses(fault)
    case 'nothing_to_predict':
      return `${fault.paths.join(', ')}: nothing to predict was found: no column looks like a label (--label COLUMN names one), and no users come again (--kind events --user COLUMN says that they do). The columns are ${fault.columns.join(', ')}`
  }
}
