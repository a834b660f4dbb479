// What is written in a file and what is sent to the service is read alike, or refused by both: a model that
// learned from the one is asked about the other. What only one of the two can say stands at the end.
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { Attributes, Versions } from '../features/attributes.ts'
import type { Event } from '../features/event.ts'
import { BLANKS } from '../features/spelling.ts'
import { category, defineProject, number, occurs, text, vector } from '../features/project.ts'
import { packVector } from '../features/vectors.ts'
import { judgeEvents } from '../functions/intake/judge-events.ts'
import { eventSchema, parseEvent } from '../functions/routes/event-schema.ts'
import { attributesSchema, declaredAttributes, knownId, toAttributes } from '../functions/routes/fields.ts'
import { createDataFolder } from './training/data/data-folder.ts'

const project = defineProject({
  name: 'shop',
  events: { view: { item: true }, buy: { item: true, value: true }, search: {} },
  user: { age: number(), plan: category(), about: text(), taste: vector(2) },
  item: { price: number(), kind: category(), title: text() },
  context: { device: category(), depth: number(), note: text() },
  tasks: { buys: occurs('buy', { withinDays: 7 }) },
})
const NOW_MS = Date.UTC(2026, 0, 1)
const RUNS = 5
const ROWS = 300

const folder = createDataFolder()
afterAll(() => folder.remove())

/** A row that both read, so that no file is refused whole. */
const GOOD = { id: 'good', userId: 'good', type: 'search', occurredAt: NOW_MS - 1 }

/** Each value as the form has it. */
const forms = {
  ndjson: {
    write: (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n'),
    canHold: (): boolean => true,
  },
  csv: {
    write: (rows: readonly object[]): string => {
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
      const lines = rows.map((row) => columns.map((name) => cellOf((row as Record<string, unknown>)[name])))
      return [columns, ...lines].map((cells) => cells.join(',')).join('\n')
    },
    // A text file with NUL in it is refused whole, and lone surrogates cannot be written.
    canHold: (row: object): boolean => !/\\u0000|\\ud[89a-f]/.test(JSON.stringify(row)),
  },
} as const

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  const written = typeof value === 'string' ? value : JSON.stringify(value)
  return `"${written.replaceAll('"', '""')}"`
}

/** Nulls say nothing, and 0 has no sign. */
function plain(attributes: Attributes | undefined): Attributes {
  const said = Object.entries(attributes ?? {}).filter(([, value]) => value !== null)
  return Object.fromEntries(said.map(([name, value]) => [name, value === 0 ? 0 : value]))
}

const blanks = fc.string({ unit: fc.constantFrom(...Array.from(BLANKS)), maxLength: 2 })
const around = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: texts },
    fc.tuple(blanks, texts, blanks).map((parts) => parts.join('')),
  )
const words = fc.constantFrom(
  ...'undefined,null,NULL,NaN,None,nil,\\N,NA,N/A,#N/A,<NA>,-,?,(null),[object Object],\u017f,\u212a'.split(
    ',',
  ),
)
const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 5e-324, 1e-7, 0.00001, 1e21, 1e12, -1e12, 1e12 + 1, 2 ** 53, 1.5e300),
)
const spelt = fc.oneof(
  fc.stringMatching(/^-?\d{1,3}(?:\.\d{0,3})?(?:[eE][+-]?\d{1,2})?$/),
  fc.constantFrom('TRUE', 'tRuE', 'false', '007', '1.0', '-0.0', '1_000', '0x10'),
)
const texts = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 8 }) },
  fc.string({ unit: 'binary', maxLength: 4 }),
  words,
  spelt,
  fc.constantFrom('', 'a\0', 'x'.repeat(128), 'x'.repeat(129), '\u{1f600}'.repeat(128), 'x'.repeat(1001)),
  fc.constantFrom('x'.repeat(10_000), '\u0001'.repeat(9_000), "'".repeat(10_001)),
)
const idText = around(texts)
const timeText = fc
  .tuple(
    fc.date({ min: new Date(-1e12), max: new Date(NOW_MS + 1e9), noInvalidDate: true }),
    fc.constantFrom('Z', 'z', '+01:00', '-0530', ' UTC', 'GMT+02', '+01:75'),
    fc.nat(3),
  )
  .map(([date, zone, cut]) => {
    const iso = date.toISOString().slice(0, -1)
    return [iso, iso.slice(0, -4), iso.replace('T', ' '), iso.replaceAll(/[-:]/g, '')][cut] + zone
  })
