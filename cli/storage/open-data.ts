// Opens a user's data for a verb: faults become the one line that is shown.
import type { Project } from '../../features/project.ts'
import { describeDataFault } from '../../training/data/data-fault.ts'
import type { DataSet } from '../../training/data/data-set.ts'
import { openDataSet } from '../../training/data/open-data-set.ts'
import { CommandError, onInterrupt } from '../terminal/failure.ts'

/**
 * Throws CommandError when the data cannot be read. The caller closes what it gets; closing again does
 * nothing. Until it is closed Ctrl-C exits in order, so that its temporary files go; after that Ctrl-C
 * is left as it is, for fitting gives no handler a turn.
 */
export async function openData(options: {
  readonly project: Project
  readonly path: string
  readonly skipBadRows: boolean
}): Promise<DataSet> {
  const release = onInterrupt(() => {})
  const opened = await openDataSet({ ...options, nowMs: Date.now() })
  if (!opened.ok) {
    release()
    throw new CommandError(describeDataFault(opened.reason))
  }
  const data = opened.value
  let isOpen = true
  const close = (): void => {
    if (isOpen) data.close()
    isOpen = false
    release()
  }
  return { ...data, close }
}

/** How many rows a data set holds. */
export function rowCountOf(data: DataSet): number {
  return data.kind === 'events' ? data.eventCount : data.rowCount
}
