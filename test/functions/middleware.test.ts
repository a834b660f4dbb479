// Keys that end, wrong keys, storage that fails in one way or another, and what is written to the log.
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256Hex } from '../../features/hash.ts'
import { countCalls, failing } from './count-calls.ts'
import { createService, KEYS, openService, publish } from './service.ts'
import type { Service } from './service.ts'

const history = [{ type: 'search', occurredAt: 1700000000001 }]

let service: Service
let clockMs = 0
let logged: string[] = []
beforeEach(async () => {
  service = await createService()
  clockMs = 0
  logged = []
  const now = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => now() + clockMs)
  for (const level of ['error', 'warn', 'log', 'info', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...parts: unknown[]) => {
      logged.push(parts.map((part) => (part instanceof Error ? `${part.stack}` : String(part))).join(' '))
    })
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})

function statusOf(isolate: Service, key: keyof typeof KEYS = 'predict'): Promise<number> {
  return isolate.call('GET', '/v1/models', { key }).then((reply) => reply.status)
}

async function end(column: 'revoked_at' | 'expires_at', atMs: number): Promise<void> {
  await service.db.prepare(`update api_keys set ${column} = ? where id = 'predict'`).bind(atMs).run()
}

describe('keys', () => {
  it.each(['revoked_at', 'expires_at'] as const)(
    'end by %s, within a minute where one was in use',
    async (column) => {
      expect(await statusOf(service)).toBe(200)
      await end(column, Date.now())
      expect(await statusOf(openService())).toBe(401)
      clockMs += 60_000
      expect(await statusOf(service)).toBe(401)
      expect(await statusOf(service, 'admin')).toBe(200)
    },
  )

  it('end to the millisecond where they expire later', async () => {
    await end('expires_at', Date.now() + 10_000)
    expect(await statusOf(service)).toBe(200)
    clockMs += 10_000
    expect(await statusOf(service)).toBe(401)
  })

  it('that are in use cost no call to D1 on the way of a request', async () => {
    let calls = 0
    const isolate = openService({ ...env, DB: countCalls(env.DB, () => (calls += 1)) })
    await isolate.call('GET', '/v1/models', { key: 'admin' })
    calls = 0
    await isolate.call('GET', '/v1/models', { key: 'admin' })
    expect(calls).toBe(1)
  })

  it('that are wrong cost one read in some seconds, and become right once they are made', async () => {
    let calls = 0
    const isolate = openService({ ...env, DB: countCalls(env.DB, () => (calls += 1)) })
    const key = 'psg_made-later-0123456789abcdef'
    const ask = () =>
      isolate.call('GET', '/v1/models', { key: null, headers: { authorization: `Bearer ${key}` } })
    for (let time = 0; time < 5; time += 1) expect((await ask()).status).toBe(401)
    expect(calls).toBe(1)
    await service.db
      .prepare(
        "insert into api_keys (id, hash, scopes, created_at, name) values ('k', ?, '[\"predict\"]', 0, 'new')",
      )
      .bind(await sha256Hex(key))
      .run()
    clockMs += 5_000
    expect((await ask()).status).toBe(200)
  })

  it('that are remembered go on while D1 is away, with predictions from the body', async () => {
    await publish()
    const fault = { isDown: false }
    const isolate = openService({ ...env, DB: failing(env.DB, fault) })
    const ask = () => isolate.call('POST', '/v1/predict', { body: { history }, key: 'predict' })
    expect((await ask()).status).toBe(200)
    fault.isDown = true
    for (const ms of [0, 61_000, 600_000]) {
      clockMs += ms
      expect(await ask()).toMatchObject({ status: 200, json: { fallback: null } })
    }
    clockMs += 3_600_000
    expect((await ask()).status).toBe(503)
    fault.isDown = false
    await end('revoked_at', 1)
    expect((await ask()).status).toBe(401)
  })
})

