// From a running service to a folder that training reads: resumed where it was cut short, and of what an export
// before fetched only what came since.
import type { Project } from '../../features/project.ts'
import type { Service } from '../service/client.ts'
import { createProgress } from '../terminal/progress.ts'
import { downloadTables } from './download.ts'
import { removeLines, writeParquet } from './parquet.ts'
import type { Written } from './parquet.ts'
import { changedTable, DATA_TABLES, newState, openState, wholeState, writeState } from './state.ts'
import type { ExportState, Table } from './state.ts'

export interface Exported extends Written {
  readonly folder: string
  /** The moment that the files show, Unix milliseconds. */
  readonly untilMs: number
  /** How many rows came: all, or those since the export before. */
  readonly fetched: number
}

export interface ExportRequest {
  readonly project: Project
  readonly service: Service
  readonly folder: string
  /** What training reads, unless told. */
  readonly tables?: readonly Table[]
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
  const state = await downloadAll(opened, request)
  const written = await writeParquet({ folder, project, state })
  writeState(folder, wholeState(state, written.isDated))
  removeLines(folder)
  if (written.undeclared > 0)
    say(`${written.undeclared} labels left out: the project declares no such task or value`)
  return { folder, untilMs: state.untilMs ?? 0, fetched: linesOf(state), ...written }
}

async function downloadAll(opened: ExportState, request: ExportRequest): Promise<ExportState> {
  const { project, service, folder, tables = DATA_TABLES, say } = request
  const progress = createProgress({ label: 'export', unit: 'bytes' })
  const onProgress = (count: number): void => progress.advance(count)
  const download = { service, folder, tables, onProgress }
  let state = await downloadTables({ ...download, state: opened })
  const changed = changedTable(state)
  if (changed !== undefined) {
    say(`${changed} that were exported before are changed or gone at ${service.url}: all is exported anew`)
    state = await downloadTables({ ...download, state: newState(project.name, service.url) })
  }
  progress.done()
  return state
}

function linesOf({ tables }: ExportState): number {
  return Object.values(tables).reduce((sum, { lines }) => sum + lines, 0)
}
