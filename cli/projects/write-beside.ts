// The files that stand beside a log: of users, of items, and of what came true.
import type { Column } from '../../training/inspect/column.ts'
import type { Beside, EventsShape } from '../../training/inspect/shape.ts'
import { expressionOf } from '../../training/inspect/column.ts'
import { timeExpressionOf } from '../../training/inspect/time-expression.ts'
import { literalOf } from './typescript-text.ts'
import type { Entry } from './typescript-text.ts'
import { fileEntries, keyExpression, mappedEntries, readingEntries } from './write-columns.ts'
import type { Named } from './write-columns.ts'

/** None where nothing is known of them. */
export function besideEntries(
  role: string,
  beside: Beside | undefined,
  { named, namesFiles }: { readonly named: readonly Named[]; readonly namesFiles: boolean },
): Entry[] {
  if (beside === undefined || named.length === 0) return []
  const mapped = mappedEntries(named)
  const object: Entry[] = [
    ...fileEntries(beside.file, namesFiles),
    ...readingEntries({
      ...beside.file.reading,
      ...(beside.knownAt !== undefined && timeExpressionOf(beside.knownAt).reading),
    }),
    { name: 'id', value: literalOf(keyExpression(beside.key)) },
    ...(beside.knownAt === undefined ? [] : momentEntries('knownAt', beside.knownAt)),
    ...(mapped.length === 0 ? [] : [{ name: 'attributes', value: { object: mapped } }]),
  ]
  return [{ name: role, value: { object } }]
}

/** A moment, and in what it is counted. */
function momentEntries(name: string, column: Column): Entry[] {
  const { expression, timeUnit, comment } = timeExpressionOf(column)
  return [
    ...(comment === undefined ? [] : [{ comment }]),
    { name, value: literalOf(expression) },
    { name: 'timeUnit', value: literalOf(timeUnit) },
  ]
}

/** Labels of users without a moment: each is asked about at some moment of the log, the same one every time. */
export function questionEntries(
  { labels, startMs, spanMs }: EventsShape,
  { task, namesFiles }: { readonly task: string | undefined; readonly namesFiles: boolean },
): Entry[] {
  if (labels?.label === undefined || task === undefined) return []
  const key = keyExpression(labels.key)
  const start = Math.round((startMs + 0.1 * spanMs) / 1_000)
  const length = Math.max(1, Math.round((0.8 * spanMs) / 1_000))
  const drawnMoments: Entry[] = [
    {
      comment:
        'The file does not say when the label was given: each user is asked about at a moment drawn from the log by the id. Put the moments here at which you will ask.',
    },
    { name: 'at', value: literalOf(`${start} + md5_number_lower((${key})::varchar) % ${length}`) },
    { name: 'timeUnit', value: "'s'" },
  ]
  const object: Entry[] = [
    ...fileEntries(labels.file, namesFiles),
    ...readingEntries({
      ...labels.file.reading,
      ...(labels.askedAt !== undefined && timeExpressionOf(labels.askedAt).reading),
    }),
    { name: 'userId', value: literalOf(key) },
    ...(labels.askedAt === undefined ? drawnMoments : momentEntries('at', labels.askedAt)),
    {
      name: 'labels',
      value: { object: [{ name: task, value: literalOf(expressionOf(labels.label.column)) }] },
    },
  ]
  return [{ name: 'questions', value: { object } }]
}
