// Ids that a spreadsheet wrote as rounded numbers: 1.23457E+15 stands for every id that begins with these digits,
// so that several users have become one, and none is who another file means.
import type { Database } from '../database.ts'
import type { DataWarning } from './data-warning.ts'

const ROUNDED = String.raw`\d([.,]\d+)?[eE]\+?\d{2,}`

/** `ids` is SQL that gives a column `id`; `what` says whose, as 'users'. */
export async function roundedIds(
  database: Database,
  { name, ids, what }: { readonly name: string; readonly ids: string; readonly what: string },
): Promise<DataWarning[]> {
  const [found] = await database.all(`select count(*)::double, count(distinct id)::double, min(id)
    from (${ids}) where regexp_full_match(id, '${ROUNDED}')`)
  const [rows = 0, distinct = 0] = (found ?? []).map(Number)
  if (rows === 0) return []
  const text = `${name}: ${rows} ${rows === 1 ? 'row has an id' : 'rows have ids'} of ${what} that a spreadsheet rounded (${distinct} in all), which may stand for several each: export them as text`
  return [{ code: 'rounded_ids', text, example: `as '${String(found?.[2])}'` }]
}
