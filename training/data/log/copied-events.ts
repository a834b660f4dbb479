// Events without ids of their own that stand in several files, as where an export of a day lies beside a fresher
// one of the same day. A row is then its own event, so nothing else would tell that they count twice.
import { basename } from 'node:path'
import type { Database } from '../database.ts'
import type { Origin } from '../files/raw-table.ts'
import { ROW } from '../files/row-number.ts'
import type { DataWarning } from '../report/data-warning.ts'

/** Says how many there are in the table `events`, if any. */
export async function copiedEvents(
  database: Database,
  { path, files }: Pick<Origin, 'path' | 'files'>,
): Promise<DataWarning[]> {
  if (files.length < 2) return []
  const parts = files.map(({ rowsBefore }, part) => `(${rowsBefore}, ${part})`).join(', ')
  const [counted] = await database.all(`select coalesce(sum(events), 0)::double from (
    select count(*) as events from events
    asof join (values ${parts}) as parts (rows_before, part) on events.${ROW} > parts.rows_before
    group by type, user_id, item_id, value, occurred_at having min(part) < max(part))`)
  const count = Number(counted?.[0])
  if (count === 0) return []
  const text = `${basename(path)}: ${count} events stand in several files alike, and count in each; where files overlap leave one out, or name an id`
  return [{ code: 'copied_events', text }]
}
