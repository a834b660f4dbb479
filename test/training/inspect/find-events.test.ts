// Files that stand beside a log: whose rows are events, and whose are what is known of users.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Result } from '../../../features/result.ts'
import type { Holds } from '../../../training/inspect/holds.ts'
import { describeInspectFault, inspect } from '../../../training/inspect/inspect.ts'
import type { InspectFault } from '../../../training/inspect/inspect.ts'
import type { Inspection } from '../../../training/inspect/shape.ts'
import type { EventsShape } from '../../../training/inspect/shape.ts'

const USERS = 40

function dayOf(day: number): string {
  return new Date(Date.UTC(2025, 0, 1 + day, 9)).toISOString().slice(0, 10)
}

/** Each user orders every few days; three kinds of products. */
const orders = [
  'order_id,customer_id,ordered_at,product_id,amount',
  ...Array.from(
    { length: 800 },
    (_, row) => `o${row},${1000 + (row % USERS)},${dayOf(row / 8)}T10:00:00Z,p${row % 13},${(row % 7) + 5}`,
  ),
]

async function look(files: Readonly<Record<string, readonly string[]>>): Promise<Inspection> {
  return unwrapped(await lookAs(files))
}

/** @param holds names of files by what somebody says that they hold */
async function lookAs(
  files: Readonly<Record<string, readonly string[]>>,
  holds: Holds = {},
): Promise<Result<Inspection, InspectFault>> {
  const folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, lines] of Object.entries(files))
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
  const placed = Object.entries(holds).map(([role, names]) => [role, names.map((name) => join(folder, name))])
  return inspect({ paths: [folder], holds: Object.fromEntries(placed) as Holds })
}

function unwrapped(found: Result<Inspection, InspectFault>): Inspection {
  if (!found.ok) throw new Error(describeInspectFault(found.reason))
  return found.value
}

function eventsOf({ shape }: Inspection): EventsShape {
  if (shape.kind !== 'events') throw new Error(`it is taken for ${shape.kind}`)
  return shape
}

const forUsers = (lineOf: (user: number) => readonly string[]): string[] =>
  Array.from({ length: USERS }, (_, user) => lineOf(user)).flat()

describe('findEvents', () => {
  it('takes for the id of an event what is another in every row, but for copies of rows', async () => {
    const events = Array.from({ length: 400 }, (_, row) => {
      const [user, day] = [`u${row % USERS}`, dayOf(row / 8)]
      return `${row % 2 ? 'open' : 'click'},${user},${day}T10:00:${String(row % 60).padStart(2, '0')}Z,m-${row}`
    })
    const header = 'event,user_id,timestamp,message_id'
    const idIn = async (lines: readonly string[]) =>
      eventsOf(await look({ 'events.csv': [header, ...lines] })).parts[0]?.id?.name
    expect(await idIn(events)).toBe('message_id')
    expect(await idIn([...events, ...events.slice(0, 3)])).toBe('message_id')
    const other = events.slice(0, 3).map((line) => line.replace(/open|click/, 'bounce'))
    expect(await idIn([...events, ...other])).toBeUndefined()
  })

  it('takes several rows of a customer, one since each change, for versions', async () => {
    const customers = forUsers((user) => [
      `${1000 + user},${dayOf(-9)},free,${user % 2 ? 'FR' : 'DE'}`,
      `${1000 + user},${dayOf(user)},${user % 3 ? 'paid' : 'free'},${user % 2 ? 'FR' : 'DE'}`,
    ])
    const found = await look({
      'orders.csv': orders,
      'customers.csv': ['customer_id,valid_from,plan,country', ...customers],
    })
    const { users, parts } = eventsOf(found)
    expect(parts.map(({ file }) => file.name)).toEqual(['orders'])
    expect(users?.knownAt?.name).toBe('valid_from')
    expect(users?.attributes.map(({ name }) => name)).toEqual(['plan', 'country'])
    expect(found.warnings.filter(({ kind }) => kind === 'undated')).toEqual([])
  })

  it.each([
    ['Kundennr', 'Kaufdatum', 'Artikelnr', 'Betrag'],
    ['Kunden-ID', 'Bestelldatum', 'Produkt', 'Umsatz'],
    ['ID cliente', 'Fecha', 'Artículo', 'Importe'],
    ['cliente_id', 'date', 'produit', 'montant'],
  ])('finds whom, when and what in the words of another language: %s', async (user, time, item, value) => {
    const found = await look({
      'export.csv': [
        `${user},${time},${item},${value}`,
        ...orders.slice(1).map((line) => line.replace(/^\w+,/, '')),
      ],
    })
    const [part] = eventsOf(found).parts
    expect(part?.user.map(({ name }) => name)).toEqual([user])
    expect(part?.time?.name).toBe(time)
    expect(part?.item?.name).toBe(item)
    expect(part?.value).toMatchObject({ name: value })
  })

  it('never takes a file of customers for events, though some stand in it twice', async () => {
    const customers = forUsers((user) =>
      Array.from({ length: user < 5 ? 2 : 1 }, () => `${1000 + user},${dayOf(user)},plan${user % 3}`),
    )
    const found = await look({
      'orders.csv': orders,
      'customers.csv': ['customer_id,signup_date,plan', ...customers],
    })
    expect(eventsOf(found).parts.map(({ file }) => file.name)).toEqual(['orders'])
    expect(found.unused.map(({ file }) => file)).toEqual(['customers'])
  })

  it('takes the label and its moments from a second file', async () => {
    const found = await look({
      'orders.csv': orders,
      'customers.csv': [
        'customer_id,plan,country',
        ...forUsers((user) => [`${1000 + user},plan${user % 3},${user % 2 ? 'FR' : 'DE'}`]),
      ],
      'renewals.csv': [
        'customer_id,as_of,renewed',
        ...forUsers((user) => [`${1000 + user},${dayOf(60)},${user % 3 ? 'yes' : 'no'}`]),
      ],
    })
    const { users, labels } = eventsOf(found)
    expect([users?.file.name, users?.label]).toEqual(['customers', undefined])
    expect([labels?.file.name, labels?.label?.column.name, labels?.askedAt?.name]).toEqual([
      'renewals',
      'renewed',
      'as_of',
    ])
  })

  it('asks nothing of what everybody does once', async () => {
    const log = [
      'user_id,event,time',
      ...forUsers((user) => [
        `${user},register,${dayOf(0)}T08:00:00Z`,
        ...Array.from({ length: 20 }, (_, visit) => `${user},visit,${dayOf(1 + visit * 3)}T08:00:00Z`),
        ...(user % 3 === 0 ? [`${user},subscribe,${dayOf(30 + user)}T09:00:00Z`] : []),
      ]),
    ]
    expect(eventsOf(await look({ 'log.csv': log })).doneByAll).toEqual(['register'])
  })
})

