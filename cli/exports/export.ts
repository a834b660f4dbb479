// From a running service to a folder that training reads, resumed where it was cut short.
import type { Project } from '../../features/project.ts'
import type { Service } from '../service/client.ts'
import { createProgress } from '../terminal/progress.ts'
import { downloadTables } from './download.ts'
import { removeLines, writeParquet } from './parquet.ts'
import type { Written } from './parquet.ts'
import { openState, writeState } from './state.ts'

export interface Exported extends Written {
  readonly folder: string
  /** The moment that the files show, Unix milliseconds. */
  readonly untilMs: number
}

export interface ExportRequest {
  readonly project: Project
  readonly service: Service
  readonly folder: string
  /** One that was cut short is gone on with only where it shows this moment or a later one. */
  readonly notBeforeMs?: number
  readonly say: (line: string) => void
}

/** Throws CommandError where the service does not answer or the folder holds something else. */
export async function exportTo(request: ExportRequest): Promise<Exported> {
  const { project, service, folder, notBeforeMs, say } = request
  const opened = openState(folder, { project: project.name, url: service.url, notBeforeMs })
  const bytes = Object.values(opened.tables).reduce((sum, table) => sum + table.bytes, 0)
  if (bytes > 0) say(`going on with the export in ${folder}, of which ${bytes} bytes are there`)
  const progress = createProgress({ label: 'export', unit: 'bytes' })
  const state = await downloadTables({
    service,
    folder,
    state: opened,
    onProgress: (count) => progress.advance(count),
  })
  progress.done()
  const written = await writeParquet(folder, project)
  writeState(folder, { ...state, isWhole: true, isDated: written.isDated })
  removeLines(folder)
  if (written.undeclared > 0)
    say(`${written.undeclared} labels left out: the project declares no such task or value`)
  return { folder, untilMs: state.untilMs ?? 0, ...written }
}
