// A file with a line for each user: the user, then items in the order of time.
import { quoteText } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import type { InspectedFile } from './inspect-file.ts'
import type { SequencesShape } from './shape.ts'

export async function findSequences(database: Database, file: InspectedFile): Promise<SequencesShape> {
  const delimiter = file.sequences ?? ' '
  const [row = []] =
    await database.all(`select count(*)::double, avg(length)::double, max(length)::double from (
    select len(string_split(trim(line), ${quoteText(delimiter)})) - 1 as length from ${file.table})`)
  const [userCount = 0, lengthMean = 0, lengthMax = 0] = row.map(Number)
  return { kind: 'sequences', file, delimiter, userCount, lengthMean, lengthMax }
}