describe('findTable', () => {
  it('says of a time that only one class has that it tells the label, whatever its name', async () => {
    const rows = Array.from(
      { length: 300 },
      (_, row) =>
        `s${row},${dayOf(row)},${(row * 7) % 30},${row % 4 ? '' : dayOf(row + 50)},${row % 4 ? 'no' : 'yes'}`,
    )
    const { shape, warnings } = await look({
      'rows.csv': ['subscription_id,started_at,seats,note_on,churned', ...rows],
    })
    expect(shape.kind).toBe('table')
    expect(warnings).toEqual([
      expect.objectContaining({ column: 'note_on', kind: 'only_for_one', isLeftOut: true }),
    ])
  })

  const people = ['who,plan', ...forUsers((user) => [`${1000 + user},${user % 2 ? 'free' : 'paid'}`])]
  const visits = [
    'customer_id,visited_at',
    ...Array.from({ length: 300 }, (_, row) => `${1000 + (row % USERS)},${dayOf(row / 3)}T08:00:00Z`),
  ]

  it('takes a file for what somebody said that it holds, whatever its columns are called', async () => {
    const files = { 'a.csv': orders, 'b.csv': people }
    const { users } = eventsOf(unwrapped(await lookAs(files, { events: ['a.csv'], users: ['b.csv'] })))
    expect(users?.file.name).toBe('b')
    expect(users?.attributes.map(({ name }) => name)).toEqual(['plan'])
  })

  it.each([
    ['events of what has none', { events: ['b.csv'] }],
    ['users of what has several rows for each', { users: ['c.csv'] }],
    ['items of what names none', { items: ['b.csv'] }],
    ['questions of what has no label', { questions: ['b.csv'] }],
    ['two files of users where one says it all', { users: ['b.csv', 'd.csv'] }],
  ])('refuses what it cannot take as it was told, by the name of the file: %s', async (_name, holds) => {
    const found = await lookAs({ 'a.csv': orders, 'b.csv': people, 'c.csv': visits, 'd.csv': people }, holds)
    expect(found).toMatchObject({ ok: false, reason: { code: 'not_as_told' } })
    if (found.ok) return
    const [role, [file]] = Object.entries(holds)[0] ?? ['', ['']]
    const said = describeInspectFault(found.reason)
    expect(said).toMatch(
      role === 'users' ? /\/[bcd]\.csv: was said to hold users/ : `${file ?? ''}: was said to hold ${role}`,
    )
  })
})
