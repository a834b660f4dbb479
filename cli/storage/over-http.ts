// What of a local database came over HTTP or by hand, and is nowhere else: events, profiles, labels and keys. What
// import brought is told apart by what each import notes in the folder of its set.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UNDATED_MS } from '../../features/attributes.ts'
import { countEventsOverHttp } from './event-counts.ts'
import { IS_OTHERS, OWN_NAME } from './own-rows.ts'
import { quoteSql } from './storage.ts'
import type { Storage } from './storage.ts'
import { writeWhole } from './write-whole.ts'

export interface OverHttp {
  readonly events: number
  /** Versions of users and items. */
  readonly profiles: number
  readonly labels: number
  /** Keys that work and that `npm start` did not make. */
  readonly keys: number
}

interface Imports {
  /** When imports ran, Unix milliseconds, the first one first. Changed profiles without a time get it. */
  readonly atMs: readonly number[]
  /** How many versions files gave that are dated after the first of them, at the most. */
  readonly laterVersions: number
}

const FILE = 'imports'

/** Notes that an import begins; gives when the first one did. */
export function noteImport(setFolder: string, nowMs: number): number {
  const imports = readImports(setFolder) ?? { atMs: [], laterVersions: 0 }
  const atMs = [...imports.atMs, nowMs]
  writeImports(setFolder, { ...imports, atMs })
  return atMs[0] ?? nowMs
}

/** Notes how many versions dated after the first import a whole import brought. */
export function noteLaterVersions(setFolder: string, count: number): void {
  const imports = readImports(setFolder)
  if (imports === undefined || count <= imports.laterVersions) return
  writeImports(setFolder, { ...imports, laterVersions: count })
}

/** Does not count what `npm start` sends and makes itself. */
export async function countOverHttp(
  storage: Storage,
  { setFolder, nowMs }: { readonly setFolder: string; readonly nowMs: number },
): Promise<OverHttp> {
  const [keys] = await storage.select(
    `select count(*) as count from api_keys where name <> ${quoteSql(OWN_NAME)} and revoked_at is null
      and (expires_at is null or expires_at > ${nowMs})`,
  )
  // Of a file's labels nobody says since when they are known.
  const [labels] = await storage.select(`select count(*) as count from labels where known_at > ${UNDATED_MS}`)
  return {
    events: await countEventsOverHttp(storage, setFolder),
    profiles: await countProfiles(storage, setFolder),
    labels: Number(labels?.['count']),
    keys: Number(keys?.['count']),
  }
}

/** None where no import says when it ran: then nothing tells profiles apart. */
async function countProfiles(storage: Storage, setFolder: string): Promise<number> {
  const imports = readImports(setFolder)
  if (imports === undefined) return 0
  const [firstMs = 0] = imports.atMs
  const isLater = `known_at > ${firstMs} and known_at not in (${imports.atMs.join(', ')})`
  const [row] = await storage.select(
    `select (select count(*) from (select distinct id, known_at from users where ${isLater} and ${IS_OTHERS})) +
      (select count(*) from (select distinct id, known_at from items where ${isLater})) as count`,
  )
  return Math.max(0, Number(row?.['count']) - imports.laterVersions)
}

function readImports(setFolder: string): Imports | undefined {
  const path = join(setFolder, FILE)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Imports) : undefined
}

function writeImports(setFolder: string, imports: Imports): void {
  writeWhole(join(setFolder, FILE), JSON.stringify(imports))
}
