import { env } from 'cloudflare:workers'
import { OpenAPIHono } from '@hono/zod-openapi'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { AppEnv } from '../../functions/app-env.ts'
import { registerDocs } from '../../functions/routes/docs.ts'
import { failing } from './count-calls.ts'
import { createService, openService, publish } from './service.ts'
import type { Call, Service } from './service.ts'
import { shop } from './shop.ts'

let service: Service
beforeEach(async () => {
  service = await createService()
})

const ROUTES = [
  ['POST', '/v1/events', 'ingest'],
  ['PUT', '/v1/users/u-1', 'ingest'],
  ['PUT', '/v1/items/i-1', 'ingest'],
  ['POST', '/v1/predict', 'predict'],
  ['GET', '/v1/models', 'predict'],
] as const

/** A valid body for every route. */
const BODIES: Readonly<Record<string, unknown>> = {
  '/v1/events': { events: [{ id: 'e', userId: 'u', type: 'search', occurredAt: 1700000000001 }] },
  '/v1/predict': { history: [] },
  '/v1/users/u-1': { attributes: {} },
  '/v1/items/i-1': { attributes: {} },
}

function withBody(path: string, call: Call): Call {
  return BODIES[path] === undefined ? call : { body: BODIES[path], ...call }
}

async function storedRows(): Promise<number> {
  const counts = await Promise.all(
    ['events', 'users', 'items', 'quarantine'].map((table) => service.count(table)),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

describe.each(ROUTES)('%s %s', (method, path, scope) => {
  it('lets in its scope and admin, and nobody else', async () => {
    await publish()
    const other = scope === 'ingest' ? 'predict' : 'ingest'
    const refused = await service.call(method, path, withBody(path, { key: other }))
    expect(refused).toMatchObject({ status: 403, json: { code: 'wrong_scope' } })
    const missing = await service.call(method, path, withBody(path, { key: null }))
    expect(missing).toMatchObject({ status: 401, json: { code: 'missing_key' } })
    expect(missing.headers.get('www-authenticate')).toBe('Bearer')
    for (const authorization of ['Bearer psg_0123456789abcdef0123456789', 'Bearer x', 'Basic dTpw', '']) {
      const wrong = await service.call(
        method,
        path,
        withBody(path, { key: null, headers: { authorization } }),
      )
      expect(wrong).toMatchObject({ status: 401, json: { code: 'invalid_key' } })
    }
    expect(await storedRows()).toBe(0)
    expect((await service.call(method, path, withBody(path, { key: scope }))).status).toBe(200)
    expect((await service.call(method, path, withBody(path, { key: 'admin' }))).status).toBe(200)
  })

  it('answers other methods with 405 and those it allows', async () => {
    const reply = await service.call('DELETE', path)
    expect(reply).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } })
    expect(reply.headers.get('allow')).toBe(`${method}${method === 'GET' ? ', HEAD' : ''}, OPTIONS`)
  })
})

describe.each(ROUTES.filter(([method]) => method !== 'GET'))('the body of %s %s', (method, path, key) => {
  it.each([
    ['cut short', '{"events": [', 400, 'malformed_json'],
    ['with NaN', '{"value": NaN}', 400, 'malformed_json'],
    ['with Infinity', '{"value": Infinity}', 400, 'malformed_json'],
    ['that names a member twice', '{"a": 1, "a": 2}', 400, 'duplicate_member'],
    [
      'that names a member twice at any depth',
      '{"a": [{"a": {"b":1, "\\u0062" :2}}]}',
      400,
      'duplicate_member',
    ],
    ['that is empty', '', 400, 'malformed_json'],
    ['that is a list', '[]', 422, 'wrong_type'],
    ['that is a number', '1', 422, 'wrong_type'],
    ['of a megabyte and a byte', `"${'x'.repeat(999_999)}"`, 413, 'body_too_large'],
  ])('%s is refused', async (_, text, status, code) => {
    const reply = await service.call(method, path, { text, key })
    expect(reply).toMatchObject({ status, json: { code, requestId: reply.headers.get('x-request-id') } })
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    expect(await storedRows()).toBe(0)
  })

  it('must be UTF-8: a lone surrogate or a stray byte is not replaced in silence', async () => {
    for (const bytes of [[0xed, 0xa0, 0x80], [0xff], [0xc3]]) {
      const text = Uint8Array.from([0x22, ...bytes, 0x22])
      const reply = await service.call(method, path, { text, key })
      expect(reply).toMatchObject({ status: 400, json: { code: 'malformed_text' } })
    }
    expect(await storedRows()).toBe(0)
  })

  it('is refused by its announced length alone', async () => {
    const headers = { 'content-length': '1000001' }
    const reply = await service.call(method, path, { text: '{}', key, headers })
    expect(reply).toMatchObject({ status: 413, json: { code: 'body_too_large' } })
  })

  it('must be called JSON', async () => {
    const headers = { 'content-type': 'text/plain' }
    const reply = await service.call(method, path, { text: '{}', key, headers })
    expect(reply).toMatchObject({ status: 415, json: { code: 'unsupported_media_type' } })
  })
})

