// Opens a user's files: a file of events or of labelled rows, or a folder with events.* and, where there
// are any, users.*, items.* and questions.*, or with rows.*.
import { existsSync, statSync } from 'node:fs'
import { hasEvents } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { fail } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataFault } from './data-fault.ts'
import type { DataSet } from './data-set.ts'
import { openDatabase } from './database.ts'
import { readEventData } from './event-data.ts'
import type { EventFiles } from './event-data.ts'
import { findInFolder } from './file-format.ts'
import { readTableData } from './table-data.ts'

export interface OpenOptions {
  readonly project: Project
  readonly path: string
  /** Leaves bad rows out, and counts them, where otherwise one is a fault. */
  readonly skipBadRows: boolean
  /** Times after this moment are in the future, hence bad. */
  readonly nowMs: number
  /** What DuckDB may hold in memory, as it writes it; the rest goes to a temporary folder. */
  readonly memoryLimit?: string
}

/** The caller closes the data set, which removes its temporary files. */
export async function openDataSet(options: OpenOptions): Promise<Result<DataSet, DataFault>> {
  const { path, project } = options
  const name = hasEvents(project) ? 'events' : 'rows'
  const files = resolveFiles(path, name)
  if (files === undefined) return fail({ code: 'missing_file', path, name })
  const database = await openDatabase(options.memoryLimit ?? '800MB')
  try {
    const read = hasEvents(project)
      ? await readEventData(database, { files, options })
      : await readTableData(database, { path: files.events, options })
    if (!read.ok) database.close()
    return read
  } catch (error) {
    database.close()
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    return fail({ code: 'unreadable', path, message })
  }
}

function resolveFiles(path: string, name: string): EventFiles | undefined {
  if (!existsSync(path)) return undefined
  const beside = (file: string): string | undefined =>
    statSync(path).isDirectory() ? findInFolder(path, file) : undefined
  const events = statSync(path).isDirectory() ? findInFolder(path, name) : path
  if (events === undefined) return undefined
  return { events, users: beside('users'), items: beside('items'), questions: beside('questions') }
}
