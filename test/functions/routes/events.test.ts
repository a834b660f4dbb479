import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { countCalls } from '../count-calls.ts'
import { createService, openService, publish } from '../service.ts'
import type { Reply, Service } from '../service.ts'

let service: Service
beforeEach(async () => {
  service = await createService()
})

const MINUTE = 60_000
const event = (overrides: object = {}) => ({
  id: 'e-1',
  userId: 'u-1',
  type: 'view',
  itemId: 'i-1',
  occurredAt: '2026-06-01T12:00:00Z',
  ...overrides,
})

function post(events: unknown): Promise<Reply> {
  return service.call('POST', '/v1/events', { body: { events }, key: 'ingest' })
}

async function storedEvent(id: string): Promise<unknown> {
  return service.db.prepare('select * from events where id = ?').bind(id).first()
}

interface EventTimes {
  readonly id: string
  readonly occurredAt: number
  readonly receivedAt: number
  readonly place: number
}

async function storedTimes(): Promise<EventTimes[]> {
  const { results } = await service.db
    .prepare(
      'select id, occurred_at as occurredAt, received_at as receivedAt, place from events order by place',
    )
    .all<EventTimes>()
  return results
}

describe('the times of events', () => {
  it('one that is sent from a clock ahead happened when it was received, and is seen at once', async () => {
    await publish()
    const before = Date.now()
    await post([event({ id: 'ahead', occurredAt: before + 4 * MINUTE })])
    const [stored] = await storedTimes()
    expect(stored?.occurredAt).toBe(stored?.receivedAt)
    expect(stored?.occurredAt).toBeLessThanOrEqual(Date.now())
    const reply = await service.call('POST', '/v1/predict', { body: { userId: 'u-1' } })
    expect(reply.json).toMatchObject({ fallback: null })
  })

  it('of one moment keep their place in the request, refused ones counted', async () => {
    await post([event({ id: 'z' }), event({ id: 'm', type: 'veiw' }), event({ id: 'a' })])
    expect((await storedTimes()).map(({ id, place }) => [id, place])).toEqual([
      ['z', 0],
      ['a', 2],
    ])
  })

  it('back-filled ones were received when they happened, by admin keys alone', async () => {
    const body = { events: [event(), event({ id: 'e-2', occurredAt: Date.now() + MINUTE })], backfill: true }
    const other = await service.call('POST', '/v1/events', { body, key: 'ingest' })
    expect(other).toMatchObject({ status: 403, json: { code: 'wrong_scope' } })
    expect(await service.count('events')).toBe(0)
    const reply = await service.call('POST', '/v1/events', { body, key: 'admin' })
    expect(reply.json).toMatchObject({ accepted: 2 })
    const [past, ahead] = await storedTimes()
    expect(past?.receivedAt).toBe(Date.UTC(2026, 5, 1, 12))
    expect(ahead?.receivedAt).toBe(ahead?.occurredAt)
    expect(ahead?.occurredAt).toBeLessThanOrEqual(Date.now())
  })
})

