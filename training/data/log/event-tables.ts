// The raw tables that a log's events come from: one for all mappings that name the same files and read them
// alike. Their rows are numbered one table after the other.
import { succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { EventColumns, EventLogSource, FileSource, Reading } from '../../../features/source.ts'
import type { DataFault } from '../data-fault.ts'
import type { DataPath } from '../files/data-path.ts'
import type { Database } from '../database.ts'
import { locateMain } from '../files/locate-files.ts'
import type { FileList } from '../files/expand-path.ts'
import { readRawTable } from '../files/raw-table.ts'
import type { RawTable } from '../files/raw-table.ts'

/** A raw table, and the mappings over it; none where the columns have the standard names. */
export interface EventTable {
  readonly raw: RawTable
  readonly mappings: readonly EventColumns[] | undefined
}

/** Reads every file that the mappings name once. */
export async function readEventTables(
  database: Database,
  { path, source }: { readonly path: DataPath; readonly source: EventLogSource | undefined },
): Promise<Result<readonly EventTable[], DataFault>> {
  const groups = groupByFiles({ path, source })
  if (!groups.ok) return groups
  const tables: EventTable[] = []
  let rowsBefore = 0
  for (const [index, { files, reading, mappings }] of groups.value.entries()) {
    const read = await readRawTable(database, { files, reading, table: `raw_events_${index}`, rowsBefore })
    if (!read.ok) return read
    rowsBefore += read.value.rowCount + read.value.badCount
    tables.push({ raw: read.value, mappings: source === undefined ? undefined : mappings })
  }
  return succeed(tables)
}

interface Group {
  readonly files: FileList
  readonly reading: Reading
  readonly mappings: readonly EventColumns[]
}

function groupByFiles({
  path,
  source,
}: {
  readonly path: DataPath
  readonly source: EventLogSource | undefined
}): Result<readonly Group[], DataFault> {
  const mainSources: readonly (EventColumns | FileSource)[] = source?.events ?? [{}]
  const groups = new Map<string, Group>()
  for (const mapping of mainSources) {
    const files = locateMain({ main: 'events', path, mainSources }, mapping)
    if (!files.ok) return files
    const reading = { ...source?.reading, ...mapping.reading }
    const key = JSON.stringify([files.value.paths, reading])
    const before = groups.get(key)?.mappings ?? []
    groups.set(key, {
      files: files.value,
      reading,
      mappings: 'type' in mapping ? [...before, mapping] : before,
    })
  }
  return succeed([...groups.values()])
}
