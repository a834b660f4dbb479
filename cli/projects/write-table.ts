// The declaration of a table of labelled rows.
import { expressionOf } from '../../training/inspect/column.ts'
import type { TableShape, Warning } from '../../training/inspect/shape.ts'
import { timeExpressionOf } from '../../training/inspect/time-expression.ts'
import { labelTask } from './label-task.ts'
import { literalOf } from './typescript-text.ts'
import type { Entry } from './typescript-text.ts'
import {
  attributeEntries,
  fileEntries,
  leftOutComments,
  mappedEntries,
  nameAttributes,
  readingEntries,
} from './write-columns.ts'
import type { Declared } from './declared.ts'

export function writeTable(
  { file, id, at, label, attributes }: TableShape,
  { warnings, namesFiles }: { readonly warnings: readonly Warning[]; readonly namesFiles: boolean },
): Declared {
  const named = nameAttributes(attributes)
  const task = labelTask(label)
  const time = at === undefined ? undefined : timeExpressionOf(at)
  const unnamed = mappedEntries(named)
  const lacksLabel = label.column.presentCount < label.column.rowCount
  const source: Entry[] = [
    { name: 'kind', value: "'table'" },
    ...fileEntries(file, namesFiles),
    ...readingEntries({ ...file.reading, ...time?.reading }),
    ...(id === undefined ? [] : [{ name: 'id', value: literalOf(expressionOf(id)) }]),
    ...(time === undefined
      ? []
      : [
          ...(time.comment === undefined ? [] : [{ comment: time.comment }]),
          { name: 'at', value: literalOf(time.expression) },
          { name: 'timeUnit', value: literalOf(time.timeUnit) },
        ]),
    ...(unnamed.length === 0 ? [] : [{ name: 'user', value: { object: unnamed } }]),
    ...(lacksLabel
      ? [
          {
            comment: `${label.column.rowCount - label.column.presentCount} of ${label.column.rowCount} rows have no label: they are imported, and nothing is learned from them.`,
          },
        ]
      : []),
    {
      name: 'labels',
      value: { object: [{ name: task.name, value: literalOf(expressionOf(label.column)) }] },
    },
  ]
  return {
    about: `A table of labelled rows: what \`${label.column.name}\` will say.`,
    members: [
      { name: 'user', value: { object: [...leftOutComments(warnings), ...attributeEntries(named, [])] } },
      { name: 'tasks', value: { object: [{ name: task.name, value: task.call }] } },
      { name: 'source', value: { object: source } },
    ],
  }
}
