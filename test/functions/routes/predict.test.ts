import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { undated } from '../../../features/attributes.ts'
import type { Attributes } from '../../../features/attributes.ts'
import { decode, priorAnswers } from '../../../features/decode.ts'
import { createEncoder } from '../../../features/encode.ts'
import type { EncodeRequest } from '../../../features/encode.ts'
import { HISTORY_LENGTH_MAX } from '../../../features/manifest.ts'
import { countCalls, failing } from '../count-calls.ts'
import { createService, openService, publish } from '../service.ts'
import type { Service } from '../service.ts'
import { shopManifest } from '../shop.ts'
import { tinyLogits } from '../tiny-model.ts'

const AT = Date.UTC(2026, 5, 1)
const MINUTE = 60_000
const manifest = shopManifest()
const encode = createEncoder(manifest.features)

let service: Service
beforeEach(async () => {
  service = await createService()
})

function answersFor(request: Partial<EncodeRequest>) {
  const encoded = encode({ history: [], user: [], items: new Map(), atMs: AT, ...request })
  return decode(
    manifest,
    Object.fromEntries(manifest.heads.map((head) => [head.task, tinyLogits(encoded, head)])),
  )
}

function itemsOf(items: Readonly<Record<string, Attributes>>): EncodeRequest['items'] {
  return new Map(Object.entries(items).map(([id, attributes]) => [id, undated(attributes)]))
}

/** The same with every number about as large, so that float32 and float64 arithmetic compare equal. */
function about(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 3)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, about(part)]))
}

const event = (id: string, overrides: object = {}) => ({
  id,
  userId: 'u-1',
  type: 'view',
  itemId: 'i-1',
  occurredAt: AT - 10 * MINUTE,
  receivedAt: AT - 10 * MINUTE,
  ...overrides,
})

async function storeEvents(events: readonly ReturnType<typeof event>[]): Promise<void> {
  const sql =
    'insert into events (user_id, occurred_at, id, type, item_id, properties, received_at, place) values (?, ?, ?, ?, ?, ?, ?, ?)'
  await service.db.batch(
    events.map((row) =>
      service.db
        .prepare(sql)
        .bind(
          row.userId,
          row.occurredAt,
          row.id,
          row.type,
          row.itemId ?? null,
          'properties' in row ? JSON.stringify(row.properties) : null,
          row.receivedAt,
          'place' in row ? row.place : 0,
        ),
    ),
  )
}

describe('POST /v1/predict with a history', () => {
  it('answers what the model says of the encoded request', async () => {
    await publish()
    const history = [event('a'), event('b', { type: 'cart', itemId: 'i-2', occurredAt: AT - MINUTE })]
    const items = { 'i-1': { department: 'shoes' }, 'i-2': { department: 'hats', price: 3 } }
    const context = { device: 'phone' }
    const attributes = { plan: 'pro', age: 33 }
    const sent = history.map((row) => ({ ...row, userId: undefined }))
    const reply = await service.call('POST', '/v1/predict', {
      body: { history: sent, items, attributes, context, at: AT },
    })
    expect(reply.status).toBe(200)
    const expected = answersFor({ history, user: undated(attributes), context, items: itemsOf(items) })
    expect(reply.json.answers).toEqual(about(expected))
    expect(reply.json).toMatchObject({ fallback: null, at: '2026-06-01T00:00:00.000Z' })
  })

  it('says which bundle answered and how long each stage took', async () => {
    const id = await publish()
    const body = { history: [{ type: 'search', occurredAt: AT }] }
    const reply = await service.call('POST', '/v1/predict', { body })
    expect(reply.json.bundle).toEqual({
      id,
      family: 'tiny',
      role: 'champion',
      createdAt: '2026-01-01T00:00:00.000Z',
    })
    expect(reply.headers.get('server-timing')).toMatch(/storage;dur=.*bundle;dur=.*model;dur=.*total;dur=/)
    expect(reply.json.requestId).toBe(reply.headers.get('x-request-id'))
  })

  it('answers the chosen tasks alone', async () => {
    await publish()
    const body = { attributes: {}, tasks: ['nextAction', 'spend28Days'] }
    const reply = await service.call('POST', '/v1/predict', { body })
    expect(Object.keys(reply.json.answers)).toEqual(['nextAction', 'spend28Days'])
  })

  it('takes events of one moment in the order of the list, however their ids are spelt', async () => {
    await publish()
    const types = 'search view cart view purchase search view view cart view search cart'.split(' ')
    const history = types.map((type, index) => ({
      type,
      occurredAt: AT - MINUTE,
      ...(type !== 'search' && { itemId: 'i-1' }),
      ...(type === 'purchase' && { value: 1 }),
      id: String(20 - index),
    }))
    const placed = history.map((sent, place) =>
      event(sent.id, { ...sent, receivedAt: sent.occurredAt, place }),
    )
    const expected = about(answersFor({ history: placed }))
    const named = await service.call('POST', '/v1/predict', { body: { history, at: AT } })
    expect(named.json.answers).toEqual(expected)
    const bare = history.map(({ id: _id, ...sent }) => sent)
    const unnamed = await service.call('POST', '/v1/predict', { body: { history: bare, at: AT } })
    expect(unnamed.json.answers).toEqual(expected)
  })

  it('sees what a page tells whose clock is a minute ahead', async () => {
    await publish()
    let nowMs = Date.now()
    const history = [{ type: 'search', occurredAt: nowMs + MINUTE }]
    // However often the clock is read, it has gone on: what is told of must not come after what is asked.
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => (nowMs += 1))
    try {
      const reply = await service.call('POST', '/v1/predict', { body: { history } })
      expect(reply.json.fallback).toBeNull()
    } finally {
      clock.mockRestore()
    }
  })

  it('answers a newcomer as it answers one whose data is stored', async () => {
    await publish()
    await service.call('PUT', '/v1/users/new', { body: { attributes: { plan: 'pro' } } })
    const bodies = [
      { history: [] },
      { attributes: { plan: 'pro' } },
      { history: [{ type: 'search', occurredAt: AT + MINUTE }], at: AT },
      { userId: 'new' },
      { userId: 'nobody' },
    ]
    for (const body of bodies) {
      const reply = await service.call('POST', '/v1/predict', { body })
      expect(reply.json).toMatchObject({ fallback: 'unknown_user' })
      expect(reply.json.answers).toEqual(priorAnswers(manifest, 'newcomer'))
    }
  })

  it('goes on answering while D1 does not', async () => {
    await publish()
    const down = { isDown: false }
    const isolate = openService({ ...env, DB: failing(env.DB, down) })
    const body = { history: [{ type: 'search', occurredAt: AT }], at: AT }
    const before = await isolate.call('POST', '/v1/predict', { body })
    down.isDown = true
    const after = await isolate.call('POST', '/v1/predict', { body })
    expect(after.status).toBe(200)
    expect(after.json.answers).toEqual(before.json.answers)
    const stored = await isolate.call('POST', '/v1/predict', { body: { userId: 'u-1' } })
    expect(stored.status).toBe(503)
    expect(stored.json.code).toBe('storage_unavailable')
    expect(stored.text).not.toContain('Network')
  })
})

