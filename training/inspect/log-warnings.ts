// What must be said of the columns of a log that are no part of its events.
import { sqlOf } from './column.ts'
import { warnOfColumns } from './column-warnings.ts'
import { saysLater } from './name-words.ts'
import type { LogPart, Warning } from './shape.ts'

export function logWarnings(parts: readonly LogPart[]): Warning[] {
  return parts.flatMap(({ file, user, item, time, type, id, value, label, context, attributes }) => {
    const used = new Set([...user, item, time, type, id, label?.column, ...context, ...attributes])
    const rest = file.columns.filter(
      (column) => !used.has(column) && !(value?.expression.includes(sqlOf(column)) ?? false),
    )
    const known = new Map(warnOfColumns(rest).map((warning) => [warning.column, warning]))
    return rest.map(
      (column): Warning =>
        known.get(column.name) ??
        (saysLater(column.name)
          ? {
              column: column.name,
              kind: 'afterwards',
              text: 'its name says what is written into the row later: it would tell the future',
              isLeftOut: true,
            }
          : {
              column: column.name,
              kind: 'other',
              text: `${column.kind} of ${file.name}: no part of an event`,
              isLeftOut: true,
            }),
    )
  })
}
