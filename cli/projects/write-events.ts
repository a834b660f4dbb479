// The declaration of a log of events and of the files beside it.
import { DAY_MS } from '../../features/project.ts'
import type { EventsShape, LogPart, Warning } from '../../training/inspect/shape.ts'
import type { Declared } from './declared.ts'
import { labelTask } from './label-task.ts'
import { literalOf } from './typescript-text.ts'
import type { Entry } from './typescript-text.ts'
import { besideEntries, questionEntries } from './write-beside.ts'
import { attributeEntries, cellExpression, leftOutComments, nameAttributes } from './write-columns.ts'
import type { Named } from './write-columns.ts'
import { labelEventName, partEntries } from './write-log-part.ts'
import { tasksOf } from './write-tasks.ts'
import type { Type } from './write-tasks.ts'

export function writeEvents(
  shape: EventsShape,
  { warnings, namesFiles }: { readonly warnings: readonly Warning[]; readonly namesFiles: boolean },
): Declared {
  const { parts, users, labels, items, horizonMs } = shape
  const types = mergeTypes(parts)
  const ofUsers = nameAttributes(users?.attributes ?? parts[0]?.attributes ?? [])
  const ofItems = nameAttributes(items?.attributes ?? [])
  const context = nameAttributes([
    ...new Map(parts.flatMap((part) => part.context).map((column) => [column.name, column])).values(),
  ])
  const task = labels?.label === undefined ? undefined : labelTask(labels.label)
  const members: Entry[] = [
    {
      name: 'events',
      value: {
        object: types.map(({ name, item, value }) => ({ name, value: declarationOf({ item, value }) })),
      },
    },
    ...attributesMember(
      'user',
      ofUsers,
      warnings
        .filter(({ kind }) => kind === 'undated')
        .filter(({ text }) => users !== undefined && text.startsWith(`of ${users.file.name}:`)),
    ),
    ...attributesMember(
      'item',
      ofItems,
      warnings
        .filter(({ kind }) => kind === 'undated')
        .filter(({ text }) => items !== undefined && text.startsWith(`of ${items.file.name}:`)),
    ),
    ...attributesMember('context', context, []),
    ...(horizonMs < DAY_MS
      ? [
          { comment: 'Asked within a visit, right after what somebody did.' },
          { name: 'asked', value: "'afterEvents'" },
        ]
      : []),
    {
      name: 'tasks',
      value: {
        object: [
          ...tasksOf(shape, types),
          ...(task === undefined ? [] : [{ name: task.name, value: task.call }]),
        ],
      },
    },
    {
      name: 'source',
      value: {
        object: [
          { name: 'kind', value: "'events'" },
          ...leftOutComments(warnings.filter(({ kind }) => kind !== 'undated')),
          {
            name: 'events',
            value: { list: parts.flatMap((part) => partEntries(part, { context, namesFiles })) },
          },
          ...logAttributes(shape, ofUsers),
          ...besideEntries('users', users, { named: ofUsers, namesFiles }),
          ...besideEntries('items', items, { named: ofItems, namesFiles }),
          ...questionEntries(shape, { task: task?.name, namesFiles }),
        ],
      },
    },
  ]
  return { about: 'A log of events.', members }
}

function declarationOf({ item, value }: { readonly item: boolean; readonly value: boolean }): string {
  const parts = [...(item ? ['item: true'] : []), ...(value ? ['value: true'] : [])]
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

function attributesMember(name: string, named: readonly Named[], warnings: readonly Warning[]): Entry[] {
  if (named.length === 0) return []
  const comments = warnings.map(({ text }): Entry => ({
    comment: `Undated ${text}. Declare \`fixed: true\` what does not change.`,
  }))
  return [...comments, { name, value: { object: attributeEntries(named, []) } }]
}

/** The same type in several files is one; the events of labels come last. */
function mergeTypes(parts: readonly LogPart[]): Type[] {
  const merged = new Map<string, Type>()
  for (const { name, item, value, count } of parts.flatMap(({ types }) => types)) {
    const before = merged.get(name)
    merged.set(name, {
      name,
      item: item || before?.item === true,
      value: value || before?.value === true,
      count: count + (before?.count ?? 0),
    })
  }
  for (const part of parts) {
    const name = labelEventName(part)
    if (name !== undefined)
      merged.set(name, { name, item: false, value: false, count: part.label?.counts[1] ?? 0 })
  }
  return [...merged.values()]
}

/** Attributes of users that the log's rows carry; a file of users says them instead. */
function logAttributes({ users, parts }: EventsShape, named: readonly Named[]): Entry[] {
  if (users !== undefined || named.length === 0 || parts.length > 1) return []
  return [
    {
      name: 'user',
      value: {
        object: named.map(({ name, column }) => ({ name, value: literalOf(cellExpression(column)) })),
      },
    },
  ]
}