describe('POST /v1/predict', () => {
  it.each([
    ['unknown_task', { history: [], tasks: ['buys'] }],
    ['unknown_task', { history: [], tasks: ['toString'] }],
    ['missing', {}],
    ['conflicting_fields', { userId: 'u-1', history: [] }],
    ['conflicting_fields', { userId: 'u-1', attributes: {} }],
    ['unknown_field', { userId: 'u-1', user: 'u-1' }],
    ['time_in_future', { userId: 'u-1', at: Date.now() + 86_400_000 }],
    ['time_before_1970', { userId: 'u-1', at: '1969-12-31T23:59:59Z' }],
    ['too_long', { userId: 'x'.repeat(129) }],
    ['invalid_text', { userId: '\ud800' }],
    ['wrong_type', { userId: 4 }],
    ['unknown_attribute', { attributes: { colour: 'red' } }],
    ['unknown_attribute', { history: [], context: { weather: 'rain' } }],
    ['unknown_attribute', { history: [], items: { 'i-1': { colour: 'red' } } }],
    ['unknown_event_type', { history: [{ type: 'veiw', occurredAt: 1700000000001 }] }],
    ['empty', { history: [], tasks: [] }],
    ['too_long', { history: [], items: { ['x'.repeat(129)]: {} } }],
    ['invalid_text', { history: [], items: { '\ud800': {} } }],
  ])('refuses with %s the body %j', async (code, body) => {
    await publish()
    expect(await service.call('POST', '/v1/predict', { body })).toMatchObject({ status: 422, json: { code } })
  })
})

describe('POST /v1/predict with a long history', () => {
  it('takes 10,000 events, and refuses 10,001', async () => {
    await publish()
    const history = Array.from({ length: 10_001 }, () => ({ type: 'search', occurredAt: 1700000000001 }))
    const refused = await service.call('POST', '/v1/predict', { body: { history } })
    expect(refused).toMatchObject({ status: 422, json: { code: 'too_many' } })
    const taken = await service.call('POST', '/v1/predict', { body: { history: history.slice(1) } })
    expect(taken.status).toBe(200)
  })
})

describe('reasons', () => {
  it('are cut where a request gives too many, and their number is told', async () => {
    const body = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, 1]))
    const reply = await service.call('POST', '/v1/predict', { body: { ...body, userId: 'u-1' } })
    expect(reply).toMatchObject({ status: 422, json: { code: 'unknown_field' } })
    expect(reply.json.reasons).toHaveLength(1_000)
    expect(reply.json.detail).toContain('50000')
  })

  it('name what is wrong without repeating a long name', async () => {
    const body = { userId: 'u-1', ['x'.repeat(500_000)]: 1 }
    const reply = await service.call('POST', '/v1/predict', { body })
    expect(reply).toMatchObject({ status: 422, json: { code: 'unknown_field' } })
    expect(reply.text.length).toBeLessThan(1_000)
  })
})

describe('while D1 does not answer', () => {
  it.each([...ROUTES.map(([method, path]) => [method, path] as const), ['GET', '/readyz'] as const])(
    '%s %s says so and tells nothing else',
    async (method, path) => {
      const fault = { isDown: false }
      const isolate = openService({ ...env, DB: failing(env.DB, fault) })
      // The key is known by then, so that it is the route that meets the failure.
      await isolate.call('GET', '/v1/models')
      fault.isDown = true
      const call = path === '/v1/predict' ? { body: { userId: 'u-1' } } : withBody(path, {})
      const reply = await isolate.call(method, path, call)
      expect(reply).toMatchObject({ status: 503, json: { code: 'storage_unavailable' } })
      expect(reply.headers.get('retry-after')).toBe('2')
      expect(reply.text).not.toContain('Network')
    },
  )

  it('a key that is not remembered cannot be judged', async () => {
    const isolate = openService({ ...env, DB: failing(env.DB, { isDown: true }) })
    const reply = await isolate.call('GET', '/v1/models')
    expect(reply).toMatchObject({ status: 503, json: { code: 'storage_unavailable' } })
  })
})

