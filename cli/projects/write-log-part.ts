// How the rows of one file of a log become events: one entry of the source, and another for what a label says of a row.
import { quoteText } from '../../training/data/database.ts'
import { expressionOf, isMark, sqlOf } from '../../training/inspect/column.ts'
import type { Column } from '../../training/inspect/column.ts'
import type { EventType, LogPart } from '../../training/inspect/shape.ts'
import { START_S, timeExpressionOf } from '../../training/inspect/time-expression.ts'
import { literalOf, taskWord } from './typescript-text.ts'
import type { Entry } from './typescript-text.ts'
import {
  cellExpression,
  fileEntries,
  keyExpression,
  presentCondition,
  readingEntries,
} from './write-columns.ts'
import type { Named } from './write-columns.ts'

/** The type of the events that say of a row what its label does; undefined where there is none. */
export function labelEventName({ label, types }: LogPart): string | undefined {
  if (label === undefined) return undefined
  const word = taskWord(label.column.name)
  const name = word === 'label' ? 'labelled' : word
  return types.some((type) => type.name === name) ? `${name}True` : name
}

interface PartOptions {
  readonly context: readonly Named[]
  readonly namesFiles: boolean
}

/** The entry of the rows, and where the file has a label the one of what it says. */
export function partEntries(part: LogPart, { context, namesFiles }: PartOptions): Entry[] {
  const { file, user, item, time, type, id, types, value, label } = part
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
  const idEntry = (ofId: (sql: string) => string): Entry[] =>
    id === undefined ? [] : [{ name: 'id', value: literalOf(ofId(expressionOf(id))) }]
  const main: Entry[] = [
    ...common,
    ...idEntry((sql) => sql),
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
                instead: "'no item'",
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
    ...idEntry((sql) => `${sql} || ${quoteText(`:${labelName}`)}`),
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
