// Opens a user's data for a verb: faults become the one line that is shown.
import { join } from 'node:path'
import { madeVectors } from '../../features/made-vectors.ts'
import type { Project } from '../../features/project.ts'
import type { DataPath } from '../../training/data/files/data-path.ts'
import type { DataSet } from '../../training/data/data-set.ts'
import { describeWarning } from '../../training/data/report/data-warning.ts'
import { withExportSource } from '../exports/source.ts'
import { isExport, readState } from '../exports/state.ts'
import { CommandError, onInterrupt } from '../terminal/failure.ts'
import { projectPaths } from './paths.ts'
import { shellWord } from '../terminal/shell-word.ts'

/**
 * Throws CommandError when the data cannot be read. The caller closes what it gets; closing again does
 * nothing. Until it is closed Ctrl-C exits in order, so that its temporary files go; after that Ctrl-C
 * is left as it is, for fitting gives no handler a turn.
 */
export async function openData(options: {
  readonly project: Project
  readonly path: DataPath
  readonly skipBadRows: boolean
  /** Told what was read and what was not, line by line. */
  readonly say?: (line: string) => void
}): Promise<DataSet> {
  // Loaded here because DuckDB takes a while, which most verbs need not wait.
  const { describeDataFault } = await import('../../training/data/data-fault.ts')
  const { describeReport } = await import('../../training/data/report/report.ts')
  const { openDataSet } = await import('../../training/data/open-data-set.ts')
  const release = onInterrupt(() => {})
  const project = asRead(options)
  const opened = await openDataSet({ ...options, project, nowMs: Date.now() })
  if (!opened.ok) {
    release()
    throw new CommandError(describeDataFault(opened.reason))
  }
  for (const line of describeReport(opened.value.report)) options.say?.(line)
  const data = await encoded(opened.value, { ...options, project }).catch((error: unknown) => {
    opened.value.close()
    release()
    throw error
  })
  for (const note of data.notes) options.say?.(describeWarning(note))
  let isOpen = true
  const close = (): void => {
    if (isOpen) data.close()
    isOpen = false
    release()
  }
  return { ...data, close }
}

interface EncodeOptions {
  readonly project: Project
  readonly path: DataPath
  readonly say?: (line: string) => void
}

/** With vectors of the texts for which the project declares an encoder. */
async function encoded(data: DataSet, { project, path, say }: EncodeOptions): Promise<DataSet> {
  if (madeVectors({ ...project.user, ...project.item }).length === 0) return data
  // Loaded here because few projects have one.
  const { withEncodedTexts, withNoteOfVectors } = await import('../../training/encoders/encode-texts.ts')
  if (typeof path === 'string' && isExport(path)) return withNoteOfVectors(data, project)
  const folder = join(projectPaths(project.name).folder, 'encodings')
  const made = await withEncodedTexts(data, { project, folder, say })
  if (!made.ok) throw new CommandError(made.reason)
  return made.value
}

/** The project as its data are to be read: an export has columns of its own. */
function asRead({ project, path }: { readonly project: Project; readonly path: DataPath }): Project {
  if (typeof path !== 'string' || !isExport(path)) return project
  const state = readState(path)
  if (state.isWhole && state.project === project.name) return withExportSource(project, state.isDated)
  throw new CommandError(
    state.isWhole
      ? `${path} is an export of project '${state.project}', not of '${project.name}'`
      : `The export in ${path} is unfinished: presage export ${state.project} --url ${state.url} --out ${shellWord(path)} goes on`,
  )
}

/** How many rows an import goes through: users and their events. */
export function rowCountOf(data: DataSet): number {
  return data.userCount + data.eventCount
}
