// How long a log is, and how far its tasks may look ahead.
import { cellsOf } from '../data/cells/cells.ts'
import { quoteName } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import type { Column } from './column.ts'
import { chooseHorizon, fittingHorizons } from './horizon.ts'
import type { InspectedFile } from './inspect-file.ts'
import type { EventsShape, LogPart } from './shape.ts'
import { timeExpressionOf } from './time-expression.ts'

/**
 * How long the log is, and how far tasks may look ahead: by when users come back. Of the main part alone: what
 * stands beside it, such as registrations, may lie far before or after.
 */
export async function measureTime(
  database: Database,
  { file, user, time }: LogPart,
): Promise<Pick<EventsShape, 'horizonMs' | 'spanMs' | 'startMs'>> {
  const key = `hash(${user.map(({ name }) => quoteName(name)).join(', ')})`
  await database.run(`create or replace temp table moments as select distinct * from (
    select ${key} as user, ${momentOf(file, time)} as ms from ${file.table}) where ms is not null`)
  const [bounds = []] = await database.all(
    'select min(ms), max(ms), quantile_cont(ms, 0.001), quantile_cont(ms, 0.999) from moments',
  )
  const [startMs = 0, endMs = 0, lowMs = 0, highMs = 0] = bounds.map(Number)
  const spanMs = Math.max(0, Math.min(endMs, highMs + 1) - Math.max(startMs, lowMs))
  const lengths = fittingHorizons(spanMs)
  const shares = lengths.map((length) => `avg((coalesce(gap, 1e18) <= ${length})::int)`)
  const [row = []] = await database.all(`select ${shares.join(', ')} from (
    select lead(ms) over (partition by user order by ms) - ms as gap, ms from moments)
    where ms <= ${endMs - (lengths.at(-1) ?? 0)}`)
  await database.run('drop table moments')
  return { startMs, spanMs, horizonMs: chooseHorizon(lengths, row.map(Number)) }
}

/** SQL of milliseconds; of a row's place where the order is all there is. */
function momentOf(file: InspectedFile, time: Column | undefined): string {
  if (time === undefined) return '60000 * rowid'
  const { expression, timeUnit, reading } = timeExpressionOf(time)
  return `try(${cellsOf({ ...file.reading, ...reading }).timeOf({ expression, unit: timeUnit })})`
}
