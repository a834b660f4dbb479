import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { decode, priorAnswers } from '../../../features/decode.ts'
import { createEncoder } from '../../../features/encode.ts'
import type { EncodeRequest } from '../../../features/encode.ts'
import { headWidth } from '../../../features/manifest.ts'
import { createService, openService, publish, publishContent } from '../service.ts'
import type { Service } from '../service.ts'
import { shopManifest } from '../shop.ts'
import { tinyLogits, tinyModel } from '../tiny-model.ts'

const AT = Date.UTC(2026, 5, 1)
const MINUTE = 60_000
const manifest = shopManifest()

let service: Service
beforeEach(async () => {
  service = await createService()
})

function answersFor(request: Partial<EncodeRequest>) {
  const encoded = createEncoder(manifest.features)({
    history: [],
    attributes: {},
    items: new Map(),
    at: AT,
    ...request,
  })
  return decode(
    manifest,
    Object.fromEntries(manifest.heads.map((head) => [head.task, tinyLogits(encoded, headWidth(head))])),
  )
}

/** Rounds all numbers, so that float32 and float64 arithmetic compare equal. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'number' ? Number(part.toFixed(4)) : part,
  )
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
    'insert into events (user_id, occurred_at, id, type, item_id, properties, received_at) values (?, ?, ?, ?, ?, ?, ?)'
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
        ),
    ),
  )
}

/** A binding that tells of every call that goes out: a statement that is run, or a batch. */
function countCalls(binding: D1Database, count: () => void): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>()
  function wrap(statement: D1PreparedStatement): D1PreparedStatement {
    const wrapped = new Proxy(statement, {
      get(target, name: keyof D1PreparedStatement) {
        if (name === 'bind') return (...values: unknown[]) => wrap(target.bind(...values))
        count()
        return target[name].bind(target)
      },
    })
    originals.set(wrapped, statement)
    return wrapped
  }
  return new Proxy(binding, {
    get(target, name: keyof D1Database) {
      if (name === 'prepare') return (query: string) => wrap(target.prepare(query))
      if (name !== 'batch') throw new Error(`Not counted: ${name}`)
      return (statements: D1PreparedStatement[]) => {
        count()
        return target.batch(statements.map((statement) => originals.get(statement) ?? statement))
      }
    },
  })
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
    const expected = answersFor({ history, attributes, context, items: new Map(Object.entries(items)) })
    expect(rounded(reply.json.answers)).toEqual(rounded(expected))
    expect(reply.json).toMatchObject({ fallback: null, at: '2026-06-01T00:00:00.000Z' })
  })

  it('says which bundle answered and how long each stage took', async () => {
    const id = await publish()
    const reply = await service.call('POST', '/v1/predict', { body: { attributes: { plan: 'free' } } })
    expect(reply.json.bundle).toEqual({ id, family: 'tiny', createdAt: '2026-01-01T00:00:00.000Z' })
    expect(reply.headers.get('server-timing')).toMatch(/storage;dur=.*bundle;dur=.*model;dur=.*total;dur=/)
    expect(reply.json.requestId).toBe(reply.headers.get('x-request-id'))
  })

  it('answers the chosen tasks alone', async () => {
    await publish()
    const body = { attributes: {}, tasks: ['nextAction', 'spend28Days'] }
    const reply = await service.call('POST', '/v1/predict', { body })
    expect(Object.keys(reply.json.answers)).toEqual(['nextAction', 'spend28Days'])
  })

  it('takes events without ids in the order of the list where their times are equal', async () => {
    await publish()
    const types = [
      'search',
      'view',
      'cart',
      'view',
      'purchase',
      'search',
      'view',
      'view',
      'cart',
      'view',
      'search',
      'cart',
    ]
    const history = types.map((type) => ({
      type,
      occurredAt: AT - MINUTE,
      ...(type !== 'search' && { itemId: 'i-1' }),
    }))
    const reply = await service.call('POST', '/v1/predict', { body: { history, at: AT } })
    const named = history.map((sent, index) =>
      event(`e-${index + 100}`, { ...sent, receivedAt: sent.occurredAt }),
    )
    expect(rounded(reply.json.answers)).toEqual(rounded(answersFor({ history: named })))
  })

  it('goes on answering while D1 does not', async () => {
    await publish()
    const broken = {
      ...env,
      DB: new Proxy(env.DB, {
        get: () => () => {
          throw new Error('D1 is down')
        },
      }),
    }
    const down = { isDown: false }
    const isolate = openService({
      ...env,
      get DB() {
        return down.isDown ? broken.DB : env.DB
      },
    })
    const body = { history: [], at: AT }
    const before = await isolate.call('POST', '/v1/predict', { body })
    down.isDown = true
    const after = await isolate.call('POST', '/v1/predict', { body })
    expect(after.status).toBe(200)
    expect(after.json.answers).toEqual(before.json.answers)
    const stored = await isolate.call('POST', '/v1/predict', { body: { userId: 'u-1' } })
    expect(stored.status).toBe(503)
    expect(stored.json.code).toBe('storage_unavailable')
    expect(stored.text).not.toContain('D1 is down')
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
    const reply = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    expect(reply.json).toMatchObject({ userId: 'u-1', fallback: null })
    const items = new Map([['i-2', { department: 'shoes', price: 10 }]])
    const expected = answersFor({ history, attributes: { plan: 'pro', age: 51 }, items })
    expect(rounded(reply.json.answers)).toEqual(rounded(expected))
  })

  it('orders events of one moment by id, as bytes', async () => {
    await publish()
    const types = ['view', 'cart', 'purchase', 'view', 'cart', 'view', 'purchase', 'cart', 'view']
    const ids = ['\u{1f600}', '\uffee', 'Z', 'a', 'é', '10', '9', '-', '_']
    const history = ids.map((id, index) => event(id, { type: types[index] }))
    await storeEvents(history)
    const reply = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    expect(rounded(reply.json.answers)).toEqual(rounded(answersFor({ history })))
  })

  it('sees at a past moment only what had occurred and been received by then', async () => {
    await publish()
    const seen = [event('a'), event('b', { type: 'cart' })]
    const late = event('late', { type: 'purchase', receivedAt: AT + MINUTE })
    const after = event('after', { type: 'purchase', occurredAt: AT + MINUTE, receivedAt: AT + MINUTE })
    await storeEvents([...seen, late, after])
    const past = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    expect(rounded(past.json.answers)).toEqual(rounded(answersFor({ history: seen })))
    const later = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT + MINUTE } })
    expect(rounded(later.json.answers)).toEqual(
      rounded(answersFor({ history: [...seen, late, after], at: AT + MINUTE })),
    )
  })

  it('reads as much of a long history as the bundle looks at, in a fresh isolate too', async () => {
    const wide = shopManifest({ features: { historyLengthMax: 400 } })
    await publish({ manifest: wide })
    const history = Array.from({ length: 500 }, (_, index) =>
      event(`e-${index}`, {
        occurredAt: AT - (600 - index) * MINUTE,
        receivedAt: AT - (600 - index) * MINUTE,
      }),
    )
    await storeEvents(history)
    const encoded = createEncoder(wide.features)({ history, attributes: {}, items: new Map(), at: AT })
    const logits = Object.fromEntries(
      wide.heads.map((head) => [head.task, tinyLogits(encoded, headWidth(head))]),
    )
    const cold = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    const warm = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    expect(rounded(cold.json.answers)).toEqual(rounded(decode(wide, logits)))
    expect(warm.json.answers).toEqual(cold.json.answers)
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

  it('answers an unknown user with the prior, marked', async () => {
    await publish()
    const reply = await service.call('POST', '/v1/predict', { body: { userId: 'nobody' } })
    expect(reply.status).toBe(200)
    expect(reply.json.fallback).toBe('unknown_user')
    expect(reply.json.answers).toEqual(priorAnswers(manifest))
  })

  it('knows a user by attributes alone', async () => {
    await publish()
    await service.call('PUT', '/v1/users/quiet', { body: { attributes: { age: 20 } } })
    const reply = await service.call('POST', '/v1/predict', { body: { userId: 'quiet', at: AT } })
    expect(reply.json.fallback).toBeNull()
    expect(rounded(reply.json.answers)).toEqual(rounded(answersFor({ attributes: { age: 20, plan: null } })))
  })
})

