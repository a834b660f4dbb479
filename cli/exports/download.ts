// Fetches the tables of a service into files of NDJSON, page by page; after each page the state says that it
// is there. All pages show the same moment, which the first one tells.
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { fetchPage } from '../service/fetch-page.ts'
import type { Service } from '../service/client.ts'
import { linesPath, TABLES, writeState } from './state.ts'
import type { ExportState, Table } from './state.ts'

export interface Download {
  readonly service: Service
  readonly folder: string
  readonly state: ExportState
  /** Called with how many more bytes are there. */
  readonly onProgress?: (bytes: number) => void
}

/** Gives the state after the last page. Throws CommandError as fetchPage does; what is there stays. */
export async function downloadTables(download: Download): Promise<ExportState> {
  let { state } = download
  for (const table of TABLES) state = await downloadTable(table, { ...download, state })
  return state
}

async function downloadTable(table: Table, download: Download): Promise<ExportState> {
  const { service, folder, onProgress } = download
  let { state } = download
  let { next, bytes } = state.tables[table]
  if (next === null) return state
  const { project } = state
  const file = openSync(linesPath(folder, table), 'a')
  try {
    // What stands behind was cut short, or is of an export before.
    ftruncateSync(file, bytes)
    let coming = fetchPage(service, { path: at(next, state.untilMs), project })
    while (next !== null) {
      const page = await coming
      next = page.next ?? null
      if (next !== null) {
        coming = fetchPage(service, { path: next, project })
        // Awaited in the next turn, and only then to be told.
        coming.catch(() => undefined)
      }
      writeSync(file, page.body)
      bytes += page.body.length
      state = { ...state, untilMs: page.untilMs, tables: { ...state.tables, [table]: { next, bytes } } }
      writeState(folder, state)
      onProgress?.(page.body.length)
    }
  } finally {
    closeSync(file)
  }
  return state
}

/** The path of a page of this moment. */
function at(path: string, untilMs: number | null): string {
  return untilMs === null || path.includes('until=') ? path : `${path}?until=${untilMs}`
}