describe('POST /v1/events', () => {
  it('stores events as they were sent', async () => {
    const before = Date.now()
    const reply = await post([
      event({
        occurredAt: '2026-06-01T14:00:00.250+02:00',
        properties: { device: 'phone', depth: 2.5, ref: null },
      }),
      event({ id: 'e-2', type: 'purchase', value: 12.75, occurredAt: Date.UTC(2026, 5, 2) }),
      event({ id: 'e-3', type: 'search', itemId: undefined, occurredAt: '1970-01-01T00:00:00Z' }),
    ])
    expect(reply).toMatchObject({ status: 200, json: { accepted: 3, duplicates: 0, rejected: [] } })
    const { results } = await service.db.prepare('select * from events order by id').all()
    expect(results).toMatchObject([
      {
        id: 'e-1',
        user_id: 'u-1',
        type: 'view',
        item_id: 'i-1',
        value: null,
        occurred_at: Date.UTC(2026, 5, 1, 12, 0, 0, 250),
      },
      { id: 'e-2', type: 'purchase', value: 12.75, occurred_at: Date.UTC(2026, 5, 2), properties: null },
      { id: 'e-3', type: 'search', item_id: null, occurred_at: 0 },
    ])
    expect(JSON.parse(String(results[0]?.['properties']))).toEqual({ device: 'phone', depth: 2.5 })
    expect(Number(results[0]?.['received_at'])).toBeGreaterThanOrEqual(before)
  })

  it('counts the same event twice once', async () => {
    const sent = [event({ properties: { ref: 'mail', depth: 2.5 } }), event({ id: 'e-2' })]
    await post(sent)
    const again = await post([...sent, event({ id: 'e-3' })])
    expect(again.json).toMatchObject({ accepted: 1, duplicates: 2, rejected: [] })
    expect(await service.count('events')).toBe(3)
    expect(await service.count('quarantine')).toBe(0)
  })

  it.each([
    ['of another user', { userId: 'u-2' }],
    ['at another time', { occurredAt: '2026-06-01T12:00:00.001Z' }],
    ['at the time of its receipt', { occurredAt: Date.now() }],
    ['of another type', { type: 'cart' }],
    ['of another item', { itemId: 'i-2' }],
    ['with another property', { properties: { ref: 'mail' } }],
    ['with one property more', { properties: { ref: 'search', depth: 1 } }],
  ])('refuses another event under a known id, %s, and keeps it in quarantine', async (_how, overrides) => {
    const first = event({ properties: { ref: 'search' } })
    await post([first])
    const other = event({ properties: { ref: 'search' }, ...overrides })
    const reply = await post([event({ id: 'new' }), other])
    const reasons = [{ code: 'conflicting_id', path: ['id'] }]
    expect(reply).toMatchObject({
      status: 200,
      json: { accepted: 1, duplicates: 0, rejected: [{ index: 1, id: 'e-1', reasons }] },
    })
    expect(await storedEvent('e-1')).toMatchObject({ user_id: 'u-1', type: 'view', item_id: 'i-1' })
    const { results } = await service.db.prepare('select * from quarantine').all()
    expect(results).toMatchObject([{ position: 1, request_id: reply.headers.get('x-request-id') }])
    expect(JSON.parse(String(results[0]?.['reasons']))).toMatchObject(reasons)
    const { occurredAt, ...rest } = other
    expect(JSON.parse(String(results[0]?.['event']))).toMatchObject({
      ...rest,
      occurredAt: new Date(occurredAt).getTime(),
    })
  })

  it('refuses another value under a known id', async () => {
    const bought = (overrides: object) => event({ type: 'purchase', ...overrides })
    await post([bought({ id: 'a', value: 5 })])
    const reply = await post([bought({ id: 'a', value: 6 }), bought({ id: 'b', value: 5 })])
    expect(reply.json).toMatchObject({ accepted: 1, duplicates: 0, rejected: [{ index: 0 }] })
    expect((await post([bought({ id: 'a', value: 5 })])).json).toMatchObject({ duplicates: 1 })
  })

  it('takes an event again that says less than before for the same', async () => {
    await post([event({ properties: { ref: 'search', depth: 1 } })])
    const again = await post([event({ properties: { depth: 1, other: null } })])
    expect(again.json).toMatchObject({ accepted: 0, duplicates: 1, rejected: [] })
  })

  it('knows an event again whose time was ahead of the clock here when it first came', async () => {
    const ahead = event({ occurredAt: Date.now() + 4 * MINUTE })
    await post([ahead])
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect((await post([ahead])).json).toMatchObject({ accepted: 0, duplicates: 1, rejected: [] })
  })

  it('lists what is not valid and what conflicts in the order of the request, in one call to D1', async () => {
    await post([event()])
    let calls = 0
    const counted = openService({ ...env, DB: countCalls(env.DB, () => (calls += 1)) })
    const events = [event({ userId: 'x' }), event({ id: 'e-2', type: 'veiw' }), event({ id: 'e-3' })]
    const send = () => counted.call('POST', '/v1/events', { body: { events }, key: 'ingest' })
    const reply = await send()
    expect(reply.json).toMatchObject({ accepted: 1, rejected: [{ index: 0 }, { index: 1 }] })
    expect(await service.count('quarantine')).toBe(2)
    // The key is known by now.
    calls = 0
    expect((await send()).json).toMatchObject({ accepted: 0, duplicates: 1 })
    expect(calls).toBe(1)
  })

  it.each(['undefined', 'null', 'NaN', '[object Object]', 'None', '(NULL)', '\u00a0NULL ', '\\N'])(
    'refuses the user %j, who is nobody',
    async (userId) => {
      const reply = await post([event({ userId })])
      expect(reply).toMatchObject({ status: 422, json: { code: 'placeholder_id' } })
      const path = `/v1/users/${encodeURIComponent(userId)}`
      const put = await service.call('PUT', path, { body: { attributes: {} } })
      expect(put).toMatchObject({ status: 422, json: { code: 'placeholder_id' } })
      expect((await post([event({ userId: `${userId}a` })])).json).toMatchObject({ accepted: 1 })
    },
  )

  it.each(['undefined', 'null', 'NaN', '-', '\\N'])('refuses the item %j, which is none', async (itemId) => {
    const reply = await post([event({ type: 'view', itemId })])
    expect(reply).toMatchObject({ status: 422, json: { code: 'placeholder_id' } })
    const put = await service.call('PUT', `/v1/items/${encodeURIComponent(itemId)}`, {
      body: { attributes: {} },
    })
    expect(put).toMatchObject({ status: 422, json: { code: 'placeholder_id' } })
  })

  it('counts characters, not their bytes or code units', async () => {
    const face = '\u{1f600}'
    const long = { userId: face.repeat(128), properties: { ref: face.repeat(1000) } }
    expect((await post([event(long)])).json).toMatchObject({ accepted: 1 })
    expect((await post([event({ id: face.repeat(129) })])).json).toMatchObject({ code: 'too_long' })
  })

  it('refuses properties that are too much together', async () => {
    const properties = (size: number) =>
      Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`p${index}`, '\u0001'.repeat(size)]))
    expect((await post([event({ properties: properties(400) })])).json).toMatchObject({ accepted: 1 })
    const reply = await post([event({ id: 'e-2', properties: properties(420) })])
    expect(reply).toMatchObject({ status: 422, json: { code: 'too_long' } })
    expect(reply.json.reasons[0].path).toEqual(['events', 0, 'properties'])
  })

  it('counts once what arrives in requests at the same time', async () => {
    const events = Array.from({ length: 50 }, (_, index) => event({ id: `e-${index}` }))
    const replies = await Promise.all([post(events), post(events), post(events)])
    expect(replies.reduce((sum, reply) => sum + Number(reply.json.accepted), 0)).toBe(50)
    expect(await service.count('events')).toBe(50)
  })

  it('takes 500 events, and refuses 501 and none', async () => {
    const events = Array.from({ length: 501 }, (_, index) => event({ id: `e-${index}` }))
    expect(await post(events)).toMatchObject({ status: 422, json: { code: 'too_many' } })
    expect(await post([])).toMatchObject({ status: 422, json: { code: 'empty' } })
    expect(await service.count('events')).toBe(0)
    expect((await post(events.slice(0, 500))).json.accepted).toBe(500)
  })

  it('lists the events it refuses among good ones, and keeps them in quarantine', async () => {
    const bad = event({ id: 'e-2', type: 'veiw' })
    const reply = await post([event(), bad, event({ id: 'e-3', occurredAt: '1969-12-31T23:59:59Z' })])
    expect(reply.json).toMatchObject({
      accepted: 1,
      duplicates: 0,
      rejected: [
        { index: 1, id: 'e-2', reasons: [{ code: 'unknown_event_type', path: ['type'] }] },
        { index: 2, id: 'e-3', reasons: [{ code: 'time_before_1970', path: ['occurredAt'] }] },
      ],
    })
    const { results } = await service.db.prepare('select * from quarantine order by position').all()
    expect(results).toMatchObject([{ position: 1 }, { position: 2 }])
    expect(JSON.parse(String(results[0]?.['event']))).toEqual(bad)
    expect(JSON.parse(String(results[0]?.['reasons']))).toMatchObject([{ code: 'unknown_event_type' }])
    expect(results[0]?.['request_id']).toBe(reply.headers.get('x-request-id'))
  })

  it('quarantines 499 long events beside a good one', async () => {
    const long = Array.from({ length: 499 }, (_, index) => ({ id: `b-${index}`, type: '"\\'.repeat(400) }))
    expect((await post([event(), ...long])).json.accepted).toBe(1)
    expect(await service.count('quarantine')).toBe(499)
  })

  it('keeps long refused events as texts that can be read, and all of their reasons', async () => {
    const faces = (id: string) => ({ id, ['x'.repeat(50_000)]: 1, faces: '\u{1f600}'.repeat(2_000) })
    const odd = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`k${index}${'y'.repeat(500)}`, 1]),
    )
    const bad = [
      faces('b'),
      { id: 'c', z: '\u{1f600}'.repeat(2_000) },
      { id: 'cc', z: '\u{1f600}'.repeat(2_000) },
      odd,
    ]
    expect((await post([event(), ...bad])).json.accepted).toBe(1)
    const { results } = await service.db.prepare('select event, reasons from quarantine').all()
    expect(results).toHaveLength(bad.length)
    for (const row of results) {
      expect(String(row['event']).isWellFormed()).toBe(true)
      expect(String(row['event'])).not.toContain('\ufffd')
      expect(JSON.parse(String(row['reasons'])).length).toBeGreaterThan(3)
    }
  })

  it('survives an event nested too deeply to be written down', async () => {
    const nested = '['.repeat(100_000) + ']'.repeat(100_000)
    const text = `{"events":[${JSON.stringify(event())},{"id":"deep","properties":${nested}}]}`
    const reply = await service.call('POST', '/v1/events', { text, key: 'ingest' })
    expect(reply).toMatchObject({ status: 200, json: { accepted: 1, rejected: [{ index: 1, id: 'deep' }] } })
  })

  it.each([
    ['unknown_event_type', { type: 'veiw' }],
    ['unknown_event_type', { type: '__proto__' }],
    ['unknown_event_type', { type: 'constructor' }],
    ['too_large', { type: 'purchase', value: 1.1e12 }],
    ['too_large', { type: 'purchase', value: -1e300 }],
    ['time_in_future', { occurredAt: Date.now() + 24 * 60 * MINUTE }],
    ['time_in_future', { occurredAt: '9999-12-31T23:59:59Z' }],
    ['time_before_1970', { occurredAt: '1969-12-31T23:59:59Z' }],
    ['invalid_time', { occurredAt: '2026-06-01T12:00:00' }],
    ['invalid_time', { occurredAt: '2026-02-30T12:00:00Z' }],
    ['invalid_time', { occurredAt: 1.5 }],
    ['invalid_time', { occurredAt: true }],
    ['missing', { occurredAt: undefined }],
    ['missing', { id: undefined }],
    ['missing', { userId: undefined }],
    ['too_long', { id: 'x'.repeat(129) }],
    ['too_long', { userId: 'x'.repeat(129) }],
    ['too_long', { itemId: 'x'.repeat(129) }],
    ['empty', { userId: '' }],
    ['empty', { userId: ' \u00a0' }],
    ['too_long', { properties: { ['x'.repeat(65)]: 1 } }],
    ['too_long', { properties: { device: 'x'.repeat(1_001) } }],
    ['invalid_text', { properties: { '\ud800': 1 } }],
    ['wrong_type', { id: 7 }],
    ['wrong_type', { userId: null }],
    ['wrong_type', { type: ['view'] }],
    ['wrong_type', { properties: 'none' }],
    ['wrong_type', { properties: { nested: {} } }],
    ['wrong_type', { properties: { device: { name: 'phone' } } }],

    ['wrong_type', { type: 'purchase', value: '12' }],
    ['invalid_text', { id: 'lone \ud800' }],
    ['invalid_text', { userId: '\udc00' }],
    ['invalid_text', { itemId: 'nul \0' }],
    ['invalid_text', { properties: { device: '\ud83d' } }],
    ['item_required', { itemId: undefined }],
    ['item_not_allowed', { type: 'search' }],
    ['value_required', { type: 'purchase' }],
    ['value_not_allowed', { value: 3 }],
    ['unknown_field', { item_id: 'i-1' }],
    [
      'too_many',
      { properties: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`p${index}`, index])) },
    ],
  ])('refuses with %s %j', async (code, overrides) => {
    const reply = await post([event(overrides)])
    expect(reply.status).toBe(422)
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    expect(reply.json).toMatchObject({ code, status: 422, type: `/docs#${code}` })
    expect(reply.json.reasons[0].path.slice(0, 2)).toEqual(['events', 0])
    expect(await service.count('events')).toBe(0)
    expect(await service.count('quarantine')).toBe(0)
  })

  it.each([
    ['value', '{"type":"purchase","itemId":"i-1","value":1e999'],
    ['value', '{"type":"purchase","itemId":"i-1","value":-1e999'],
    ['properties', '{"type":"search","properties":{"depth":1e999}'],
  ])('refuses a %s that is not finite: %s', async (field, start) => {
    const text = `{"events":[${start},"id":"e-1","userId":"u-1","occurredAt":1700000000001}]}`
    const reply = await service.call('POST', '/v1/events', { text, key: 'ingest' })
    expect(reply).toMatchObject({ status: 422, json: { code: 'not_finite' } })
    expect(reply.json.reasons[0].path.slice(0, 3)).toEqual(['events', 0, field])
    expect(await service.count('events')).toBe(0)
  })

  it('keeps a category in its one spelling, and other properties as they were sent', async () => {
    const sent = [1, 1.5, '1.0', true, 'TRUE', ' phone ', null]
    await post(
      sent.map((device, index) =>
        event({ id: `e-${index}`, properties: { device, depth: '1.0', seen: true } }),
      ),
    )
    const { results } = await service.db.prepare('select properties from events order by id').all()
    const kept = results.map(({ properties }) => JSON.parse(String(properties)) as Record<string, unknown>)
    expect(kept.map(({ device }) => device ?? null)).toEqual(['1', '1.5', '1', 'true', 'true', 'phone', null])
    expect(kept[0]).toEqual({ device: '1', depth: '1.0', seen: 'true' })
  })

  it('takes a time up to five minutes ahead', async () => {
    expect((await post([event({ occurredAt: Date.now() + 4 * MINUTE })])).json.accepted).toBe(1)
    expect((await post([event({ id: 'e-2', occurredAt: Date.now() + 6 * MINUTE })])).json.code).toBe(
      'time_in_future',
    )
  })

  it('refuses a request that names one id twice, whole', async () => {
    const reply = await post([event(), event({ id: 'e-2' }), event()])
    expect(reply).toMatchObject({
      status: 422,
      json: { code: 'duplicate_id', reasons: [{ path: ['events', 2, 'id'] }] },
    })
    expect(await service.count('events')).toBe(0)
  })

  it.each([
    ['missing', {}],
    ['wrong_type', { events: 'all' }],
    ['wrong_type', [event()]],
    ['wrong_type', null],
    ['unknown_field', { events: [event()], extra: 1 }],
  ])('refuses with %s the body %j', async (code, body) => {
    const reply = await service.call('POST', '/v1/events', { body, key: 'ingest' })
    expect(reply).toMatchObject({ status: 422, json: { code } })
    expect(await service.count('events')).toBe(0)
  })
})
