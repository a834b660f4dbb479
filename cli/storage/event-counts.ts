// How many events of a local database came by import. What it holds beyond came over HTTP, and is nowhere
// else.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IS_OTHERS } from './own-rows.ts'
import type { Storage } from './storage.ts'
import { writeWhole } from './write-whole.ts'

const FILE = 'imported-events'

/** Adds to the count, in the folder of a set. Called after each call to the database, which may be the last. */
export function addImportedEvents(setFolder: string, count: number): void {
  setImportedEvents(setFolder, importedEvents(setFolder) + count)
}

/**
 * An import that ran to its end has put all its events into the database: at least so many came by import,
 * also where a run before it died between storing and counting.
 */
export function noteWholeImport(setFolder: string, events: number): void {
  if (importedEvents(setFolder) < events) setImportedEvents(setFolder, events)
}

/** How many events came over HTTP, not counting those by which `npm start` shows that they count. */
export async function countEventsOverHttp(storage: Storage, setFolder: string): Promise<number> {
  const [row] = await storage.select(`select count(*) as events from events where ${IS_OTHERS}`)
  return Math.max(0, Number(row?.['events']) - importedEvents(setFolder))
}

function importedEvents(setFolder: string): number {
  try {
    return Number(readFileSync(join(setFolder, FILE), 'utf8'))
  } catch {
    return 0
  }
}

function setImportedEvents(setFolder: string, count: number): void {
  writeWhole(join(setFolder, FILE), String(count))
}
