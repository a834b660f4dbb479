// What the files of a log say together, by the rules of docs/your-data.md and by no code of the reader.
import { UNDATED_MS } from '../../../../features/attributes.ts'
import type { Attributes, AttributeVersion, Versions } from '../../../../features/attributes.ts'
import { countsOf } from './expected.ts'
import type { Read, ReadEvent, ReadFile, ReadUser } from './expected.ts'
import type { Written } from './generated-case.ts'
import { EVENT_TYPES, LABELS } from './log-truth.ts'
import type { Attributed, LogTruth } from './log-truth.ts'
import type { Cell, Row } from './sheet.ts'
import { meansMissing } from './spell-cell.ts'
import type { WrittenSheet } from './write-sheet.ts'

interface PlacedEvent extends ReadEvent {
  readonly userId: string
  readonly place: number
  /** What its row says of its user. */
  readonly user: Attributes
}

export function expectedOfLog(drawn: LogTruth, written: Written): Read {
  const { events, named, file } = readEvents(drawn, written.events)
  const users = drawn.users === undefined ? undefined : versionsIn(written.users, drawn.user)
  const items = drawn.items === undefined ? undefined : versionsIn(written.items, drawn.item)
  const questions = (written.questions?.rows ?? []).map(questionOf)
  const ids = new Set([...named, ...(users?.byId.keys() ?? []), ...questions.map(({ userId }) => userId)])
  const all = [...ids].flatMap((userId): ReadUser[] => {
    const own = events.filter((event) => event.userId === userId).toSorted(inHistory)
    const versions = users === undefined ? versionsOfRows(own) : (users.byId.get(userId) ?? [])
    const asked = questions.filter((question) => question.userId === userId)
    if (own.length === 0 && asked.length === 0 && users?.byId.has(userId) !== true) return []
    return [
      {
        userId,
        versions,
        events: own.map(({ userId: _userId, place: _place, user: _user, ...event }) => event),
        questions: asked.map(({ atMs, labels }) => ({ atMs, labels })),
      },
    ]
  })
  const times = [...events.map(({ occurredAt }) => occurredAt), ...questions.map(({ atMs }) => atMs)]
  const said = users?.rows ?? saidOfUsers(all, events)
  const count = (origin: string, attributes: readonly Attributed[], rows: readonly Attributes[]) =>
    attributes.map(({ name }) => [`${origin}.${name}`, countsOf(rows, name)] as const)
  return {
    users: all,
    items: Array.from(items?.byId ?? [], ([itemId, versions]) => ({ itemId, versions })).toSorted((a, b) =>
      a.itemId < b.itemId ? -1 : 1,
    ),
    files: [
      file,
      ...(users === undefined ? [] : [fileOf('users', users.rows.length)]),
      ...(items === undefined ? [] : [fileOf('items', items.rows.length)]),
      ...(drawn.questions === undefined ? [] : [fileOf('questions', questions.length)]),
    ],
    attributes: Object.fromEntries([
      ...count('user', drawn.user, said),
      ...count('item', drawn.item, items?.rows ?? []),
      ...count(
        'context',
        drawn.context,
        events.map(({ properties }) => properties),
      ),
    ]),
    counts: [events.length, all.length, questions.length],
    span: { startMs: Math.min(...times), endMs: Math.max(...times) },
  }
}

function fileOf(role: string, rows: number): ReadFile {
  return { role, rows, stored: rows, repeated: 0, skipped: 0 }
}

interface SaidCells {
  readonly attributes: readonly Attributed[]
  readonly cells: readonly Cell[]
  readonly sheet: WrittenSheet | undefined
}

function attributesOf({ attributes, cells, sheet }: SaidCells): Attributes {
  const missing = sheet?.dialect.missing
  return Object.fromEntries(
    attributes.flatMap(({ name, kind }, index): [string, string | number][] => {
      const cell = cells[index] ?? null
      return cell === null || meansMissing(String(cell), { kind, missing }) ? [] : [[name, cell]]
    }),
  )
}

