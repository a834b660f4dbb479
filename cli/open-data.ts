// Opens a user's data for a verb: faults become the one line that is shown.
import type { Project } from '../features/project.ts'
import { describeDataFault } from '../training/data/data-fault.ts'
import type { DataSet } from '../training/data/data-set.ts'
import { openDataSet } from '../training/data/open-data-set.ts'
import { CommandError } from './failure.ts'

/** Throws CommandError when the data cannot be read. The caller closes what it gets. */
export async function openData(options: {
  readonly project: Project
  readonly path: string
  readonly skipBadRows: boolean
}): Promise<DataSet> {
  const opened = await openDataSet({ ...options, nowMs: Date.now() })
  if (!opened.ok) throw new CommandError(describeDataFault(opened.reason))
  return opened.value
}

/** How many rows a data set holds. */
export function rowCountOf(data: DataSet): number {
  return data.kind === 'events' ? data.eventCount : data.rowCount
}
