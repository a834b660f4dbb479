// The declaration of a log of events and of the files beside it.
import { quoteText } from '../../training/data/database.ts'
import { expressionOf, isMark, sqlOf } from '../../training/inspect/column.ts'
import type { Column } from '../../training/inspect/column.ts'
import { withinOf } from '../../training/inspect/horizon.ts'
import type { Beside, EventsShape, EventType, LogPart, Warning } from '../../training/inspect/shape.ts'
import { START_S, timeExpressionOf } from '../../training/inspect/time-expression.ts'
import { labelTask } from './label-task.ts'
import { literalOf, taskWord } from './typescript-text.ts'
import type { Entry } from './typescript-text.ts'
import {
  attributeEntries,
  cellExpression,
  fileEntries,
  keyExpression,
  leftOutComments,
  mappedEntries,
  nameAttributes,
  presentCondition,
  readingEntries,
} from './write-columns.ts'
import type { Named } from './write-columns.ts'
import type { Declared } from './declared.ts'

const DAY_MS = 86_400_000
const GOAL =
  /purchase|buy|bought|order|pay|checkout|transaction|convert|subscri|clickout|sign ?up|register|complete|book|deposit|take/i

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

type Type = Pick<EventType, 'name' | 'item' | 'value' | 'count'>

function labelEventName({ label, types }: LogPart): string | undefined {
  if (label === undefined) return undefined
  const word = taskWord(label.column.name)
  const name = word === 'label' ? 'labelled' : word
  return types.some((type) => type.name === name) ? `${name}True` : name
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

function tasksOf({ horizonMs, parts, doneByAll }: EventsShape, types: readonly Type[]): Entry[] {
  const { option, suffix, words } = withinOf(horizonMs)
  const labelNames = parts.map(labelEventName)
  const plain = types.filter(({ name }) => !labelNames.includes(name))
  const total = plain.reduce((sum, { count }) => sum + count, 0)
  const open = plain.filter(({ name }) => !doneByAll.includes(name))
  const goals = open
    .filter(({ name, count }) => GOAL.test(name) && count >= 0.002 * total)
    .toSorted((a, b) => a.count - b.count)
    .slice(0, 2)
  const rarest = open.filter(({ count }) => count >= 0.02 * total).toSorted((a, b) => a.count - b.count)[0]
  const asked = goals.length > 0 ? goals : plain.length > 1 && rarest !== undefined ? [rarest] : []
  const summed = [...goals, ...plain].find(({ value }) => value)
  return [
    {
      comment: `Horizons of ${words}: by then most have come back who do; edit them to what you can act on.`,
    },
    // Of one type alone, that it occurs is the same question.
    ...(plain.length === 1 && goals.length === 1
      ? []
      : [{ name: `leaves${suffix}`, value: `absent(${option})` }]),
    ...(plain.length > 1 ? [{ name: 'nextAction', value: `nextEvent(${option})` }] : []),
    ...asked.map(({ name }): Entry => ({
      name: `${taskWord(name)}${suffix}`,
      value: `occurs(${literalOf(name)}, ${option})`,
    })),
    ...(summed === undefined
      ? []
      : [
          {
            name: `${taskWord(summed.name)}Total${suffix}`,
            value: `total(${literalOf(summed.name)}, ${option})`,
          },
        ]),
    ...labelNames.flatMap((name): Entry[] =>
      name === undefined
        ? []
        : [{ name: `${name}${suffix}`, value: `occurs(${literalOf(name)}, ${option})` }],
    ),
  ]
}

interface PartOptions {
  readonly context: readonly Named[]
  readonly namesFiles: boolean
}

function partEntries(part: LogPart, { context, namesFiles }: PartOptions): Entry[] {
  const { file, user, item, time, type, types, value, label } = part
  const moment = time === undefined ? ORDER : timeExpressionOf(time)
  const reading = readingEntries({ ...file.reading, ...moment.reading })
  const conditions = [
    ...user,
    ...(time === undefined ? [] : [time]),
    ...(type === undefined ? [] : [type]),
  ].flatMap((column) => presentCondition(column) ?? [])
  const own = context.filter(({ column }) => part.context.some(({ name }) => name === column.name))
  const common: Entry[] = [...fileEntries(file, namesFiles), ...reading]
  const where = (more: readonly string[]): Entry[] => {
    const all = [...conditions, ...more]
    return all.length === 0 ? [] : [{ name: 'where', value: literalOf(all.join(' and ')) }]
  }
  const timeEntries = (expression: string): Entry[] => [
    ...(moment.comment === undefined ? [] : [{ comment: moment.comment }]),
    { name: 'occurredAt', value: literalOf(expression) },
    { name: 'timeUnit', value: literalOf(moment.timeUnit) },
  ]
  const main: Entry[] = [
    ...common,
    {
      name: 'type',
      value: literalOf(type === undefined ? quoteText(types[0]?.name ?? 'event') : expressionOf(type)),
    },
    { name: 'userId', value: literalOf(keyExpression(user)) },
    ...(item === undefined || !types.some((own_) => own_.item)
      ? []
      : [
          {
            name: 'itemId',
            value: literalOf(
              lacking(item, {
                lacks: types.some((own_) => own_.item && own_.lacksItem),
                instead: "'none'",
              }),
            ),
          },
        ]),
    ...(value === undefined || !types.some((own_) => own_.value)
      ? []
      : [{ name: 'value', value: literalOf(valueExpression(value, types)) }]),
    ...timeEntries(moment.expression),
    ...where([]),
    ...(own.length === 0
      ? []
      : [
          {
            name: 'context',
            value: {
              object: own.map(({ name, column }) => ({ name, value: literalOf(cellExpression(column)) })),
            },
          },
        ]),
  ]
  const labelName = labelEventName(part)
  if (label === undefined || labelName === undefined) return [{ value: { object: main } }]
  const isTrue = `lower(trim(${sqlOf(label.column)}::varchar)) in (${[
    ...new Set([...label.column.sample, label.values[1] ?? '']),
  ]
    .filter((cell) => isPositive(cell, label.values[1] ?? ''))
    .map((cell) => quoteText(cell.toLowerCase()))
    .join(', ')})`
  const marked: Entry[] = [
    ...common,
    {
      comment: `What \`${label.column.name}\` says is known after the row: an event one second later, so that asking right after the row does not see it.`,
    },
    { name: 'type', value: literalOf(quoteText(labelName)) },
    { name: 'userId', value: literalOf(keyExpression(user)) },
    ...timeEntries(later(moment)),
    ...where([isTrue]),
  ]
  return [{ value: { object: main } }, { value: { object: marked } }]
}

/** Rows a minute apart, from the start. */
const ORDER = {
  expression: `${START_S} + 60 * "presage row"`,
  timeUnit: 's',
  reading: {},
  comment: 'The file has no times: its rows are taken for a minute apart.',
} as const

function isPositive(cell: string, positive: string): boolean {
  return cell.toLowerCase() === positive.toLowerCase() || Number(cell) === Number(positive)
}

function lacking(
  column: Column,
  { lacks, instead }: { readonly lacks: boolean; readonly instead: string },
): string {
  if (!lacks) return expressionOf(column)
  const cell = `trim(${sqlOf(column)}::varchar)`
  return `case when coalesce(${isMark(cell)}, true) then ${instead} else ${cell} end`
}

function valueExpression(
  { expression, number }: NonNullable<LogPart['value']>,
  types: readonly EventType[],
): string {
  return types.some((type) => type.value && type.lacksValue) ? `coalesce(${number}, 0)` : expression
}

/** A second later. */
function later({
  expression,
  timeUnit,
  reading,
}: {
  readonly expression: string
  readonly timeUnit: string
  readonly reading: { readonly timeFormat?: string }
}): string {
  if (timeUnit === 'iso') {
    const time =
      reading.timeFormat === undefined
        ? `(${expression})::varchar::timestamptz`
        : `strptime(${expression}::varchar, ${quoteText(reading.timeFormat)})`
    return `${time} + interval 1 second`
  }
  const second = { s: '1', ms: '1000', us: '1000000', ns: '1000000000' }[timeUnit] ?? '1'
  return `try_cast(${/^[\w"]+$/.test(expression) ? `${expression}::varchar` : expression} as double) + ${second}`
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

function besideEntries(
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
function questionEntries(
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
