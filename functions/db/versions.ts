// Writing what is known of users and items from a moment on.
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { Attributes, AttributeVersion } from '../../features/attributes.ts'
import type { MadeVector } from '../../features/made-vectors.ts'
import { attemptRead, attemptWrite, prepared } from './client.ts'
import type { Database } from './client.ts'
import { wantStatements } from './encodings.ts'
import type { Wanted } from './encodings.ts'
import { items, users } from './schema.ts'

/** Of whom or what versions are kept. */
const tables = { user: users, item: items } as const
export type VersionedKind = keyof typeof tables

export interface StoredVersion extends AttributeVersion {
  readonly kind: VersionedKind
  readonly id: string
  /** Whether the sender says since when. */
  readonly isDated: boolean
  /** Now, Unix milliseconds. */
  readonly storedAt: number
}

/**
 * Adds a version where it says something else than the one that holds at its moment; of two of one
 * moment the later stored holds, and both are kept. A dated version is kept although it says the same: one that says
 * something else may yet come for a moment between the two, and must end where this one begins.
 * @param wanted vectors that are to be made of its texts: noted with it, or neither is written
 * @returns whether anything changed
 */
export async function storeVersion(
  db: Database,
  version: StoredVersion,
  wanted: readonly Wanted[] = [],
): Promise<boolean> {
  const { id, knownAt, storedAt } = version
  const table = tables[version.kind]
  const text = JSON.stringify(version.attributes)
  const held = version.isDated
    ? sql`select attributes from ${table} where id = ${id} and known_at = ${knownAt} order by stored_at desc limit 1`
    : sql`select coalesce(
        (select attributes from ${table} where id = ${id} and known_at <= ${knownAt} order by known_at desc, stored_at desc limit 1),
        '{}'
      ) as attributes`
  const insert = sql`
    insert into ${table} (id, known_at, attributes, stored_at)
    select ${id}, ${knownAt}, ${text}, ${storedAt} where not exists (
      select 1 from (${held}) where ${inOneForm(sql`attributes`)} = ${inOneForm(sql`${text}`)}
    )
    on conflict (id, known_at, stored_at) do update set attributes = excluded.attributes`
  const statements = [insert, ...(await wantStatements(wanted, storedAt))]
  const [inserted] = await attemptWrite(`a version of ${version.kind}`, () =>
    db.$client.batch(statements.map((statement) => prepared(db, statement))),
  )
  return (inserted?.meta.changes ?? 0) > 0
}

/**
 * The version with the vectors of those of its texts that the one that holds at its moment has too: an encoder would
 * make the same. The others are missing.
 */
export async function withHeldVectors<Version extends Omit<StoredVersion, 'isDated'>>(
  db: Database,
  version: Version,
  made: readonly MadeVector[],
): Promise<Version> {
  if (made.length === 0) return version
  const { id, knownAt, kind, attributes } = version
  const [row] = await attemptRead(`a version of ${kind}`, () =>
    db.all<{ attributes: string }>(sql`
      select attributes from ${tables[kind]} where id = ${id} and known_at <= ${knownAt}
      order by known_at desc, stored_at desc limit 1`),
  )
  const held = row === undefined ? {} : (JSON.parse(row.attributes) as Attributes)
  const vectors = made.flatMap(({ name, text }) => {
    const isSame = typeof attributes[text] === 'string' && attributes[text] === held[text]
    return isSame && held[name] !== undefined ? [[name, held[name]] as const] : []
  })
  return { ...version, attributes: { ...attributes, ...Object.fromEntries(vectors) } }
}

/** The same text for attributes that mean the same: in order, without those that are missing. */
function inOneForm(attributes: SQL): SQL {
  return sql`(select json_group_object(key, value order by key) from json_each(${attributes}) where value is not null)`
}
