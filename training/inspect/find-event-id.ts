// The column that names each event, if one does: message_id, event_uuid. With it the same event is known again in
// another export and over HTTP.
import type { Database } from '../data/database.ts'
import { sqlOf } from './column.ts'
import type { Column } from './column.ts'
import type { InspectedFile } from './inspect-file.ts'
import { wordsOf } from './name-words.ts'

/** Of the rows so many are no copies. */
const DISTINCT_SHARE_MIN = 0.8
const ID_WORDS = ['id', 'uuid', 'guid', 'uid']

/** The first that names all rows, each by a name of its own but for rows that are copies of one another. */
export async function findEventId(
  database: Database,
  { file, columns }: { readonly file: InspectedFile; readonly columns: readonly Column[] },
): Promise<Column | undefined> {
  const cells = file.columns.map((column) => sqlOf(column)).join(', ')
  for (const column of columns) {
    const { name, member, presentCount, rowCount, distinctCount } = column
    const saysId = wordsOf(name).some((word) => ID_WORDS.includes(word))
    if (!saysId || member !== undefined || presentCount < rowCount) continue
    if (distinctCount < DISTINCT_SHARE_MIN * rowCount) continue
    if (distinctCount === rowCount) return column
    const [counts = []] = await database.all(
      `select count(*)::double, count(distinct ${sqlOf(column)})::double from (select distinct ${cells} from ${file.table})`,
    )
    if (counts[0] === counts[1]) return column
  }
  return undefined
}
