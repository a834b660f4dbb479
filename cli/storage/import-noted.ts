// An import into the local database of a set that notes in its folder what came by import: what the database
// holds beyond came over HTTP.
import { addImportedEvents, noteWholeImport } from './event-counts.ts'
import { importData } from './import.ts'
import type { Imported, ImportRequest } from './import.ts'
import { noteImport, noteLaterVersions } from './over-http.ts'

export async function importNoted(
  setFolder: string,
  request: Omit<ImportRequest, 'sinceMs' | 'onStoredEvents'>,
): Promise<Imported> {
  const imported = await importData({
    ...request,
    sinceMs: noteImport(setFolder, request.nowMs),
    onStoredEvents: (count) => addImportedEvents(setFolder, count),
  })
  noteWholeImport(setFolder, imported.events - imported.known.conflicting)
  noteLaterVersions(setFolder, imported.laterVersions)
  return imported
}