describe('other methods', () => {
  it('HEAD answers like GET, without a body', async () => {
    for (const path of ['/livez', '/readyz', '/v1/models', '/v1/openapi.json', '/docs']) {
      const [got, head] = [await service.call('GET', path), await service.call('HEAD', path)]
      expect(head.status).toBe(got.status)
      expect(head.headers.get('content-type')).toBe(got.headers.get('content-type'))
      expect(head.text).toBe('')
    }
    expect(await service.call('HEAD', '/v1/predict')).toMatchObject({ status: 405, text: '' })
  })

  it.each([
    ['/v1/predict', 'POST, OPTIONS'],
    ['/v1/users/u-1', 'PUT, OPTIONS'],
    ['/livez', 'GET, HEAD, OPTIONS'],
    ['/docs', 'GET, HEAD, OPTIONS'],
  ])('OPTIONS %s tells %s, without a key', async (path, allow) => {
    const reply = await service.call('OPTIONS', path, { key: null })
    expect(reply).toMatchObject({ status: 204, text: '' })
    expect(reply.headers.get('allow')).toBe(allow)
  })
})

describe('GET /v1/models', () => {
  it('lists bundles, latest first, with the metrics of their cards and the champion', async () => {
    const first = await publish()
    const second = await publish({ card: 'not JSON' })
    const reply = await service.call('GET', '/v1/models')
    expect(reply.json.champion.id).toBe(second)
    const models = new Map(
      reply.json.models.map((model: { id: string; metrics: unknown }) => [model.id, model.metrics]),
    )
    expect(models).toEqual(
      new Map<string, unknown>([
        [first, { nextAction: { logLoss: 1.1 } }],
        [second, null],
      ]),
    )
  })

  it('is empty before the first publish', async () => {
    expect((await service.call('GET', '/v1/models')).json).toEqual({
      champion: null,
      challenger: null,
      shadow: null,
      models: [],
    })
  })
})

describe('health', () => {
  it('is live without keys, model or database', async () => {
    expect(await service.call('GET', '/livez', { key: null })).toMatchObject({
      status: 200,
      json: { status: 'live' },
    })
  })

  it('is ready once a usable model is published', async () => {
    expect(await service.call('GET', '/readyz', { key: null })).toMatchObject({
      status: 503,
      json: { code: 'no_model' },
    })
    const bundleId = await publish()
    expect(await service.call('GET', '/readyz', { key: null })).toMatchObject({
      status: 200,
      json: { status: 'ready', bundleId },
    })
  })

  it('is not ready in a fresh isolate where the model cannot be asked, or the bundle not be read', async () => {
    await publish({ model: new Uint8Array([1]) })
    const unasked = await openService().call('GET', '/readyz', { key: null })
    expect(unasked).toMatchObject({ status: 503, json: { code: 'not_ready' } })
    await publish({ card: '{}', stored: { 'manifest.json': null } })
    const unread = await openService().call('GET', '/readyz', { key: null })
    expect(unread).toMatchObject({ status: 503, json: { code: 'model_unavailable' } })
  })
})

describe('the description', () => {
  it('holds every route, with what the project declares', async () => {
    const reply = await service.call('GET', '/v1/openapi.json', { key: null })
    expect(reply.status).toBe(200)
    expect(Object.keys(reply.json.paths)).toEqual([
      '/v1/events',
      '/v1/labels',
      '/v1/users/{id}',
      '/v1/items/{id}',
      '/v1/predict',
      '/v1/models',
      '/v1/models/{id}/live',
      '/v1/models/{id}/drift',
      '/v1/deployments',
      '/v1/experiment',
      '/v1/export/{table}',
      '/v1/bundles/{id}/{file}',
      '/v1/bundles/{id}',
      '/v1/trainings',
      '/v1/trainings/claim',
      '/v1/trainings/{id}/heartbeat',
      '/v1/trainings/{id}/end',
      '/livez',
      '/readyz',
    ])
    expect(reply.json.components.schemas.Event.properties.type.enum).toEqual([
      'view',
      'cart',
      'purchase',
      'search',
    ])
    expect(JSON.stringify(reply.json.paths['/v1/events'])).toContain('#/components/schemas/Event')
  })

  it('is shown as a page that loads nothing from elsewhere', async () => {
    const reply = await service.call('GET', '/docs', { key: null })
    expect(reply.headers.get('content-type')).toContain('text/html')
    for (const shown of ['/v1/predict', 'time_in_future', 'storage_unavailable', 'buysWithin7Days']) {
      expect(reply.text).toContain(shown)
    }
    expect(reply.text).not.toMatch(/<script|https?:\/\/|src=/)
  })

  it('is written once, however often it is asked for', async () => {
    const app = new OpenAPIHono<AppEnv>()
    const write = vi.spyOn(app, 'getOpenAPI31Document')
    registerDocs(app, { project: shop })
    for (const path of ['/docs', '/v1/openapi.json', '/docs', '/v1/openapi.json']) {
      expect((await app.request(path)).status).toBe(200)
    }
    expect(write).toHaveBeenCalledTimes(1)
  })

  it('is all there is: other paths are problems too', async () => {
    for (const path of ['/', '/v1', '/v1/predict/x', '/v2/events', '/v1/users/']) {
      expect(await service.call('GET', path)).toMatchObject({ status: 404, json: { code: 'not_found' } })
    }
  })
})
