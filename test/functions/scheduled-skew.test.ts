// Logged answers come out again from what is stored, however late, repeated or corrected what came since is.
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRandom } from '../../features/random.ts'
import { DIFFERENCE_MAX, watchSkew } from '../../functions/scheduled/watch-skew.ts'
import { createService, openService, publish } from './service.ts'
import type { Service } from './service.ts'
import { shop } from './shop.ts'

const AT = Date.UTC(2026, 5, 1)
const MINUTE = 60_000

let service: Service
let nowMs = AT
beforeEach(async () => {
  await createService()
  nowMs = AT
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
  vi.spyOn(console, 'error').mockImplementation(() => {})
  service = openService(env, { log: { gatherMs: 0 } })
  await publish()
})
afterEach(() => {
  vi.restoreAllMocks()
})

function watch(): Promise<string> {
  return watchSkew({ project: shop, binding: env.DB, bucket: env.BUNDLES, nowMs, answersMax: 1_000 })
}

async function send(method: 'POST' | 'PUT', path: string, body: object): Promise<void> {
  const reply = await service.call(method, path, { body })
  expect(reply.status, reply.text).toBe(200)
}

function event(id: string, fields: object = {}) {
  return { id, userId: 'u-1', type: 'view', itemId: 'i-1', occurredAt: nowMs, ...fields }
}

async function ask(): Promise<void> {
  await send('POST', '/v1/predict', { userId: 'u-1', context: { device: 'phone' } })
}

describe('the watch for skew', () => {
  it('finds every answer again after facts that came late, again, corrected or backdated', async () => {
    const random = createRandom(7)
    await ask()
    for (let turn = 0; turn < 25; turn += 1) {
      nowMs += (1 + random.integer(30)) * MINUTE
      const type = ['view', 'cart', 'purchase'][random.integer(3)] ?? 'view'
      const late = nowMs - random.integer(20) * MINUTE
      const value = type === 'purchase' ? { value: random.integer(90) } : {}
      const sent = event(`e-${turn}`, { type, ...value })
      const changes: (() => Promise<void>)[] = [
        () => send('POST', '/v1/events', { events: [sent] }),
        () => send('POST', '/v1/events', { events: [{ ...sent, occurredAt: late }] }),
        () =>
          send('POST', '/v1/events', {
            events: [event(`b-${turn}`, { occurredAt: late - 3 * MINUTE })],
            backfill: true,
          }),
        () => send('PUT', '/v1/users/u-1', { attributes: { plan: 'pro', age: random.integer(80) } }),
        () => send('PUT', '/v1/users/u-1', { attributes: { age: random.integer(80) }, knownAt: late }),
        () => send('PUT', '/v1/items/i-1', { attributes: { price: random.integer(90) } }),
        () => send('PUT', '/v1/items/i-1', { attributes: { department: 'hats' }, knownAt: AT - 60 * MINUTE }),
      ]
      const change = changes[random.integer(changes.length)]
      await change?.()
      await change?.()
      nowMs += MINUTE
      await ask()
    }
    nowMs += MINUTE
    expect(await watch()).toBe('made 20 answers again, of which 0 differ')
    expect(await service.count('alarms')).toBe(0)
    const worst = await env.DB.prepare('select max(difference_max) as most from skew_checks').first<number>(
      'most',
    )
    expect(worst).toBeLessThanOrEqual(DIFFERENCE_MAX)
  })

  it('rings where an answer does not come out again, once, and ends when they do', async () => {
    await send('POST', '/v1/events', { events: [event('e-1')] })
    nowMs += MINUTE
    await ask()
    await env.DB.prepare("update events set type = 'purchase', value = 500 where id = 'e-1'").run()
    nowMs += MINUTE
    expect(await watch()).toBe('made 1 answers again, of which 1 differ')
    const ready = await service.call('GET', '/readyz')
    expect(ready).toMatchObject({ status: 200, json: { alarms: ['skew'] } })
    await ask()
    nowMs += MINUTE
    expect(await watch()).toBe('made 1 answers again, of which 0 differ')
    expect((await service.call('GET', '/readyz')).json.alarms).toEqual([])
    expect(await service.count('alarms')).toBe(1)
  })

  it('does not ring over what was being written while the answer was made', async () => {
    await send('POST', '/v1/events', { events: [event('e-1')] })
    nowMs += MINUTE
    await ask()
    // Stored with a moment before the answer, though the answer did not see it.
    await env.DB.prepare(
      "insert into events (user_id, occurred_at, id, type, received_at, place, stored_at) values ('u-1', ?1, 'e-2', 'search', ?1, 0, ?1)",
    )
      .bind(nowMs - 5)
      .run()
    nowMs += MINUTE
    expect(await watch()).toBe('made 1 answers again, of which 0 differ')
  })

  it('does not ring over an item that was being written while the answer was made', async () => {
    await send('PUT', '/v1/items/i-1', { attributes: { price: 1, department: 'shoes' } })
    await send('POST', '/v1/events', { events: [event('e-1')] })
    nowMs += MINUTE
    await ask()
    await env.DB.prepare(
      `insert into items (id, known_at, attributes, stored_at) values ('i-1', ?1, '{"price":900,"department":"hats"}', ?1)`,
    )
      .bind(nowMs - 5)
      .run()
    nowMs += MINUTE
    expect(await watch()).toBe('made 1 answers again, of which 0 differ')
  })

  it('checks no answer twice', async () => {
    await ask()
    await watch()
    expect(await watch()).toBe('made 0 answers again, of which 0 differ')
  })
})