const times = fc.oneof(
  { weight: 4, arbitrary: around(timeText) },
  fc.integer({ min: -10, max: NOW_MS + 1e6 }),
  fc.integer({ min: NOW_MS - 1e6, max: NOW_MS + 600_000 }),
  fc.integer({ min: 1e8, max: NOW_MS / 1e3 }),
  fc.integer({ min: 1e8, max: NOW_MS / 1e3 }).map((seconds) => `${seconds}.5`),
  fc.double({ min: 1e8, max: 2e12, noNaN: true }),
  fc.constantFrom('', 'soon', '24:00', '2025-02-30T00:00Z', '202512311200', 1e300, -1, '1e9'),
)
/** Of whole numbers those that JSON does not round. */
const exactNumbers = numbers.filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value))
const categories = fc.oneof(around(texts), exactNumbers, fc.boolean(), fc.constant(null))
const freeTexts = fc.oneof(around(texts), fc.constant(null))
const numberValues = fc.oneof(numbers, fc.constant(null))
const lists = fc.array(fc.oneof({ weight: 4, arbitrary: numbers }, fc.constant(null)), { maxLength: 3 })
const vectors = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(lists, fc.tuple(numbers, numbers)) },
  { weight: 2, arbitrary: around(lists.map((list) => JSON.stringify(list))) },
  fc.constantFrom(packVector([1, -0.5]), packVector([1]), '[1,nan]', '["1",2]', "['', NULL]"),
  around(words),
  fc.constant(null),
)
const optional = { requiredKeys: [] }
const properties = fc.record({ device: categories, depth: numberValues, note: freeTexts }, optional)

const events = fc
  .record(
    {
      type: around(fc.oneof({ weight: 12, arbitrary: fc.constantFrom('view', 'buy', 'search') }, texts)),
      userId: idText,
      itemId: fc.oneof(idText, fc.constant(null)),
      value: fc.oneof(numbers, fc.integer({ min: 0, max: 99 }), fc.constant(null)),
      occurredAt: times,
      properties,
    },
    { requiredKeys: ['type', 'userId', 'occurredAt'] },
  )
  // A file has columns for all types at once, so only the service refuses what a type does not have.
  .map(({ itemId, value, ...event }) => {
    const type = event.type.trim()
    return {
      ...event,
      ...(type !== 'search' && itemId !== undefined && { itemId }),
      ...(type === 'buy' && value !== undefined && { value }),
    }
  })

/** Properties as columns of their own. */
function flatten({
  properties: said,
  ...event
}: {
  readonly id: string
  readonly properties?: object
}): object {
  return { ...event, ...said }
}

/** What the service stores of each; undefined where it refuses. */
function sendEvents(sent: readonly object[]): (Event | undefined)[] {
  const schema = eventSchema(project)
  const { accepted } = judgeEvents(JSON.parse(JSON.stringify(sent)) as unknown[], {
    parse: (raw) => parseEvent(raw, { schema, receivedAt: NOW_MS }),
    receivedAt: NOW_MS,
    isBackfill: true,
  })
  const byPlace = new Map(accepted.map((event) => [event.place, event]))
  return sent.map((_, index) => byPlace.get(index))
}

