// Every file that a project's data consist of.
import { hasEvents } from '../../../features/project.ts'
import type { Project } from '../../../features/project.ts'
import { succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { FileSource } from '../../../features/source.ts'
import type { DataFault } from '../data-fault.ts'
import type { DataPath } from './data-path.ts'
import type { FileList } from './expand-path.ts'
import { locateBeside, locateMain } from './locate-files.ts'

/** Paths in the order in which they are read; the fault where some cannot be found. */
export function filesOfData(project: Project, path: DataPath): Result<readonly string[], DataFault> {
  const { source } = project
  const main = hasEvents(project) ? 'events' : 'rows'
  const mainSources: readonly FileSource[] =
    source === undefined ? [{}] : source.kind === 'events' ? source.events : [source]
  const log = source?.kind === 'events' ? source : undefined
  const lists: Result<FileList | undefined, DataFault>[] = [
    ...mainSources.map((one) => locateMain({ main, path, mainSources }, one)),
    ...(main === 'rows'
      ? []
      : (['users', 'items', 'questions'] as const).map((role) =>
          locateBeside(path, { role, source: log?.[role] }),
        )),
  ]
  const paths: string[] = []
  for (const list of lists) {
    if (!list.ok) return list
    paths.push(...(list.value?.paths ?? []))
  }
  return succeed([...new Set(paths)])
}
