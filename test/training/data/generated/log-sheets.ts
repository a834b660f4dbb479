// The files of a log, as sheets.
import { renameColumns } from './mapped-names.ts'
import type { Cell, Harm, Row, Sheet, SheetColumn } from './sheet.ts'
import { EVENT_TYPES, LABELS } from './log-truth.ts'
import type { EventTruth, LogTruth, VersionTruth } from './log-truth.ts'

/** A sheet, and the names that the project has for its columns. */
export interface LogSheet {
  readonly sheet: Sheet
  readonly asked: readonly SheetColumn[]
}

export function sheetsOfLog(drawn: LogTruth): LogSheet[] {
  const { user, item, users, items } = drawn
  return [
    eventSheet(drawn),
    ...(users === undefined
      ? []
      : [versionSheet(drawn, { role: 'users', attributes: user, versions: users })]),
    ...(items === undefined
      ? []
      : [versionSheet(drawn, { role: 'items', attributes: item, versions: items })]),
    ...questionSheet(drawn),
  ]
}

function sheetOf(
  { isMapped, dialects }: LogTruth,
  {
    role,
    asked,
    rows,
  }: {
    readonly role: Exclude<Sheet['role'], 'rows'>
    readonly asked: readonly SheetColumn[]
    readonly rows: readonly Row[]
  },
): LogSheet {
  return {
    asked,
    sheet: { role, columns: isMapped ? renameColumns(asked, dialects[role].seed) : asked, rows },
  }
}

function eventSheet(drawn: LogTruth): LogSheet {
  const { events, repeats, hasIds, hasReceived, context, user, users } = drawn
  // A log says what users are where no file does.
  const own = users === undefined ? user : []
  const asked: SheetColumn[] = [
    { name: 'type', kind: 'code' },
    { name: 'userId', kind: 'id' },
    { name: 'itemId', kind: 'id' },
    { name: 'value', kind: 'number' },
    { name: 'occurredAt', kind: 'time' },
    ...(hasIds ? [{ name: 'id', kind: 'id' as const }] : []),
    ...(hasReceived ? [{ name: 'receivedAt', kind: 'time' as const }] : []),
    ...context,
    ...own,
  ]
  const rowOf = (event: EventTruth): Row => ({
    cells: [
      EVENT_TYPES[event.type]?.name ?? null,
      event.userId,
      event.itemId,
      event.value,
      event.claimedAt,
      ...(hasIds ? [event.id] : []),
      ...(hasReceived ? [event.delayMs === null ? null : event.claimedAt + event.delayMs] : []),
      ...event.context,
      ...(users === undefined ? event.user : []),
    ],
  })
  const rows = events.map(rowOf)
  const again = hasIds
    ? repeats.map((index) => rows[index % rows.length]).filter((row) => row !== undefined)
    : []
  return sheetOf(drawn, {
    role: 'events',
    asked,
    rows: [...withHarm(rows, { asked, harm: drawn.harm }), ...again],
  })
}

/** A bad row after the one that it is a copy of. */
function withHarm(
  rows: readonly Row[],
  { asked, harm }: { readonly asked: readonly SheetColumn[]; readonly harm: number | undefined },
): Row[] {
  if (harm === undefined) return [...rows]
  const cell = (column: number, text: string, said: RegExp): Harm => ({ kind: 'cell', column, text, said })
  const harms: Harm[] = [
    { kind: 'tooShort' },
    { kind: 'tooLong' },
    { kind: 'notJson' },
    cell(0, 'fly', /expected one of view, buy/),
    cell(1, 'undefined', /expected the id of a user/),
    cell(4, 'soon', /expected (?:an ISO|a time|\w+ since)/),
    ...asked.flatMap(({ name, kind }, column) =>
      kind === 'number' && name !== 'value' ? [cell(column, 'abc', /expected a number/)] : [],
    ),
  ]
  const at = harm % rows.length
  const bad = harms[harm % harms.length]
  return rows.flatMap((row, index) =>
    index === at && bad !== undefined ? [row, { ...row, harm: bad }] : [row],
  )
}

function versionSheet(
  drawn: LogTruth,
  {
    role,
    attributes,
    versions,
  }: {
    readonly role: 'users' | 'items'
    readonly attributes: LogTruth['user']
    readonly versions: readonly VersionTruth[]
  },
): LogSheet {
  const asked: SheetColumn[] = [{ name: 'id', kind: 'id' }, { name: 'knownAt', kind: 'time' }, ...attributes]
  return sheetOf(drawn, {
    role,
    asked,
    rows: versions.map(({ id, knownAt, cells }) => ({ cells: [id, knownAt, ...cells] })),
  })
}

function questionSheet(drawn: LogTruth): LogSheet[] {
  if (drawn.questions === undefined) return []
  const asked: SheetColumn[] = [
    { name: 'userId', kind: 'id' },
    { name: 'at', kind: 'time' },
    ...LABELS.map(({ name }): SheetColumn => ({ name, kind: 'category' })),
  ]
  const rows = drawn.questions.map(({ userId, at, labels }) => ({
    cells: [userId, at, ...LABELS.map(({ values }, index): Cell => labelOf(values, labels[index]))],
  }))
  return [sheetOf(drawn, { role: 'questions', asked, rows })]
}

export function labelOf(values: readonly string[], index: number | null | undefined): string | null {
  return index === null || index === undefined ? null : (values[index] ?? null)
}