describe('POST /v1/predict without a usable bundle', () => {
  const body = { attributes: { plan: 'pro' } }

  it('says so where none was published', async () => {
    const byBody = await service.call('POST', '/v1/predict', { body })
    const byUser = await service.call('POST', '/v1/predict', { body: { userId: 'u-1' } })
    for (const reply of [byBody, byUser]) {
      expect(reply.status).toBe(503)
      expect(reply.json.code).toBe('no_model')
    }
  })

  it.each([
    ['is no ONNX model', () => publishContent({ model: new Uint8Array([8, 7, 18, 1, 2, 3]) })],
    ['is empty', () => publishContent({ model: new Uint8Array(0) })],
    ['gives what is not a number', () => publishContent({ model: tinyModel(manifest, { nan: true }) })],
    [
      'has other inputs',
      () => publishContent({ model: tinyModel(shopManifest({ features: { sequenceLength: 3 } })) }),
    ],
    [
      'lacks a head',
      () => publishContent({ model: tinyModel({ ...manifest, heads: manifest.heads.slice(1) }) }),
    ],
  ])('answers with the prior, marked, where the model %s', async (_, publishBroken) => {
    await publishBroken()
    const reply = await service.call('POST', '/v1/predict', { body })
    expect(reply.status).toBe(200)
    expect(reply.json.fallback).toBe('model_failed')
    expect(reply.json.answers).toEqual(priorAnswers(manifest))
  })

  it.each([
    ['is no JSON', '{"featureVersion": 1'],
    ['is of another feature version', JSON.stringify({ ...manifest, featureVersion: 999 })],
    ['is of another project', JSON.stringify({ ...manifest, project: 'course' })],
  ])('answers 503 where the manifest %s', async (_, manifestText) => {
    await publishContent({ manifestText })
    const reply = await service.call('POST', '/v1/predict', { body })
    expect(reply.status).toBe(503)
    expect(reply.json.code).toBe('model_unavailable')
  })

  it.each([
    ['model is another', { model: tinyModel(manifest, { nan: true }) }],
    ['model is missing', { model: null }],
    ['manifest is another', { manifestText: JSON.stringify({ ...manifest, family: 'other' }) }],
  ])('answers 503 and not with a prior that may be wrong where the %s', async (_, options) => {
    await publish(options)
    const reply = await service.call('POST', '/v1/predict', { body })
    expect(reply).toMatchObject({ status: 503, json: { code: 'model_unavailable' } })
    expect(reply.json.detail).toContain('not_intact')
  })

  it('answers 503 while R2 does not answer, and is itself again once it does', async () => {
    await publish()
    const asked = { ...body, at: AT }
    const isDown = { now: true }
    const failing = new Proxy(env.BUNDLES, { get: () => () => Promise.reject(new Error('R2 is down')) })
    const isolate = openService({
      ...env,
      get BUNDLES() {
        return isDown.now ? failing : env.BUNDLES
      },
    })
    const reply = await isolate.call('POST', '/v1/predict', { body: asked })
    expect(reply).toMatchObject({ status: 503, json: { code: 'model_unavailable' } })
    expect(reply.text).not.toContain('R2 is down')
    expect(await isolate.call('GET', '/readyz')).toMatchObject({ status: 503 })
    isDown.now = false
    const healed = await isolate.call('POST', '/v1/predict', { body: asked })
    expect(healed).toMatchObject({ status: 200, json: { fallback: null } })
    isDown.now = true
    const remembered = await isolate.call('POST', '/v1/predict', { body: asked })
    expect(remembered).toMatchObject({ status: 200, json: { answers: healed.json.answers } })
  })

  it('is itself again once a good bundle is published', async () => {
    await publishContent({ model: new Uint8Array([1]) })
    expect((await service.call('POST', '/v1/predict', { body: { userId: 'u-1' } })).status).toBe(200)
    const id = await publish()
    await storeEvents([event('a')])
    const reply = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    expect(reply.json).toMatchObject({ fallback: null, bundle: { id } })
  })
})

