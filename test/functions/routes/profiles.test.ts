import { beforeEach, describe, expect, it } from 'vitest'
import { createService } from '../service.ts'
import type { Service } from '../service.ts'

let service: Service
beforeEach(async () => {
  service = await createService()
})

/** What holds: of the versions of one moment the one stored last, or with them those that it corrects. */
async function versionsOf(id: string, { corrected = false } = {}) {
  const latest =
    'stored_at = (select max(stored_at) from users where id = version.id and known_at = version.known_at)'
  const sql = `select known_at, attributes from users as version
    where id = ? and (${corrected} or ${latest}) order by known_at, stored_at`
  const { results } = await service.db.prepare(sql).bind(id).all<{ known_at: number; attributes: string }>()
  return results.map((row) => ({ knownAt: row.known_at, attributes: JSON.parse(row.attributes) as unknown }))
}

describe('PUT /v1/users/:id and /v1/items/:id', () => {
  it('adds a version where something changed, and none where nothing did', async () => {
    const before = Date.now()
    const steps = [
      [{ plan: 'free', age: 30 }, true],
      [{ age: 30, plan: 'free' }, false],
      [{ plan: 'pro', age: null }, true],
      [{ plan: 'pro' }, false],
      [{}, true],
      [{ plan: null }, false],
    ] as const
    for (const [attributes, changed] of steps) {
      const reply = await service.call('PUT', '/v1/users/u-1', { body: { attributes } })
      expect(reply).toMatchObject({ status: 200, json: { id: 'u-1', changed } })
      // Two versions of one millisecond would be one.
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    const versions = await versionsOf('u-1')
    expect(versions.map(({ attributes }) => attributes)).toEqual([
      { plan: 'free', age: 30 },
      { plan: 'pro' },
      {},
    ])
    for (const { knownAt } of versions) expect(knownAt).toBeGreaterThanOrEqual(before)
  })

  it.each([
    [3, '3'],
    ['3.0', '3'],
    [true, 'true'],
    ['TRUE', 'true'],
    [' pro ', 'pro'],
  ])('keeps the category %j as %s, however it is spelt', async (plan, kept) => {
    await service.call('PUT', '/v1/users/u-1', { body: { attributes: { plan } } })
    expect((await versionsOf('u-1')).map(({ attributes }) => attributes)).toEqual([{ plan: kept }])
  })

  it('stores nothing of somebody of whom nothing is said', async () => {
    const reply = await service.call('PUT', '/v1/users/u-1', { body: { attributes: { plan: null } } })
    expect(reply.json.changed).toBe(false)
    expect(await service.count('users')).toBe(0)
  })

  it('lets admin keys say since when, in any order, the later replacing the earlier of one moment', async () => {
    const put = (knownAt: unknown, plan: string) =>
      service.call('PUT', '/v1/users/u-1', { body: { attributes: { plan }, knownAt } })
    await put('2026-03-01T00:00:00Z', 'pro')
    await put(Date.UTC(2026, 0, 1), 'free')
    // Two corrections of one millisecond would be one.
    await new Promise((resolve) => setTimeout(resolve, 2))
    await put('2026-03-01T00:00:00Z', 'gold')
    expect((await put('2026-03-01T00:00:00Z', 'gold')).json.changed).toBe(false)
    expect(await versionsOf('u-1')).toEqual([
      { knownAt: Date.UTC(2026, 0, 1), attributes: { plan: 'free' } },
      { knownAt: Date.UTC(2026, 2, 1), attributes: { plan: 'gold' } },
    ])
    const all = await versionsOf('u-1', { corrected: true })
    expect(all.map(({ attributes }) => attributes)).toEqual([
      { plan: 'free' },
      { plan: 'pro' },
      { plan: 'gold' },
    ])
  })

  it('holds the same after a past was put, whatever the order of its versions', async () => {
    const past = [
      { month: 1, attributes: { plan: 'free' } },
      { month: 2, attributes: { plan: 'pro' } },
      { month: 3, attributes: { plan: 'free' } },
      { month: 4, attributes: { plan: 'pro' } },
      { month: 5, attributes: {} },
    ]
    const expected = past.map(({ month, attributes }) => ({ knownAt: Date.UTC(2026, month), attributes }))
    for (const order of [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [0, 2, 1, 4, 3],
    ]) {
      const id = `u-${order.join('')}`
      for (const { knownAt, attributes } of order.flatMap((place) => expected[place] ?? [])) {
        await service.call('PUT', `/v1/users/${id}`, { body: { attributes, knownAt } })
      }
      expect(await versionsOf(id)).toEqual(expected)
    }
  })

  it.each([20_260_131, 45_322, '2026-01-31'])(
    'refuses %s as a time: without a zone, or without a unit that its size tells',
    async (knownAt) => {
      const body = { attributes: { plan: 'pro' }, knownAt }
      const reply = await service.call('PUT', '/v1/users/u-1', { body })
      expect(reply).toMatchObject({ status: 422, json: { code: 'invalid_time' } })
      expect(await service.count('users')).toBe(0)
    },
  )

  it.each([1_770_000_000, 1_770_000_000_000, 1_770_000_000_000_000, '1770000000', '2026-02-02T02:40Z'])(
    'takes %s as the moment that it is, as files do',
    async (knownAt) => {
      await service.call('PUT', '/v1/users/u-1', { body: { attributes: { plan: 'pro' }, knownAt } })
      expect((await versionsOf('u-1')).map((version) => version.knownAt)).toEqual([1_770_000_000_000])
    },
  )

  it('refuses a moment from other keys, and one in the future; a clock a little ahead means now', async () => {
    const body = { attributes: { plan: 'pro' }, knownAt: 1700000000001 }
    const other = await service.call('PUT', '/v1/users/u-1', { body, key: 'ingest' })
    expect(other).toMatchObject({ status: 403, json: { code: 'wrong_scope' } })
    const future = { ...body, knownAt: Date.now() + 6 * 60_000 }
    const refused = await service.call('PUT', '/v1/items/i-1', {
      body: { attributes: {}, knownAt: future.knownAt },
    })
    expect(refused).toMatchObject({
      status: 422,
      json: { code: 'time_in_future', reasons: [{ path: ['knownAt'] }] },
    })
    expect(await service.count('users')).toBe(0)
    await service.call('PUT', '/v1/users/u-1', { body: { ...body, knownAt: Date.now() + 60_000 } })
    const [version] = await versionsOf('u-1')
    expect(version?.knownAt).toBeLessThanOrEqual(Date.now())
  })

  it('takes ids as they are meant, whatever they need in a URL', async () => {
    const id = 'süß/ein 100%\u{1f600}'
    const path = `/v1/items/${encodeURIComponent(id)}`
    const reply = await service.call('PUT', path, { body: { attributes: { department: 'hats', price: 2 } } })
    expect(reply.json.id).toBe(id)
    expect(await service.db.prepare('select id from items').first('id')).toBe(id)
  })

  it.each([
    ['unknown_attribute', '/v1/users/u-1', { attributes: { colour: 'red' } }, ['attributes', 'colour']],
    [
      'unknown_attribute',
      '/v1/users/u-1',
      { attributes: { constructor: 'x' } },
      ['attributes', 'constructor'],
    ],
    ['wrong_type', '/v1/users/u-1', { attributes: { age: '30' } }, ['attributes', 'age']],
    ['wrong_type', '/v1/users/u-1', { attributes: { plan: ['pro'] } }, ['attributes', 'plan']],
    ['wrong_type', '/v1/users/u-1', { attributes: { plan: 2 ** 53 } }, ['attributes', 'plan']],
    ['wrong_type', '/v1/items/i-1', { attributes: { price: true } }, ['attributes', 'price']],
    ['invalid_text', '/v1/items/i-1', { attributes: { title: '\ud800' } }, ['attributes', 'title']],
    ['too_long', '/v1/items/i-1', { attributes: { title: 'x'.repeat(10_001) } }, ['attributes', 'title']],
    ['too_long', `/v1/items/${'x'.repeat(129)}`, { attributes: {} }, ['id']],
    ['missing', '/v1/users/u-1', {}, ['attributes']],
    ['unknown_field', '/v1/users/u-1', { attributes: {}, id: 'u-1' }, ['id']],
  ])('refuses with %s %s %j', async (code, path, body, where) => {
    const reply = await service.call('PUT', path, { body })
    expect(reply).toMatchObject({ status: 422, json: { code, reasons: [{ path: where }] } })
    expect((await service.count('users')) + (await service.count('items'))).toBe(0)
  })

  it.each(['%E0%A4%A', '%ff', '%', '%ED%A0%80', 'a%zz'])(
    'refuses the id %s, which is no text',
    async (id) => {
      const reply = await service.call('PUT', `/v1/users/${id}`, { body: { attributes: {} } })
      expect(reply).toMatchObject({ status: 400, json: { code: 'malformed_path' } })
      expect(await service.count('users')).toBe(0)
    },
  )

  it('refuses a number that is not finite', async () => {
    const reply = await service.call('PUT', '/v1/users/u-1', { text: '{"attributes":{"age":1e999}}' })
    expect(reply).toMatchObject({ status: 422, json: { code: 'not_finite' } })
  })
})
