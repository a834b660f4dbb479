// How versions of attributes that a file gives meet those that are stored. Importing the same file again
// changes nothing, and what came over HTTP since is not undone by it.
import { UNDATED_MS } from '../../features/attributes.ts'
import type { Versions } from '../../features/attributes.ts'
import { createRowWriter } from './row-writer.ts'
import { STORED_NOW } from './storage.ts'
import type { Storage } from './storage.ts'

export interface VersionWriter {
  add(id: string, versions: Versions): Promise<void>
  flush(): Promise<void>
  /** How many versions were added or replaced so far. */
  stored(): number
}

export interface VersionWriterRequest {
  readonly storage: Storage
  readonly table: 'users' | 'items'
  readonly nowMs: number
}

export function createVersionWriter({ storage, table, nowMs }: VersionWriterRequest): VersionWriter {
  const dated = createRowWriter({ storage, statementsFor: (rows) => [upsert(table, rows)] })
  const undated = createRowWriter({
    storage,
    statementsFor: (rows) => [addNews({ table, rows, nowMs }), upsert(table, rows)],
  })
  return {
    add: async (id, versions) => {
      const [first] = versions
      const isUndated = versions.length === 1 && first?.knownAt === UNDATED_MS
      for (const { knownAt, attributes } of versions) {
        await (isUndated ? undated : dated).add([id, knownAt, attributes])
      }
    },
    flush: async () => {
      await dated.flush()
      await undated.flush()
    },
    stored: () => dated.stored() + undated.stored(),
  }
}

const COLUMNS = 'id, known_at, attributes, stored_at'
const IN_PLACE = 'on conflict (id, known_at, stored_at) do update set attributes = excluded.attributes'

/** Each row in its place, which is its id and when it was known: beside what it corrects. */
function upsert(table: string, rows: string): string {
  return `insert into ${table} (${COLUMNS})
    select row.value ->> 0, row.value ->> 1, row.value ->> 2, ${STORED_NOW} from json_each(${rows}) as row
    where row.value ->> 2 is not (
      select held.attributes from ${table} as held
      where held.id = row.value ->> 0 and held.known_at = row.value ->> 1
      order by held.stored_at desc limit 1
    )
    ${IN_PLACE}`
}

/**
 * A row without a time that differs from what was imported before and from the latest dated version is
 * news: it holds from now on. Comes before `upsert`, which makes it the undated version too.
 */
function addNews({
  table,
  rows,
  nowMs,
}: {
  readonly table: string
  readonly rows: string
  readonly nowMs: number
}): string {
  return `insert into ${table} (${COLUMNS})
    select row.value ->> 0, ${nowMs}, row.value ->> 2, ${STORED_NOW} from json_each(${rows}) as row
    where row.value ->> 2 is not (
      select known.attributes from ${table} as known
      where known.id = row.value ->> 0 and known.known_at = ${UNDATED_MS}
      order by known.stored_at desc limit 1
    ) and row.value ->> 2 <> (
      select latest.attributes from ${table} as latest
      where latest.id = row.value ->> 0 and latest.known_at > ${UNDATED_MS}
      order by latest.known_at desc, latest.stored_at desc limit 1
    )
    ${IN_PLACE}`
}
