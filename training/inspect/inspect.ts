// Looks at files and says what they are together. Decides what it can, with reasons, and says what it cannot.
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
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
import { decisionsOf } from './decisions.ts'
import { inspectFile } from './inspect-file.ts'
import type { InspectedFile } from './inspect-file.ts'
import type { Inspection } from './shape.ts'

export interface InspectRequest {
  /** Files, or folders of files. */
  readonly paths: readonly string[]
  /** The column that says what came true, where somebody told. */
  readonly label?: string | undefined
}

export type InspectFault =
  | { readonly code: 'data'; readonly fault: DataFault }
  /** There is nothing that could be predicted. */
  | {
      readonly code: 'nothing_to_predict'
      readonly paths: readonly string[]
      readonly columns: readonly string[]
    }
  | { readonly code: 'no_such_label'; readonly label: string; readonly columns: readonly string[] }

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
  { paths, label }: InspectRequest,
): Promise<Result<Inspection, InspectFault>> {
  const listed = paths.flatMap((path) => filesAt(path))
  if (listed.length === 0)
    return fail({ code: 'data', fault: { code: 'missing_file', path: paths.join(', ') } })
  const files: InspectedFile[] = []
  const unread: { file: string; because: string }[] = []
  for (const [index, path] of listed.entries()) {
    const read = await inspectFile(database, { path, table: `inspected_${index}` })
    if (read.ok) files.push(read.value)
    else if (listed.length === 1) return fail({ code: 'data', fault: read.reason })
    else unread.push({ file: basename(path), because: describeDataFault(read.reason).split('\n')[0] ?? '' })
  }
  const names = files.flatMap(({ columns }) => columns.map(({ name }) => name))
  if (label !== undefined && !names.includes(label))
    return fail({ code: 'no_such_label', label, columns: names })
  const sequences = files.find(({ text }) => text?.kind === 'sequences')
  if (sequences !== undefined) {
    const shape = await findSequences(database, sequences)
    return succeed({
      shape,
      files,
      warnings: [],
      questions: [],
      unused: unread,
      decisions: decisionsOf({ shape }),
    })
  }
  const events = await findEvents(database, { files, label })
  if (events !== undefined) {
    const { shape, warnings, unused, main, joins } = events
    return succeed({
      shape,
      files,
      warnings,
      questions: [],
      unused: [...unread, ...unused],
      decisions: decisionsOf({ shape, roles: main.roles, joins }),
    })
  }
  const byLabel: { file: InspectedFile; found: NonNullable<Awaited<ReturnType<typeof findTable>>> }[] = []
  for (const file of files) {
    if (label !== undefined && !file.columns.some(({ name }) => name === label)) continue
    const found = await findTable(database, { file, label })
    if (found !== undefined) byLabel.push({ file, found })
  }
  const best = byLabel.toSorted(
    (a, b) => b.found.shape.attributes.length - a.found.shape.attributes.length,
  )[0]
  if (best === undefined) return fail({ code: 'nothing_to_predict', paths, columns: names })
  const unused = files
    .filter((file) => file !== best.file)
    .map(({ name }) => ({ file: name, because: 'a table has one file: the one with the label' }))
  const { shape, warnings, questions, because } = best.found
  return succeed({
    shape,
    files,
    warnings,
    questions,
    unused: [...unread, ...unused],
    decisions: decisionsOf({ shape, because }),
  })
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
    case 'no_such_label':
      return `There is no column '${fault.label}'; there are ${fault.columns.join(', ')}`
    case 'nothing_to_predict':
      return `${fault.paths.join(', ')}: nothing to predict was found: no column looks like a label (--label COLUMN names one), and no users come again. The columns are ${fault.columns.join(', ')}`
  }
}