describe('a publish', () => {
  it('is seen by the next prediction of a stored user', async () => {
    await storeEvents([event('a')])
    const first = await publish()
    const before = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    const second = await publish({ card: '{"tasks":{}}' })
    const after = await service.call('POST', '/v1/predict', { body: { userId: 'u-1', at: AT } })
    expect([before.json.bundle.id, after.json.bundle.id]).toEqual([first, second])
  })

  it('is seen within two seconds by predictions that read nothing', async () => {
    await publish()
    await service.call('POST', '/v1/predict', { body: { history: [] } })
    const second = await publish({ card: '{"tasks":{}}' })
    await new Promise((resolve) => setTimeout(resolve, 2_050))
    const reply = await service.call('POST', '/v1/predict', { body: { history: [] } })
    expect(reply.json.bundle.id).toBe(second)
  })

  it('is loaded once by requests that come together', async () => {
    await publish()
    let reads = 0
    const counted = new Proxy(env.BUNDLES, {
      get(target, name: keyof R2Bucket) {
        if (name === 'get') reads += 1
        const member = target[name]
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
    const isolate = openService({ ...env, BUNDLES: counted })
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => isolate.call('POST', '/v1/predict', { body: { history: [] } })),
    )
    expect(replies.map((reply) => reply.json.fallback)).toEqual(Array.from({ length: 8 }, () => null))
    expect(reads).toBe(3)
  })
})
