import { beforeEach, describe, expect, it } from 'vitest'
import { createService } from '../service.ts'
import type { Service } from '../service.ts'

let service: Service
beforeEach(async () => {
  service = await createService()
})

describe('PUT /v1/users/:id and /v1/items/:id', () => {
  it('replaces what was known', async () => {
    await service.call('PUT', '/v1/users/u-1', { body: { attributes: { plan: 'free', age: 30 } } })
    const reply = await service.call('PUT', '/v1/users/u-1', {
      body: { attributes: { age: null, plan: 'pro' } },
    })
    expect(reply).toMatchObject({ status: 200, json: { id: 'u-1' } })
    const row = await service.db.prepare('select attributes from users').first<string>('attributes')
    expect(JSON.parse(row ?? '')).toEqual({ plan: 'pro', age: null })
    expect(await service.count('users')).toBe(1)
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
    ['wrong_type', '/v1/users/u-1', { attributes: { plan: 3 } }, ['attributes', 'plan']],
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
