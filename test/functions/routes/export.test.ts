import { beforeEach, describe, expect, it } from 'vitest'
import { createService } from '../service.ts'
import type { Reply, Service } from '../service.ts'

let service: Service
beforeEach(async () => {
  service = await createService()
})

/** Long settled. */
const STORED = 1_000

async function storeEvents(
  count: number,
  { storedAt = STORED, from = 0, properties = '{}' } = {},
): Promise<void> {
  const insert = service.db.prepare(`insert into events
    select 'u-' || (value % 7), value / 5, 'e-' || value, 'search', null, null, ?, value / 5, value % 5, ?
    from json_each(?)`)
  const numbers = Array.from({ length: count }, (_, index) => from + index)
  await insert.bind(properties, storedAt, JSON.stringify(numbers)).run()
}

function rowsOf({ text }: Reply): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

function nextOf({ headers }: Reply): string | undefined {
  return /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
}

/** All rows from a path on, with what happens between two pages. */
async function follow(path: string, between: () => Promise<void> = async () => {}) {
  const rows: Record<string, unknown>[] = []
  for (let next: string | undefined = path; next !== undefined; await between()) {
    const page = await service.call('GET', next)
    expect(page.status).toBe(200)
    rows.push(...rowsOf(page))
    next = nextOf(page)
  }
  return rows
}

