// Types of events of which it makes no sense to ask whether they will occur: nearly everybody does them, and once,
// as registering. Whoever comes into question has done it already.
import { quoteName } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import { presentOf } from './profile-columns.ts'
import type { LogPart } from './shape.ts'

/** So many of the log's users have done it. */
const USERS_SHARE = 0.9
const TIMES_MAX = 1.02

/** @param parts the main file of the log first: its users are those that count */
export async function typesDoneByAll(database: Database, parts: readonly LogPart[]): Promise<string[]> {
  const [main] = parts
  if (main === undefined) return []
  const keyOf = ({ user }: LogPart): string =>
    user.map(({ name }) => `${quoteName(name)}::varchar`).join(" || '-' || ")
  const users = `(select distinct ${keyOf(main)} as key from ${main.file.table})`
  const found: string[] = []
  for (const part of parts) {
    const type = part.type === undefined ? "''" : presentOf(part.type.name)
    const rows = await database.all(`select type, count(*)::double, count(distinct key)::double,
      (select count(*) from ${users})::double
      from (select ${type} as type, ${keyOf(part)} as key from ${part.file.table}) semi join ${users} using (key)
      group by type`)
    for (const [own, ...counts] of rows) {
      const [count = 0, doers = 0, all = 0] = counts.map(Number)
      const name = part.type === undefined ? part.types[0]?.name : String(own)
      if (name !== undefined && doers >= USERS_SHARE * all && count <= TIMES_MAX * doers) found.push(name)
    }
  }
  return found
}
