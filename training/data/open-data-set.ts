// Opens a user's files: a file of events or of labelled rows, or a folder with events.* and, where there
// are any, users.*, items.* and questions.*, or with rows.*.
import { hasEvents } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { fail } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataFault } from './data-fault.ts'
import { pathsIn } from './files/data-path.ts'
import type { DataPath } from './files/data-path.ts'
import type { DataSet } from './data-set.ts'
import { openDatabase } from './database.ts'
import type { Database } from './database.ts'
import { readEventData } from './log/event-data.ts'
import { describeSystemError } from './files/system-error.ts'
import { locateMain } from './files/locate-files.ts'
import { readTableData, tableSourceOf } from './table-data.ts'

export interface OpenOptions {
  readonly project: Project
  readonly path: DataPath
  /** Leaves bad rows out, and counts them, where otherwise one is a fault. */
  readonly skipBadRows: boolean
  /** Times after this moment are in the future, hence bad. */
  readonly nowMs: number
  /** What DuckDB may hold in memory, as it writes it; the rest goes to a temporary folder. */
  readonly memoryLimit?: string
  /** Where the tables are made; on disk, in a temporary folder, where absent. */
  readonly openDatabase?: (memoryLimit: string) => Promise<Database>
}

/** The caller closes the data set, which removes its temporary files. */
export async function openDataSet(options: OpenOptions): Promise<Result<DataSet, DataFault>> {
  const { path, project } = options
  const database = await (options.openDatabase ?? openDatabase)(options.memoryLimit ?? '800MB')
  try {
    const read = hasEvents(project)
      ? await readEventData(database, { path, options })
      : await readTable(database, options)
    if (!read.ok) database.close()
    return read
  } catch (error) {
    database.close()
    return fail({ code: 'unreadable', path: pathsIn(path).join(', '), message: describeSystemError(error) })
  }
}

async function readTable(database: Database, options: OpenOptions): Promise<Result<DataSet, DataFault>> {
  const source = tableSourceOf(options.project)
  const files = locateMain({ main: 'rows', path: options.path, mainSources: [source] }, source)
  return files.ok ? readTableData(database, { files: files.value, options }) : files
}