describe('POST /v1/predict with a userId', () => {
  it('answers from the stored events, attributes and items', async () => {
    await publish()
    const history = [
      event('a'),
      event('b', {
        type: 'purchase',
        itemId: 'i-2',
        occurredAt: AT - MINUTE,
        properties: { device: 'desktop' },
      }),
    ]
    await storeEvents(history)
    await service.call('PUT', '/v1/users/u-1', { body: { attributes: { plan: 'pro', age: 51 } } })
    await service.call('PUT', '/v1/items/i-2', { body: { attributes: { department: 'shoes', price: 10 } } })
    // Known since just now, which is after the moments of the events.
    const now = Date.now()
    const reply = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: now } })
    expect(reply.json).toMatchObject({ userId: 'u-1', fallback: null })
    const items = itemsOf({ 'i-2': { department: 'shoes', price: 10 } })
    const expected = answersFor({ history, user: undated({ plan: 'pro', age: 51 }), items, atMs: now })
    expect(reply.json.answers).toEqual(about(expected))
  })

  it('orders events of one moment by their place, and sees attributes as known at the moment', async () => {
    await publish()
    const types = 'view cart purchase view cart view purchase cart view'.split(' ')
    const history = types.map((type, place) => event(String(20 - place), { type, place }))
    await storeEvents(history)
    const versions = [
      { knownAt: AT - 5, attributes: { plan: 'free' } },
      { knownAt: AT, attributes: { plan: 'pro' } },
    ]
    for (const body of versions) await service.call('PUT', '/v1/users/u-1', { body })
    for (const atMs of [AT - 6, AT - 1, AT]) {
      const reply = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: atMs } })
      expect(reply.json.answers).toEqual(about(answersFor({ history, user: versions, atMs })))
    }
  })

  it('sees at a past moment only what had occurred and been received by then', async () => {
    await publish()
    const seen = [event('a'), event('b', { type: 'cart' })]
    const late = event('late', { type: 'purchase', receivedAt: AT + MINUTE })
    const after = event('after', { type: 'purchase', occurredAt: AT + MINUTE, receivedAt: AT + MINUTE })
    await storeEvents([...seen, late, after])
    const past = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    expect(past.json.answers).toEqual(about(answersFor({ history: seen })))
    const later = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT + MINUTE } })
    expect(later.json.answers).toEqual(
      about(answersFor({ history: [...seen, late, after], atMs: AT + MINUTE })),
    )
  })

  it('reads as much of a long history as encode looks at', async () => {
    await publish()
    const history = Array.from({ length: HISTORY_LENGTH_MAX + 50 }, (_, index) => {
      const occurredAt = AT - (600 - index) * MINUTE
      return event(`e-${index}`, { occurredAt, receivedAt: occurredAt })
    })
    await storeEvents(history)
    const reply = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    expect(reply.json.answers).toEqual(about(answersFor({ history })))
  })

  it('makes one call to D1 once the isolate is warm', async () => {
    await publish()
    await storeEvents([event('a')])
    let calls = 0
    const counted = countCalls(env.DB, () => (calls += 1))
    const isolate = openService({ ...env, DB: counted })
    await isolate.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    calls = 0
    const reply = await isolate.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    expect(reply.json.fallback).toBeNull()
    expect(calls).toBe(1)
  })

  it('changes its answer with an event that was just posted', async () => {
    await publish()
    const sent = { id: 'x', userId: 'u-2', type: 'view', itemId: 'i-1', occurredAt: Date.now() - MINUTE }
    await service.call('POST', '/v1/events', { body: { events: [sent] } })
    const before = await service.call('POST', '/v1/predict', { body: { userId: 'u-2' } })
    const next = { ...sent, id: 'y', type: 'purchase', value: 20, occurredAt: Date.now() }
    expect((await service.call('POST', '/v1/events', { body: { events: [next] } })).json.accepted).toBe(1)
    const after = await service.call('POST', '/v1/predict', { body: { userId: 'u-2' } })
    expect(after.json.answers).not.toEqual(before.json.answers)
  })
})
