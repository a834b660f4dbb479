// Whether the ids of the files beside a log are those of the log: `00123` here and `123` there are two, and then
// nothing is known of anybody.
import type { Database } from '../database.ts'
import type { DataWarning } from './data-warning.ts'

export interface JoinRequest {
  /** The table of the file, with columns id and place. */
  readonly table: 'users' | 'items'
  /** As they are said. */
  readonly fileName: string
  readonly logName: string
}

const COLUMNS = { users: 'user_id', items: 'item_id' } as const
/** Below this share of the log's ids their want is said, though no other spelling tells why. */
const MATCHED_SHARE_MIN = 0.5

/** Says where few ids of the log are in the file, or only in another spelling; with examples of both. */
export async function noteJoin(
  database: Database,
  { table, fileName, logName }: JoinRequest,
): Promise<DataWarning[]> {
  const column = COLUMNS[table]
  await database.run(`create temp table log_ids as
    select ${column} as id, min(place) as place from events where ${column} is not null group by 1`)
  await database.run(`create temp table lost as
    select id, ${plainOf('id')} as plain, place from log_ids where id not in (select id from ${table})`)
  const [counted] = await database.all(
    'select (select count(*) from log_ids)::double, (select count(*) from lost)::double',
  )
  const [total = 0, lost = 0] = (counted ?? []).map(Number)
  const notes = lost === 0 ? [] : await describe()
  await database.run('drop table log_ids')
  await database.run('drop table lost')
  return notes

  async function describe(): Promise<DataWarning[]> {
    await database.run(`create temp table spare as
      select id, ${plainOf('id')} as plain, min(place) as place from ${table}
      where id not in (select id from log_ids) group by 1, 2`)
    const near =
      await database.all(`select lost.id, arg_min(spare.id, spare.place) from lost join spare using (plain)
      group by lost.id, lost.place order by lost.place`)
    const [any] = await database.all(
      'select (select arg_min(id, place) from lost), (select arg_min(id, place) from spare)',
    )
    await database.run('drop table spare')
    const text = `${fileName}: knows ${total - lost} of the ${total} ${table} of ${logName}`
    if (near.length > 0) {
      const listed = near.slice(0, 3).map(([log, file]) => `'${String(log)}' beside '${String(file)}'`)
      return [
        {
          code: 'ids_spelt_otherwise',
          text: `${text}; ${near.length} more but for zeros, letter case or blanks`,
          example: `as ${listed.join(', ')}`,
        },
      ]
    }
    if (total - lost >= MATCHED_SHARE_MIN * total) return []
    const [log, file] = any ?? []
    const example = [
      `as '${String(log)}' in ${logName}`,
      ...(file === null ? [] : [`'${String(file)}' in ${fileName}`]),
    ].join(' and ')
    return [{ code: 'few_ids_known', text, example }]
  }
}

/** SQL of an id without what programs change in it: blanks around it, letter case, leading zeros, `.0`. */
function plainOf(id: string): string {
  const trimmed = String.raw`regexp_replace(lower(${id}), '^[\s\pZ]+|[\s\pZ]+$', '', 'g')`
  return String.raw`regexp_replace(regexp_replace(${trimmed}, '^(-?\d+)\.0+$', '\1'), '^0+(\d)', '\1')`
}
