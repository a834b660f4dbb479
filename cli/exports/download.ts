// Fetches the tables of a service into files of NDJSON, page by page; after each page the state says that it
// is there. All pages show the same moment, which the first one tells.
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { fetchPage } from '../service/fetch-page.ts'
import type { Service } from '../service/client.ts'
import { linesPath, writeState } from './state.ts'
import type { ExportState, Table } from './state.ts'

export interface Download {
  readonly service: Service
  readonly folder: string
  readonly state: ExportState
  readonly tables: readonly Table[]
  /** Called with how many more bytes are there. */
  readonly onProgress?: (bytes: number) => void
}

/** Gives the state after the last page. Throws CommandError as fetchPage does; what is there stays. */
export async function downloadTables(download: Download): Promise<ExportState> {
  let { state } = download
  for (const table of download.tables) state = await downloadTable(table, { ...download, state })
  return state
}

async function downloadTable(table: Table, download: Download): Promise<ExportState> {
  const { service, folder, onProgress } = download
  let { state } = download
  let fetched = state.tables[table]
  if (fetched.next === null) return state
  const { project } = state
  const file = openSync(linesPath(folder, table), 'a')
  try {
    // What stands behind was cut short, or is of an export before.
    ftruncateSync(file, fetched.bytes)
    let coming = fetchPage(service, { path: at(fetched.next, state.untilMs), project })
    while (fetched.next !== null) {
      const page = await coming
      const next = page.next ?? null
      if (next !== null) {
        coming = fetchPage(service, { path: next, project })
        // Awaited in the next turn, and only then to be told.
        coming.catch(() => undefined)
      }
      writeSync(file, page.body)
      fetched = {
        ...fetched,
        next,
        bytes: fetched.bytes + page.body.length,
        lines: fetched.lines + linesIn(page.body),
        held: fetched.held + page.held,
      }
      state = { ...state, untilMs: page.untilMs, tables: { ...state.tables, [table]: fetched } }
      writeState(folder, state)
      onProgress?.(page.body.length)
    }
  } finally {
    closeSync(file)
  }
  return state
}

const NEW_LINE = 10

function linesIn(body: Buffer): number {
  let count = 0
  for (let end = body.indexOf(NEW_LINE); end >= 0; end = body.indexOf(NEW_LINE, end + 1)) count += 1
  return count
}

/** The path of a page of this moment. */
function at(path: string, untilMs: number | null): string {
  if (untilMs === null || path.includes('until=')) return path
  return `${path}${path.includes('?') ? '&' : '?'}until=${untilMs}`
}
