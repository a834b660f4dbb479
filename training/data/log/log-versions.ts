// What a log's own rows say of their users, as versions: each row that says something new begins one, known
// since its event was received. A row that leaves an attribute out says nothing of it.
import type { AttributeVersion, Attributes, Versions } from '../../../features/attributes.ts'
import type { Database } from '../database.ts'

/** Makes the table `users` of the rows of `events` that may say something new. */
export async function collectLogVersions(database: Database): Promise<void> {
  await database.run(`create table users as
    select user_id as id, received_at as known_at, user_attributes as attributes, place from (
      select user_id, received_at, place, user_attributes,
        lag(user_attributes) over (partition by user_id order by received_at, place) as before
      from events where user_attributes is not null)
    where user_attributes is distinct from before`)
}

/** Versions of one user from what rows say, in order of (knownAt, place). */
export function versionsOfLog(rows: readonly AttributeVersion[]): Versions {
  const versions: AttributeVersion[] = []
  for (const { knownAt, attributes } of rows) {
    const last = versions.at(-1)
    const said = Object.entries(attributes).filter(([, value]) => value !== null)
    if (said.every(([name, value]) => last?.attributes[name] === value)) continue
    // Of one moment the last row counts.
    if (last?.knownAt === knownAt) versions.pop()
    const next: Attributes = { ...last?.attributes, ...Object.fromEntries(said) }
    versions.push({ knownAt, attributes: next })
  }
  return versions
}
