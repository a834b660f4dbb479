// SQL for what the rows of a log say of one kind of event: its cells by the mapping of the project, and what
// must hold of them.
import { VALUE_MAX } from '../../../features/event.ts'
import { PROPERTY_LENGTH_MAX } from '../../../features/limits.ts'
import type { Project } from '../../../features/project.ts'
import type { EventColumns } from '../../../features/source.ts'
import type { Cells } from '../cells/cells.ts'
import type { KeptCells } from '../cells/kept-cells.ts'
import { quoteText } from '../database.ts'
import { ROW } from '../files/row-number.ts'
import { faultColumns } from '../cells/row-checks.ts'
import type { Check } from '../cells/row-checks.ts'

/** A mapping that names the id of every event. */
export type IdentifiedColumns = EventColumns & { readonly id: string }

export function eventChecks(
  columns: IdentifiedColumns,
  { project, nowMs, cells }: { readonly project: Project; readonly nowMs: number; readonly cells: KeptCells },
): Check[] {
  const type = cells.spelledOf(columns.type)
  const types = Object.keys(project.events)
  const itemId = cells.idOf(columns.itemId ?? 'null')
  const value = cells.numberOf(columns.value ?? 'null')
  const foundValue = cells.foundOf(columns.value ?? 'null')
  const isAmong = (names: readonly string[]): string => `coalesce(${among(type, names)}, false)`
  return [
    ...cells.whereChecks(columns.where),
    ...cells.idChecks('id', columns.id),
    ...cells.userIdChecks('userId', columns.userId),
    {
      field: 'type',
      expected: `one of ${types.join(', ')}`,
      bad: `not ${isAmong(types)}`,
      found: cells.foundOf(columns.type),
    },
    {
      field: 'itemId',
      expected: 'an item',
      bad: `${isAmong(typesWith(project, 'item'))} and ${itemId} is null`,
      found: itemId,
    },
    ...cells.optionalItemIdChecks('itemId', columns.itemId ?? 'null'),
    {
      field: 'value',
      expected: `a number of at most ${VALUE_MAX}, either way`,
      bad: `${isAmong(typesWith(project, 'value'))} and not coalesce(abs(${value}) <= ${VALUE_MAX}, false)`,
      found: foundValue,
    },
    ...eventTimeChecks(cells, { columns, nowMs }),
    ...cells.attributesOf(project.context, columns.context ?? {}, PROPERTY_LENGTH_MAX).checks,
  ]
}

function timeCells({ occurredAt, receivedAt, timeUnit: unit = 'iso' }: EventColumns) {
  return {
    occurred: { field: 'occurredAt', expression: occurredAt, unit },
    // A log need not say when an event was received.
    received: receivedAt === undefined ? undefined : { field: 'receivedAt', expression: receivedAt, unit },
  }
}

function eventTimeChecks(
  cells: Cells,
  { columns, nowMs }: { readonly columns: EventColumns; readonly nowMs: number },
): Check[] {
  const { occurred, received } = timeCells(columns)
  if (received === undefined) return cells.timeChecks(occurred, nowMs)
  return [
    ...cells.claimedTimeChecks(occurred, { atMostMs: cells.timeOf(received), nowMs }),
    ...cells.optionalTimeChecks(received, nowMs),
  ]
}

/** The cells of a kind of event, checked: columns of the table `events`, but for the place of the user. */
export function selectEvents(
  columns: IdentifiedColumns,
  {
    project,
    nowMs,
    cells,
    checks,
    firstFault,
    place,
    userJson,
  }: {
    readonly project: Project
    readonly nowMs: number
    readonly cells: KeptCells
    readonly checks: readonly Check[]
    /** The number of the first check among those of all mappings. */
    readonly firstFault: number
    readonly place: string
    readonly userJson: string
  },
): string {
  const { idOf, numberOf, timeOf, pastTimeOf } = cells
  const type = cells.spelledOf(columns.type)
  const only = (names: readonly string[], sql: string): string =>
    `case when ${among(type, names)} then ${sql} end`
  const { occurred, received } = timeCells(columns)
  const claimedAt = timeOf(occurred)
  const notLater = pastTimeOf(occurred, nowMs)
  const receivedAt =
    received === undefined ? notLater : `coalesce(${pastTimeOf(received, nowMs)}, ${notLater})`
  const aheadMs =
    received === undefined ? 'null::double' : `nullif(greatest(${claimedAt} - ${receivedAt}, 0), 0)`
  const selected = `select ${ROW}, ${place} as place, ${idOf(columns.id)} as id, ${type} as type,
    ${idOf(columns.userId)} as user_id,
    ${only(typesWith(project, 'item'), idOf(columns.itemId ?? 'null'))} as item_id,
    ${only(typesWith(project, 'value'), numberOf(columns.value ?? 'null'))} as value,
    least(${claimedAt}, ${receivedAt}) as occurred_at, ${receivedAt} as received_at, ${aheadMs} as ahead_ms,
    ${columns.context === undefined ? 'null' : cells.attributesOf(project.context, columns.context).json} as properties,
    ${userJson} as user_attributes,
    ${faultColumns(checks, { keep: cells.keep, first: firstFault })}`
  return `${selected} from ${cells.from(columns.where)}`
}

function typesWith(project: Project, part: 'item' | 'value'): string[] {
  return Object.entries(project.events).flatMap(([name, event]) => (event[part] === true ? [name] : []))
}

function among(expression: string, names: readonly string[]): string {
  return names.length === 0 ? 'false' : `${expression} in (${names.map(quoteText).join(', ')})`
}