function readEvents(drawn: LogTruth, sheet: WrittenSheet | undefined) {
  const { hasIds, hasReceived, context, users } = drawn
  const rows = sheet?.rows ?? []
  const seen = new Set<string>()
  const named = new Set<string>()
  let [repeated, skipped] = [0, 0]
  const events = rows.flatMap(({ cells, harm }, place): PlacedEvent[] => {
    const [type, userId, itemId = null, value = null, claimed, ...rest] = cells
    const id = hasIds ? String(rest.shift()) : ''
    const received = hasReceived ? (rest.shift() ?? null) : null
    named.add(String(userId))
    if (harm !== undefined) skipped += 1
    else if (hasIds && seen.has(id)) repeated += 1
    if (harm !== undefined || (hasIds && seen.has(id))) return []
    seen.add(id)
    const declared = EVENT_TYPES.find(({ name }) => name === type)
    const receivedAt = Number(received ?? claimed)
    return [
      {
        id,
        type: String(type),
        itemId: declared?.item === true ? String(itemId) : null,
        value: declared?.value === true ? Number(value) : null,
        properties: attributesOf({ attributes: context, cells: rest, sheet }),
        occurredAt: Math.min(Number(claimed), receivedAt),
        receivedAt,
        userId: String(userId),
        place,
        user: attributesOf({
          attributes: users === undefined ? drawn.user : [],
          cells: rest.slice(context.length),
          sheet,
        }),
      },
    ]
  })
  const file: ReadFile = { role: 'events', rows: rows.length, stored: events.length, repeated, skipped }
  return { events, named, file }
}

function inHistory(a: PlacedEvent, b: PlacedEvent): number {
  return a.occurredAt - b.occurredAt || a.receivedAt - b.receivedAt || a.place - b.place
}

function inReceipt(a: PlacedEvent, b: PlacedEvent): number {
  return a.receivedAt - b.receivedAt || a.place - b.place
}

/** Each row that says something new begins a version; of one moment the last counts. */
function versionsOfRows(events: readonly PlacedEvent[]): Versions {
  const byMoment = new Map<number, Attributes>()
  let known: Attributes = {}
  for (const { receivedAt, user } of events.toSorted(inReceipt)) {
    const next = { ...known, ...user }
    const isNew = Object.entries(user).some(([name, value]) => known[name] !== value)
    known = next
    if (isNew) byMoment.set(receivedAt, next)
  }
  return Array.from(byMoment, ([knownAt, attributes]): AttributeVersion => ({ knownAt, attributes }))
}

/** Rows that say something else of their user than the one before. */
function saidOfUsers(users: readonly ReadUser[], events: readonly PlacedEvent[]): Attributes[] {
  return users.flatMap(({ userId }) => {
    const own = events.filter((event) => event.userId === userId).toSorted(inReceipt)
    return own.flatMap(({ user }, index) =>
      index > 0 && JSON.stringify(own[index - 1]?.user) === JSON.stringify(user) ? [] : [user],
    )
  })
}

interface ReadVersions {
  /** In the order in which the file first names them. */
  readonly byId: ReadonlyMap<string, Versions>
  readonly rows: readonly Attributes[]
}

function versionsIn(sheet: WrittenSheet | undefined, attributes: readonly Attributed[]): ReadVersions {
  const byId = new Map<string, Versions>()
  const rows: Attributes[] = []
  for (const { cells } of sheet?.rows ?? []) {
    const [id, knownAt, ...rest] = cells
    const said = attributesOf({ attributes, cells: rest, sheet })
    rows.push(said)
    const before = byId.get(String(id)) ?? []
    const versions = [...before, { knownAt: Number(knownAt ?? UNDATED_MS), attributes: said }]
    byId.set(
      String(id),
      versions.toSorted((a, b) => a.knownAt - b.knownAt),
    )
  }
  return { byId, rows }
}

function questionOf({ cells }: Row) {
  const [userId, at, ...labels] = cells
  const said = LABELS.flatMap(({ name }, index): [string, string][] => {
    const label = labels[index] ?? null
    return label === null ? [] : [[name, String(label)]]
  })
  return { userId: String(userId), atMs: Number(at), labels: Object.fromEntries(said) }
}
