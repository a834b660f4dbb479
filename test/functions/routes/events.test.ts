import { beforeEach, describe, expect, it } from 'vitest'
import { createService, publish } from '../service.ts'
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
      event({ id: 'e-3', type: 'search', itemId: undefined, occurredAt: 0 }),
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
    expect(JSON.parse(String(results[0]?.['properties']))).toEqual({ device: 'phone', depth: 2.5, ref: null })
    expect(Number(results[0]?.['received_at'])).toBeGreaterThanOrEqual(before)
  })

  it('counts the same event twice once', async () => {
    await post([event(), event({ id: 'e-2' })])
    const again = await post([event(), event({ id: 'e-3' }), event({ id: 'e-2', userId: 'u-2' })])
    expect(again.json).toMatchObject({ accepted: 1, duplicates: 2, rejected: [] })
    expect(await service.count('events')).toBe(3)
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
    const reply = await post([event(), bad, event({ id: 'e-3', occurredAt: -1 })])
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
    ['too_long', { properties: { ['x'.repeat(65)]: 1 } }],
    ['too_long', { properties: { device: 'x'.repeat(1_001) } }],
    ['invalid_text', { properties: { '\ud800': 1 } }],
    ['wrong_type', { id: 7 }],
    ['wrong_type', { userId: null }],
    ['wrong_type', { type: ['view'] }],
    ['wrong_type', { properties: 'none' }],
    ['wrong_type', { properties: { nested: {} } }],
    ['wrong_type', { properties: { device: 4 } }],
    ['wrong_type', { type: 'purchase', value: '12' }],
    ['invalid_text', { id: 'lone \ud800' }],
    ['invalid_text', { userId: '\udc00' }],
    ['invalid_text', { itemId: 'nul \0' }],
    ['invalid_text', { properties: { device: '\ud83d' } }],
    ['item_required', { itemId: undefined }],
    ['item_not_allowed', { type: 'search' }],
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
    const text = `{"events":[${start},"id":"e-1","userId":"u-1","occurredAt":1}]}`
    const reply = await service.call('POST', '/v1/events', { text, key: 'ingest' })
    expect(reply).toMatchObject({ status: 422, json: { code: 'not_finite' } })
    expect(reply.json.reasons[0].path.slice(0, 3)).toEqual(['events', 0, field])
    expect(await service.count('events')).toBe(0)
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
