// Files that stand beside a log: a row for each user or each item, found by the names of columns and by how
// many ids both sides share.
import { quoteName } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import type { Column } from './column.ts'
import { roleToldOf } from './holds.ts'
import type { Holds } from './holds.ts'
import type { InspectedFile } from './inspect-file.ts'
import { rolesOf } from './log-roles.ts'
import { hintOf, saysAsked, saysVersion, wordsOf } from './name-words.ts'
import { presentOf } from './profile-columns.ts'
import { rankTimes } from './roles.ts'

/** So many of the file's ids, or of the log's, must be those of the other side. */
const OVERLAP_MIN = 0.05
const KEY_COLUMNS_MAX = 5

export interface Joined {
  readonly file: InspectedFile
  /** Columns of the log, and those of the file that they are joined with. */
  readonly logKey: readonly Column[]
  readonly key: readonly Column[]
  /** Of the log's ids, those that the file has. */
  readonly share: number
  /** Since when a row holds, where an id has several. */
  readonly knownAt?: Column
}

interface JoinRequest {
  readonly log: InspectedFile
  readonly column: Column
  readonly file: InspectedFile
  readonly role: 'user' | 'item'
  /** Somebody said that the file is of them: then its ids may be called anything. */
  readonly isTold: boolean
}

/** The one that says most of them first. */
export async function joinsOf(
  database: Database,
  {
    main,
    column,
    role,
    others,
    holds,
  }: {
    readonly main: InspectedFile
    readonly column: Column
    readonly role: 'user' | 'item'
    readonly others: readonly InspectedFile[]
    readonly holds: Holds | undefined
  },
): Promise<Joined[]> {
  const found: Joined[] = []
  for (const file of others) {
    const joined = await joinFile(database, {
      log: main,
      column,
      file,
      role,
      isTold: roleToldOf(file, holds) !== undefined,
    })
    if (joined !== undefined) found.push(joined)
  }
  return found.toSorted((a, b) => usefulness(b) - usefulness(a))
}

function usefulness({ file, share }: Joined): number {
  return (
    share *
    file.columns.filter(({ kind }) => ['category', 'number', 'text', 'boolean', 'list'].includes(kind)).length
  )
}

/** Undefined where the file has no row for each of them. */
async function joinFile(
  database: Database,
  { log, column, file, role, isTold }: JoinRequest,
): Promise<Joined | undefined> {
  for (const own of candidatesOf(file, { column, role, isTold })) {
    const key = await uniqueKey(database, { log, column, file, own })
    if (key === undefined) continue
    const share = await overlapOf(database, { log, column, file, own })
    if (share < OVERLAP_MIN) continue
    return { file, ...key, share }
  }
  return undefined
}

function candidatesOf(
  file: InspectedFile,
  { column, role, isTold }: Pick<JoinRequest, 'column' | 'role' | 'isTold'>,
): Column[] {
  const same = (name: string): string => wordsOf(name).join(' ')
  const named = file.columns.filter(({ name }) => same(name) === same(column.name))
  const isOfRole = hintOf(file.name, role) > 0
  const others = file.columns.filter((other) => !named.includes(other))
  const ids = others.filter(({ kind }) => kind === 'id')
  const plain = ids.filter(({ name }) => hintOf(name, role) > 0 || (isOfRole && same(name) === 'id'))
  if (!isTold) return [...named, ...plain]
  const whole = others.filter(
    ({ kind, presentCount, rowCount }) => kind !== 'time' && presentCount === rowCount,
  )
  return [...new Set([...named, ...plain, ...ids, ...whole])]
}

interface KeyRequest {
  readonly log: InspectedFile
  readonly column: Column
  readonly file: InspectedFile
  readonly own: Column
}

/** The column alone, or with others that both files have under the same name. */
async function uniqueKey(
  database: Database,
  { log, column, file, own }: KeyRequest,
): Promise<Pick<Joined, 'key' | 'logKey' | 'knownAt'> | undefined> {
  if (await isUnique(database, { file, key: [own] })) return { key: [own], logKey: [column] }
  const shared = file.columns.flatMap((other) => {
    const inLog = log.columns.find(({ name }) => name === other.name)
    return inLog === undefined || other === own || !['id', 'category'].includes(other.kind)
      ? []
      : [{ other, inLog }]
  })
  const knownAt = versionTimeOf(file)
  if (knownAt !== undefined && (await isUnique(database, { file, key: [own, knownAt] })))
    return { key: [own], logKey: [column], knownAt }
  if (shared.length === 0 || shared.length > KEY_COLUMNS_MAX) return undefined
  const key = [...shared.map(({ other }) => other), own]
  if (!(await isUnique(database, { file, key }))) return undefined
  return { key, logKey: [...shared.map(({ inLog }) => inLog), column] }
}

/** Of a file with several rows for an id, one whenever something changed. */
function versionTimeOf(file: InspectedFile): Column | undefined {
  const { item, type } = rolesOf(file)
  if (item !== undefined || type !== undefined) return undefined
  const times = rankTimes(file.columns).map(({ column }) => column)
  return times.find(({ name }) => saysVersion(name) || saysAsked(name))
}

async function isUnique(
  database: Database,
  { file, key }: { readonly file: InspectedFile; readonly key: readonly Column[] },
): Promise<boolean> {
  const names = key.map(({ name }) => quoteName(name)).join(', ')
  const [row] = await database.all(
    `select count(*)::double, (select count(*) from (select distinct ${names} from ${file.table}))::double from ${file.table}`,
  )
  return Number(row?.[1]) >= 0.999 * Number(row?.[0])
}

async function overlapOf(database: Database, { log, column, file, own }: KeyRequest): Promise<number> {
  const [row] =
    await database.all(`with logged as (select distinct ${presentOf(column.name)} as id from ${log.table}),
    known as (select distinct ${presentOf(own.name)} as id from ${file.table})
    select (select count(*) from logged semi join known using (id))::double, (select count(*) from logged)::double`)
  return Number(row?.[0]) / Math.max(1, Number(row?.[1]))
}