describe.each(['ndjson', 'csv'] as const)('in .%s and over HTTP', (ending) => {
  const form = forms[ending]

  it('events are read alike, or refused by both', async () => {
    const seen = { read: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(events, { minLength: ROWS, maxLength: ROWS }), async (generated) => {
        const rows = [GOOD, ...generated.map((event, index) => ({ id: `\u00a0e-${index} `, ...event }))]
        const held = rows.filter(form.canHold)
        const sent = sendEvents(held)
        const flat = ending === 'csv' ? held.map(flatten) : held
        const path = folder.write(`events.${ending}`, form.write(flat))
        const { users } = await folder.read(path, { project, skipBadRows: true, nowMs: NOW_MS })
        const byPlace = new Map(users.flatMap((user) => user.events).map((event) => [event.place, event]))
        for (const [index, expected] of sent.entries()) {
          const read = byPlace.get(index)
          seen[read === undefined ? 'refused' : 'read'] += 1
          expect(comparable(read), JSON.stringify(held[index])).toEqual(comparable(expected))
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    )
    // Both sides of the border were met often enough for the above to mean something.
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan((RUNS * ROWS) / 10)
  })

  it.each([
    [
      'users',
      'user',
      fc.record({ age: numberValues, plan: categories, about: freeTexts, taste: vectors }, optional),
    ],
    ['items', 'item', fc.record({ price: numberValues, kind: categories, title: freeTexts }, optional)],
  ] as const)('profiles of %s are read alike, or refused by both', async (file, role, profile) => {
    const profiles = fc.record({ id: idText, attributes: profile as fc.Arbitrary<object> })
    const schema = attributesSchema(declaredAttributes(project, role))
    await fc.assert(
      fc.asyncProperty(fc.array(profiles, { minLength: ROWS, maxLength: ROWS }), async (generated) => {
        const good = { id: 'good', attributes: {} }
        const held = [good, ...generated].filter(form.canHold)
        const expected = new Map<string, Attributes>()
        const rows = held.filter((row) => {
          const name = knownId.safeParse(row.id)
          const said = schema.safeParse(JSON.parse(JSON.stringify(row.attributes)))
          // Of two rows of one id the later is refused, unless it says the same.
          if (!name.success || !said.success) return true
          if (expected.has(name.data)) return false
          expected.set(name.data, plain(toAttributes(said.data)))
          return true
        })
        const none = Object.fromEntries(Object.keys(project[role]).map((name) => [name, null]))
        const flat = rows.map((row) => ({ id: row.id, ...none, ...row.attributes }))
        const path = folder.writeAll(`${file}-${ending}`, {
          'events.ndjson': JSON.stringify(GOOD),
          [`${file}.${ending}`]: form.write(flat),
        })
        const { users, items } = await folder.read(path, { project, skipBadRows: true, nowMs: NOW_MS })
        const read: readonly (readonly [string, Versions])[] =
          role === 'user'
            ? users.map(({ userId, versions }) => [userId, versions] as const)
            : Object.entries(items as Record<string, Versions>)
        const known = read.map(([name, versions]) => [name, plain(versions[0]?.attributes)] as const)
        expect(new Map(known)).toEqual(expected)
      }),
      { numRuns: RUNS, endOnFailure: true },
    )
  })
})

/** Of an event what it says. */
function comparable(event: Event | undefined) {
  if (event === undefined) return 'refused'
  const { place: _place, properties: said, value, ...rest } = event
  return { ...rest, ...(value !== undefined && { value: value === 0 ? 0 : value }), properties: plain(said) }
}

describe('what only a file can say', () => {
  it.each(['9007199254740993', '18446744073709551615', '12345678901234567890123'])(
    'the number %s is every digit of it there, and refused where JSON rounds it',
    async (digits) => {
      const line = `{"id":"e","userId":${digits},"type":"search","occurredAt":${NOW_MS - 1},"properties":{"device":${digits}}}`
      const { users } = await folder.read(folder.write('exact.ndjson', line), { project, nowMs: NOW_MS })
      expect(users).toMatchObject([{ userId: digits, events: [{ properties: { device: digits } }] }])
      const [byId] = sendEvents([JSON.parse(line) as object])
      expect(byId).toBeUndefined()
      const [byDevice] = sendEvents([{ ...(JSON.parse(line) as object), userId: digits }])
      expect(byDevice).toBeUndefined()
    },
  )

  it('a time without an offset is in the zone of its source, and refused where nobody names one', async () => {
    const event = { ...GOOD, occurredAt: '2025-06-01T12:00:00' }
    const path = folder.write('clock.ndjson', JSON.stringify(event))
    const { users } = await folder.read(path, { project, nowMs: NOW_MS })
    expect(users).toMatchObject([{ events: [{ occurredAt: Date.UTC(2025, 5, 1, 12) }] }])
    expect(sendEvents([event])).toEqual([undefined])
  })
})
