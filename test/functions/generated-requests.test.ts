// Whatever is sent, the service neither fails nor stores what it refused.
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { createService, publish } from './service.ts'
import type { Reply, Service } from './service.ts'

const REQUEST_COUNT = 10_000
const SEED = 20_261_123
/** Requests under way at the same time. */
const TOGETHER = 25

let service: Service
beforeAll(async () => {
  service = await createService()
  await publish()
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '\ud800', 'x\udfff', '\0', '__proto__', 'constructor', 'x'.repeat(129), '😀'),
)
const anyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, -1, 1e308, 5e-324, Number.MAX_SAFE_INTEGER, 2 ** 53, 8.64e15, 8.64e15 + 1),
)
const anyValue = fc.oneof(anyText, anyNumber, fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 2 }))

/** Mostly this, now and then anything. */
function mostly<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 40, arbitrary }, { weight: 1, arbitrary: anyValue })
}

/** Mostly the first, sometimes the second, now and then anything. */
function rarelyOdd(usual: fc.Arbitrary<unknown>, odd: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return mostly(fc.oneof({ weight: 20, arbitrary: usual }, { weight: 1, arbitrary: odd }))
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const id = rarelyOdd(fc.string({ minLength: 1, maxLength: 12 }), anyText)
const time = rarelyOdd(
  fc.oneof(
    fc.integer({ min: 1e11, max: Date.now() }),
    fc.date({ min: new Date(0), max: new Date(), noInvalidDate: true }).map((date) => date.toISOString()),
  ),
  fc.integer({ min: -1000, max: 4e13 }),
)
const eventType = rarelyOdd(
  fc.constantFrom('view', 'cart', 'purchase', 'search'),
  fc.constantFrom('veiw', '__proto__'),
)
const properties = mostly(
  fc.dictionary(fc.string({ maxLength: 5 }), rarelyOdd(fc.oneof(fc.string(), finite), anyNumber), {
    maxKeys: 4,
  }),
)
function attributes(kinds: Readonly<Record<string, 'text' | 'number'>>): fc.Arbitrary<unknown> {
  const values = Object.entries(kinds).map(
    ([name, kind]) => [name, rarelyOdd(kind === 'text' ? fc.string() : finite, anyText)] as const,
  )
  return mostly(fc.record(Object.fromEntries(values), { requiredKeys: [] }))
}
const userAttributes = attributes({ plan: 'text', age: 'number' })
const itemAttributes = attributes({ department: 'text', price: 'number', title: 'text' })
const event = fc
  .record(
    { id, userId: id, type: eventType, itemId: id, value: mostly(anyNumber), properties, occurredAt: time },
    { requiredKeys: ['id', 'userId', 'type', 'occurredAt'] },
  )
  .chain((sent) =>
    fc.oneof(
      { weight: 1, arbitrary: fc.constant(sent) },
      { weight: 8, arbitrary: fc.constant(fitted(sent)) },
    ),
  )

/** The same event with item and value as its type wants them, so that many are good. */
function fitted(sent: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { itemId = 'i-1', value = 1, ...rest } = sent
  return {
    ...rest,
    ...(sent['type'] !== 'search' && { itemId }),
    ...(sent['type'] === 'purchase' && { value }),
  }
}

const tasks = rarelyOdd(
  fc.array(fc.constantFrom('nextAction', 'spend28Days'), { minLength: 1, maxLength: 3 }),
  fc.array(anyText, { maxLength: 3 }),
)
const context = attributes({ device: 'text' })
const predictStored = fc.record(
  { userId: id, at: time, tasks, context, history: rarelyOdd(fc.constant(undefined), fc.constant([])) },
  { requiredKeys: ['userId'] },
)
const historyEvent = event.map((sent) => ({ ...sent, userId: undefined }))
const predictInline = fc.record(
  {
    history: rarelyOdd(fc.array(historyEvent, { maxLength: 5 }), fc.array(mostly(event), { maxLength: 5 })),
    attributes: userAttributes,
    items: mostly(fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), itemAttributes, { maxKeys: 3 })),
    context,
    at: time,
    tasks,
  },
  { requiredKeys: ['history'] },
)

