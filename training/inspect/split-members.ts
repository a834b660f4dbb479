// Columns that hold objects: JSON in texts, or structs. Each member of theirs becomes a column of its own, named
// by its path, as in device.category.
import { quoteName, quoteText } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import type { Member } from './column.ts'

const DEPTH_MAX = 3
const MEMBERS_MAX = 200
/** So many of the cells that say something must be objects. */
const SHARE_MIN = 0.98

interface SplitRequest {
  readonly table: string
  readonly names: readonly string[]
  /** Whether a project may say device.category for short: the file is of JSON objects. */
  readonly isJson: boolean
}

export interface SplitColumns {
  /** Of columns without members, and of members, in their order. */
  readonly names: readonly string[]
  /** By name. */
  readonly members: ReadonlyMap<string, Member>
}

/** Adds the members to the table. */
export async function splitMembers(
  database: Database,
  { table, names, isJson }: SplitRequest,
): Promise<SplitColumns> {
  const members = new Map<string, Member>()
  let all = [...names]
  let asked = all
  for (let depth = 0; depth < DEPTH_MAX && asked.length > 0; depth += 1) {
    const found = await membersOf(database, { table, names: asked, known: members, isJson })
    const fresh = [...found].flatMap(([, own]) => own).filter(({ name }) => !all.includes(name))
    if (fresh.length === 0 || members.size + fresh.length > MEMBERS_MAX) break
    const cells = fresh.map(({ name, sql }) => `${sql} as ${quoteName(name)}`)
    await database.run(`create or replace table ${table} as select *, ${cells.join(', ')} from ${table}`)
    for (const member of fresh) members.set(member.name, member)
    all = all.flatMap((name) => found.get(name)?.map((member) => member.name) ?? [name])
    asked = fresh.map(({ name }) => name)
  }
  return { names: all, members }
}

interface Named extends Member {
  readonly name: string
}

async function membersOf(
  database: Database,
  { table, names, known, isJson }: SplitRequest & { readonly known: ReadonlyMap<string, Member> },
): Promise<Map<string, Named[]>> {
  const described = await database.all(`select column_name, column_type from (describe ${table})`)
  const types = new Map(described.map(([name, type]) => [String(name), String(type)]))
  const texts = names.filter((name) => types.get(name) === 'VARCHAR')
  const objects = await objectsAmong(database, { table, names: texts })
  const found = new Map<string, Named[]>()
  for (const name of names) {
    const type = types.get(name) ?? ''
    const sql = known.get(name)?.sql ?? quoteName(name)
    if (type.startsWith('STRUCT') && !type.endsWith('[]')) {
      const rows = await database.all(
        `select column_name from (describe select unnest(${quoteName(name)}) from ${table})`,
      )
      const own = rows.map(([key]) => `${sql}.${quoteName(String(key))}`)
      found.set(
        name,
        own.map((path, index) => ({
          name: `${name}.${String(rows[index]?.[0])}`,
          sql: path,
          expression: path,
        })),
      )
    } else if (objects.has(name)) {
      const rows = await database.all(
        `select key from (select unnest(json_keys(${quoteName(name)})) as key, rowid from ${table}
        where trim(${quoteName(name)}) like '{%') group by key order by min(rowid), key limit ${MEMBERS_MAX + 1}`,
      )
      const own = rows.map(([key]) => jsonMember({ name, key: String(key), sql, isJson }))
      if (own.length > 0) found.set(name, own)
    }
  }
  return found
}

/** Those of the columns whose cells are objects. */
async function objectsAmong(
  database: Database,
  { table, names }: { readonly table: string; readonly names: readonly string[] },
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  const braced = await countEach(database, { table, names, of: (cell) => `trim(${cell}) like '{%}'` })
  for (const [index, [count = 0, present = 0]] of braced.entries()) {
    const name = names[index] ?? ''
    if (count === 0 || count < SHARE_MIN * present) continue
    const of = (cell: string): string => `coalesce(try(json_type(${cell})), '') = 'OBJECT'`
    const [[objects = 0] = []] = await countEach(database, { table, names: [name], of })
    if (objects >= SHARE_MIN * present) found.add(name)
  }
  return found
}

/** Of each column the cells of which something holds, and those that say something. */
async function countEach(
  database: Database,
  {
    table,
    names,
    of,
  }: { readonly table: string; readonly names: readonly string[]; readonly of: (cell: string) => string },
): Promise<number[][]> {
  if (names.length === 0) return []
  const counts = names
    .map(quoteName)
    .map((cell) => `count(*) filter (${of(cell)})::double, count(nullif(trim(${cell}), ''))::double`)
  const [row = []] = await database.all(`select ${counts.join(', ')} from ${table}`)
  return names.map((_, index) => row.slice(2 * index, 2 * index + 2).map(Number))
}

function jsonMember({
  name,
  key,
  sql,
  isJson,
}: {
  readonly name: string
  readonly key: string
  readonly sql: string
  readonly isJson: boolean
}): Named {
  const path = `${name}.${key}`
  const own = `json_extract_string(${sql}, ${quoteText(`$."${key}"`)})`
  const isShort = isJson && /^[\p{L}\p{N}_$.-]+$/u.test(path) && !key.includes('.')
  return { name: path, sql: own, expression: isShort ? path : own }
}