describe('GET /v1/export/{table}', () => {
  it('gives every row once, in pages, as it was at one moment while others arrive', async () => {
    await storeEvents(100)
    let arrived = 0
    const rows = await follow('/v1/export/events?limit=7', async () => {
      await storeEvents(5, { storedAt: Date.now(), from: 1_000 + arrived })
      arrived += 5
    })
    expect(arrived).toBeGreaterThan(20)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(100)
    expect(rows).toHaveLength(100)
    expect(rows[0]).toEqual({
      id: 'e-0',
      type: 'search',
      userId: 'u-0',
      itemId: null,
      value: null,
      properties: {},
      occurredAt: 0,
      receivedAt: 0,
      place: 0,
      storedAt: STORED,
    })
  })

  it('gives the same page again to whoever asks again', async () => {
    await storeEvents(30)
    const first = await service.call('GET', '/v1/export/events?limit=10')
    const next = nextOf(first) ?? ''
    const [once, again] = [await service.call('GET', next), await service.call('GET', next)]
    expect(again.text).toBe(once.text)
    expect(rowsOf(once)).toHaveLength(10)
  })

  it('gives versions and labels with what corrects them', async () => {
    await service.db.batch([
      service.db.prepare(
        `insert into users values ('u-1', 5, '{"plan":"free"}', 10), ('u-1', 5, '{"plan":"pro"}', 20)`,
      ),
      service.db.prepare(`insert into items values ('i-1', 0, '{"price":3}', 0)`),
      service.db.prepare(
        "insert into labels values ('u-1', 'passes', 7, 'yes', 9, 10), ('u-1', 'passes', 7, 'no', 9, 20)",
      ),
    ])
    expect(await follow('/v1/export/users?limit=1')).toEqual([
      { id: 'u-1', knownAt: 5, attributes: { plan: 'free' }, storedAt: 10 },
      { id: 'u-1', knownAt: 5, attributes: { plan: 'pro' }, storedAt: 20 },
    ])
    expect(await follow('/v1/export/users?until=19')).toHaveLength(1)
    expect(await follow('/v1/export/items')).toEqual([
      { id: 'i-1', knownAt: 0, attributes: { price: 3 }, storedAt: 0 },
    ])
    const label = { userId: 'u-1', task: 'passes', at: 7, knownAt: 9 }
    expect(await follow('/v1/export/labels')).toEqual([
      { ...label, value: 'yes', storedAt: 10 },
      { ...label, value: 'no', storedAt: 20 },
    ])
  })

  it('ends a page early where rows are long, and leaves none out', async () => {
    await storeEvents(120, { properties: JSON.stringify({ note: 'x'.repeat(79_000) }) })
    const first = await service.call('GET', '/v1/export/events')
    expect(first.text.length).toBeLessThan(4_200_000)
    expect(nextOf(first)).toBeDefined()
    expect(await follow('/v1/export/events')).toHaveLength(120)
  })

  it('gives what was stored since a moment alone, and tells how much of before it went past', async () => {
    await storeEvents(60)
    await storeEvents(25, { storedAt: STORED + 1, from: 60 })
    await storeEvents(5, { storedAt: STORED + 9, from: 85 })
    let [ids, held]: [string[], number] = [[], 0]
    const path = `/v1/export/events?since=${STORED}&until=${STORED + 5}&limit=7`
    for (let next: string | undefined = path; next !== undefined;) {
      const page = await service.call('GET', next)
      ids = [...ids, ...rowsOf(page).map(({ id }) => String(id))]
      held += Number(page.headers.get('presage-held'))
      next = nextOf(page)
    }
    expect(new Set(ids)).toEqual(new Set(Array.from({ length: 25 }, (_, index) => `e-${60 + index}`)))
    expect(ids).toHaveLength(25)
    expect(held).toBe(60)
    expect((await service.call('GET', '/v1/export/events')).headers.get('presage-held')).toBeNull()
  })

  it('goes through a large table a stretch at a time, though hardly a row of it is asked for', async () => {
    await storeEvents(50_003)
    await storeEvents(1, { storedAt: STORED + 1, from: 60_000 })
    const first = await service.call('GET', `/v1/export/events?since=${STORED}`)
    const second = await service.call('GET', nextOf(first) ?? '')
    expect(nextOf(second)).toBeUndefined()
    const held = [first, second].map(({ headers }) => Number(headers.get('presage-held')))
    expect(held.reduce((sum, count) => sum + count)).toBe(50_003)
    expect([first, second].flatMap(rowsOf)).toHaveLength(1)
  })

  it('says until when, and refuses a moment that is not settled', async () => {
    const page = await service.call('GET', '/v1/export/events')
    const untilMs = Number(page.headers.get('presage-until'))
    expect(Date.now() - untilMs).toBeGreaterThanOrEqual(10_000)
    expect(Date.now() - untilMs).toBeLessThan(20_000)
    expect(page.headers.get('presage-project')).toBe('test-shop')
    const early = await service.call('GET', `/v1/export/events?until=${Date.now()}`)
    expect(early).toMatchObject({ status: 409, json: { code: 'not_settled' } })
  })

  it.each([
    ['/v1/export/api_keys', 404, 'not_found'],
    ['/v1/export/events?after=nonsense', 422, 'invalid_value'],
    [`/v1/export/events?after=${encodeURIComponent('["u",1e999,"e"]')}`, 422, 'invalid_value'],
    ['/v1/export/predictions?after=[0.5]', 422, 'invalid_value'],
    ['/v1/export/events?until=', 422, 'invalid_value'],
    ['/v1/export/events?until=1e300', 422, 'invalid_value'],
    ['/v1/export/events?since=-1', 422, 'invalid_value'],
    [`/v1/export/events?after=${encodeURIComponent('["u",1]')}`, 422, 'invalid_value'],
    [`/v1/export/users?after=${encodeURIComponent('["u",1,"e"]')}`, 422, 'invalid_value'],
    ['/v1/export/events?limit=0', 422, 'out_of_range'],
    ['/v1/export/events?limit=10001', 422, 'out_of_range'],
    ['/v1/export/events?until=soon', 422, 'invalid_value'],
  ])('refuses %s', async (path, status, code) => {
    expect(await service.call('GET', path)).toMatchObject({ status, json: { code } })
  })

  it('wants an admin key, and tells a key of another project whose service this is', async () => {
    const path = '/v1/export/events'
    for (const key of ['ingest', 'predict'] as const) {
      expect(await service.call('GET', path, { key })).toMatchObject({ status: 403 })
    }
    const authorization = 'Bearer psg_of-another-project-0123456789'
    const reply = await service.call('GET', path, { key: null, headers: { authorization } })
    expect(reply).toMatchObject({ status: 401, json: { code: 'invalid_key' } })
    expect(reply.json.detail).toContain("'test-shop'")
  })

  it.each([
    ['gzip, br', 'gzip'],
    ['br;q=1, *;q=0.5', 'gzip'],
    ['identity', null],
    ['gzip;q=0', null],
    ['', null],
  ])('packs for a client that accepts %j: %s', async (accepted, encoding) => {
    const reply = await service.call('GET', '/v1/export/events', { headers: { 'accept-encoding': accepted } })
    expect(reply.headers.get('content-encoding')).toBe(encoding)
  })
})