interface Sent {
  readonly method: string
  readonly path: string
  readonly text: string
}

const request: fc.Arbitrary<Sent> = fc
  .oneof(
    fc.record({
      method: fc.constant('POST'),
      path: fc.constant('/v1/events'),
      body: mostly(fc.record({ events: mostly(fc.array(mostly(event), { maxLength: 5 })) })),
    }),
    fc.record({
      method: fc.constant('POST'),
      path: fc.constant('/v1/predict'),
      body: mostly(fc.oneof(predictStored, predictInline)),
    }),
    ...(['users', 'items'] as const).map((kind) =>
      fc.record({
        method: fc.constant('PUT'),
        path: fc
          .oneof(
            { weight: 20, arbitrary: fc.webSegment() },
            { weight: 1, arbitrary: fc.constantFrom('%', '%00', '%ff') },
          )
          .map((segment) => `/v1/${kind}/${segment}`),
        body: mostly(fc.record({ attributes: kind === 'users' ? userAttributes : itemAttributes })),
      }),
    ),
  )
  .chain(({ body, ...rest }) =>
    fc
      .oneof(
        { weight: 20, arbitrary: fc.constant(JSON.stringify(body)) },
        { weight: 1, arbitrary: fc.nat().map((length) => JSON.stringify(body).slice(0, length % 40)) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
      )
      .map((text) => ({ ...rest, text })),
  )

/** What the answers of the service say it has stored. */
interface Told {
  events: number
  quarantine: number
  readonly users: Set<string>
  readonly items: Set<string>
}

function note(told: Told, { path }: Sent, reply: Reply): void {
  if (path === '/v1/events') {
    told.events += reply.json.accepted
    told.quarantine += reply.json.rejected.length
  }
  if (path.startsWith('/v1/users/') && reply.json.changed === true) told.users.add(reply.json.id)
  if (path.startsWith('/v1/items/') && reply.json.changed === true) told.items.add(reply.json.id)
}

describe('the service', () => {
  it(`answers ${REQUEST_COUNT} generated requests without a single 5xx, and stores exactly what it says`, async () => {
    const statuses = new Map<number, number>()
    const told: Told = { events: 0, quarantine: 0, users: new Set(), items: new Set() }
    const sample = fc.sample(request, { numRuns: REQUEST_COUNT, seed: SEED })
    for (let start = 0; start < sample.length; start += TOGETHER) {
      await Promise.all(
        sample.slice(start, start + TOGETHER).map(async (sent) => {
          const reply = await service.call(sent.method, sent.path, { text: sent.text })
          statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
          if (reply.status === 200) note(told, sent, reply)
          else
            expect(reply.json, JSON.stringify(sent)).toMatchObject({
              code: expect.stringMatching(/^[a-z_0-9]+$/),
            })
          expect(reply.status, JSON.stringify(sent)).toBeLessThan(500)
        }),
      )
    }
    expect({
      events: await service.count('events'),
      quarantine: await service.count('quarantine'),
      users: await service.count('users', 'distinct id'),
      items: await service.count('items', 'distinct id'),
    }).toEqual({ ...told, users: told.users.size, items: told.items.size })
    // Both sides of the border were met often enough for the above to mean something.
    expect(statuses.get(200)).toBeGreaterThan(REQUEST_COUNT / 4)
    expect(statuses.get(422)).toBeGreaterThan(REQUEST_COUNT / 8)
    expect(statuses.get(400)).toBeGreaterThan(REQUEST_COUNT / 50)
    expect(told.quarantine).toBeGreaterThan(REQUEST_COUNT / 100)
  }, 180_000)
})