describe('an error of D1', () => {
  /** A binding whose calls fail with these errors in turn, and then succeed. */
  function failingWith(errors: Error[]): D1Database {
    return new Proxy(env.DB, {
      get(target, name: keyof D1Database) {
        if (name === 'prepare' || name === 'batch') {
          const error = errors.shift()
          if (error !== undefined) {
            return () => {
              throw error
            }
          }
        }
        return target[name].bind(target)
      },
    })
  }

  it.each([
    'D1_ERROR: Network connection lost.',
    'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
    'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
    'D1_ERROR: database is locked: SQLITE_BUSY',
  ])('that may pass is met by one more read: %s', async (message) => {
    await publish()
    const errors: Error[] = []
    const isolate = openService({ ...env, DB: failingWith(errors) })
    await statusOf(isolate)
    errors.push(new Error(message))
    expect(await statusOf(isolate)).toBe(200)
    errors.push(new Error(message), new Error(message))
    const reply = await isolate.call('GET', '/v1/models', { key: 'predict' })
    expect(reply).toMatchObject({ status: 503, json: { code: 'storage_unavailable' } })
    expect(errors).toEqual([])
  })

  it('is not repeated where something was written', async () => {
    const errors: Error[] = []
    const isolate = openService({ ...env, DB: failingWith(errors) })
    await isolate.call('GET', '/v1/models')
    errors.push(new Error('D1_ERROR: Network connection lost.'))
    const body = { attributes: { plan: 'pro' } }
    expect(await isolate.call('PUT', '/v1/users/u-1', { body })).toMatchObject({ status: 503 })
    expect(await service.count('users')).toBe(0)
  })

  it.each([
    'D1_ERROR: no such table: users: SQLITE_ERROR',
    'D1_ERROR: CHECK constraint failed: SQLITE_CONSTRAINT',
    'D1_ERROR: string or blob too big: SQLITE_TOOBIG',
    "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'",
  ])('that will not pass is an internal error, at once: %s', async (message) => {
    const errors: Error[] = []
    const isolate = openService({ ...env, DB: failingWith(errors) })
    await statusOf(isolate)
    errors.push(new Error(message), new Error('asked a second time'))
    const reply = await isolate.call('GET', '/v1/models', { key: 'predict' })
    expect(reply).toMatchObject({ status: 500, json: { code: 'internal_error' } })
    expect(errors).toHaveLength(1)
    expect(logged.join('\n')).toContain(reply.json.requestId)
  })
})

describe('the log', () => {
  const secrets = ['user-secret', 'plan-secret', 'event-secret', 'title-secret', 'item-secret']
  const requests = [
    [
      'POST',
      '/v1/events',
      {
        events: [
          {
            id: 'event-secret',
            userId: 'user-secret',
            type: 'search',
            occurredAt: 1700000000001,
            properties: { device: 'title-secret' },
          },
        ],
      },
    ],
    ['PUT', '/v1/users/user-secret', { attributes: { plan: 'plan-secret' } }],
    ['PUT', '/v1/items/item-secret', { attributes: { title: 'title-secret' } }],
    ['POST', '/v1/predict', { userId: 'user-secret' }],
    [
      'POST',
      '/v1/predict',
      { history: [{ ...history[0], id: 'event-secret' }], attributes: { plan: 'plan-secret' } },
    ],
  ] as const
  const faults = [
    ['is away', (binding: D1Database) => failing(binding, { isDown: true })],
    ['refuses', (binding: D1Database) => binding],
  ] as const

  it.each(faults)('holds nothing of anybody where D1 %s', async (name, wrap) => {
    await publish()
    const isDown = { now: false }
    const isolate = openService({
      ...env,
      get DB() {
        return isDown.now ? wrap(env.DB) : env.DB
      },
    })
    await isolate.call('GET', '/v1/models')
    const tables = ['events', 'users', 'items', 'deployments']
    const rename = (from: string, to: string) => env.DB.prepare(`alter table ${from} rename to ${to}`).run()
    isDown.now = true
    if (name === 'refuses') for (const table of tables) await rename(table, `hidden_${table}`)
    try {
      for (const [method, path, body] of requests) {
        const reply = await isolate.call(method, path, { body })
        expect(reply.status).toBeGreaterThanOrEqual(500)
        expect(logged.join('\n')).toContain(reply.json.requestId)
      }
      await openService({ ...env, DB: wrap(env.DB) }).call('GET', '/v1/models')
    } finally {
      if (name === 'refuses') for (const table of tables) await rename(`hidden_${table}`, table)
    }
    const text = logged.join('\n')
    for (const secret of [...secrets, ...Object.values(KEYS), await sha256Hex(KEYS.admin)]) {
      expect(text).not.toContain(secret)
    }
  })

  it('says nothing of an upload that its sender aborts, which is no error of the service', async () => {
    const text = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"events":[')),
      pull: (controller) => controller.error(new Error('Network connection lost.')),
    })
    const reply = await service.call('POST', '/v1/events', { text })
    expect(reply).toMatchObject({ status: 400, json: { code: 'incomplete_body' } })
    expect(logged).toEqual([])
  })
})
