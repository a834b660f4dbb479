// Who answers whom, and who may change it: on the real app over a local D1 and R2.
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isWithinShare } from '../../../features/share.ts'
import { createService, openService, publish } from '../service.ts'
import type { Service } from '../service.ts'
import { tinyModel } from '../tiny-model.ts'
import { shopManifest } from '../shop.ts'

let service: Service
let clockMs = 0
beforeEach(async () => {
  service = await createService()
  clockMs = 0
  const now = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => now() + clockMs)
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

const USERS = Array.from({ length: 60 }, (_, index) => `u-${index}`)

function change(body: object, key: 'admin' | 'predict' = 'admin') {
  return service.call('POST', '/v1/deployments', { body, key })
}

/** Publishes a bundle that does not answer. */
async function stored(word: string, options: Parameters<typeof publish>[0] = {}): Promise<string> {
  return publish({ card: JSON.stringify({ [word]: 1 }), ...options, role: null })
}

async function answererOf(userId: string, isolate = service) {
  const reply = await isolate.call('POST', '/v1/predict', { body: { userId } })
  expect(reply.status).toBe(200)
  return reply.json.bundle
}

async function usersOf(bundleId: string): Promise<string[]> {
  const answered: string[] = []
  for (const userId of USERS) if ((await answererOf(userId)).id === bundleId) answered.push(userId)
  return answered
}

describe('a canary', () => {
  it('answers the same users as challenger, and they stay with it as its share grows', async () => {
    const champion = await publish()
    const challenger = await stored('next')
    expect((await change({ action: 'canary', bundleId: challenger, percent: 20 })).status).toBe(200)
    const first = await usersOf(challenger)
    const share = { salt: challenger, share: 0.2 }
    expect(first).toEqual(USERS.filter((userId) => isWithinShare(userId, share)))
    expect(await usersOf(challenger)).toEqual(first)
    expect(first.length).toBeGreaterThan(0)
    await change({ action: 'canary', bundleId: challenger, percent: 60 })
    clockMs += 2_000
    const grown = await usersOf(challenger)
    expect(grown.length).toBeGreaterThan(first.length)
    expect(first.filter((userId) => !grown.includes(userId))).toEqual([])
    expect(await answererOf(grown[0] ?? '')).toMatchObject({ id: challenger, role: 'challenger' })
    const other = USERS.find((userId) => !grown.includes(userId)) ?? ''
    expect(await answererOf(other)).toMatchObject({ id: champion, role: 'champion' })
  })

  it('answers nobody whom it does not know by name', async () => {
    const champion = await publish()
    await change({ action: 'canary', bundleId: await stored('next'), percent: 100 })
    const reply = await service.call('POST', '/v1/predict', { body: { attributes: {} } })
    expect(reply.json.bundle).toMatchObject({ id: champion, role: 'champion' })
  })

  it('that does not answer by its model any more gives way to the champion, marked', async () => {
    const champion = await publish()
    const challenger = await stored('next')
    await change({ action: 'canary', bundleId: challenger, percent: 100 })
    await env.BUNDLES.put(`bundles/${challenger}/model.onnx`, new Uint8Array([1, 2, 3]))
    const isolate = openService()
    expect(await answererOf('u-1', isolate)).toMatchObject({
      id: champion,
      role: 'champion',
      insteadOf: { id: challenger, reason: 'unusable' },
    })
  })

  it('is over within two seconds of its rollback, in every isolate', async () => {
    const champion = await publish()
    const challenger = await stored('next')
    await change({ action: 'canary', bundleId: challenger, percent: 100 })
    const isolates = [service, openService(), openService()]
    for (const isolate of isolates) expect((await answererOf('u-1', isolate)).id).toBe(challenger)
    const reply = await change({ action: 'rollback', note: 'worse' })
    expect(reply.json).toMatchObject({ champion: { id: champion }, challenger: null })
    clockMs += 2_000
    for (const isolate of isolates) expect((await answererOf('u-1', isolate)).id).toBe(champion)
  })
})

describe('a change of roles', () => {
  it('stands in the audit with who and why', async () => {
    const first = await publish()
    const next = await stored('next')
    await change({ action: 'canary', bundleId: next, percent: 5, stepHours: 24, note: 'a look' })
    await change({ action: 'promote', bundleId: next, note: 'better' })
    await change({ action: 'rollback' })
    const reply = await service.call('GET', '/v1/deployments')
    expect(reply.json).toMatchObject({ champion: { id: first }, challenger: null, shadow: null })
    expect(reply.json.audit.map(({ at: _at, ...row }: { at: string }) => row)).toEqual([
      { action: 'rollback', bundleId: next, percent: 100, by: 'key admin', note: '' },
      { action: 'promote', bundleId: next, percent: 100, by: 'key admin', note: 'better' },
      { action: 'canary', bundleId: next, percent: 5, by: 'key admin', note: 'a look' },
    ])
  })

  it('closes what it ends and deletes nothing', async () => {
    await publish()
    const next = await stored('next')
    await change({ action: 'canary', bundleId: next, percent: 5 })
    await change({ action: 'promote', bundleId: next })
    const { results } = await env.DB.prepare(
      'select role, share, until_at is null as open from deployments order by id',
    ).all()
    expect(results).toEqual([
      { role: 'champion', share: 1, open: 0 },
      { role: 'challenger', share: 0.05, open: 0 },
      { role: 'champion', share: 1, open: 1 },
    ])
  })

  it('made at the same time as another is refused, and changes nothing', async () => {
    await publish()
    const ids = [await stored('one'), await stored('two')]
    const replies = await Promise.all(ids.map((bundleId) => change({ action: 'promote', bundleId })))
    const won = replies.findIndex(({ status }) => status === 200)
    expect(replies[1 - won]).toMatchObject({ status: 409, json: { code: 'roles_changed' } })
    expect((await service.call('GET', '/v1/models')).json.champion.id).toBe(ids[won])
    expect(await service.count('audit')).toBe(1)
    expect(await service.count('deployments')).toBe(2)
  })

  it('decided on roles that were changed since is refused, and changes nothing', async () => {
    const champion = await publish()
    const bundleId = await stored('next')
    const { version } = (await service.call('GET', '/v1/deployments')).json
    await change({ action: 'canary', bundleId, percent: 5, decidedOn: version })
    const reply = await change({ action: 'promote', bundleId, decidedOn: version })
    expect(reply).toMatchObject({ status: 409, json: { code: 'roles_changed' } })
    expect((await service.call('GET', '/v1/deployments')).json).toMatchObject({
      version: version + 1,
      champion: { id: champion },
      challenger: { id: bundleId },
    })
  })

  it.each([
    ['0 percent', { percent: 0 }],
    ['101 percent', { percent: 101 }],
    ['a percentage in words', { percent: 'all' }],
    ['no percentage', {}],
    ['steps of no time', { percent: 5, stepHours: 0 }],
    ['steps of less than a millisecond', { percent: 5, stepHours: 1e-9 }],
  ])('to a canary of %s is refused by field, and changes nothing', async (_name, fields) => {
    await publish()
    const bundleId = await stored('next')
    const reply = await change({ action: 'canary', bundleId, ...fields })
    expect(reply.status).toBe(422)
    expect(reply.json.reasons[0].path[0]).toMatch(/percent|stepHours/)
    expect(await service.count('deployments')).toBe(1)
    expect(await service.count('audit')).toBe(0)
  })

  it.each(['a\0b', '\ud800'])('with a note that nothing keeps as it is, %j, is refused', async (note) => {
    const reply = await change({ action: 'promote', bundleId: await stored('next'), note })
    expect(reply).toMatchObject({
      status: 422,
      json: { code: 'invalid_text', reasons: [{ path: ['note'] }] },
    })
    expect(await service.count('audit')).toBe(0)
  })

  it('that is not allowed says why', async () => {
    const champion = await publish()
    for (const [body, words] of [
      [{ action: 'promote', bundleId: champion }, 'is champion already'],
      [{ action: 'rollback' }, 'no other bundle answered before'],
      [{ action: 'rollback', role: 'challenger' }, 'no challenger to end'],
    ] as const) {
      const reply = await change(body)
      expect(reply).toMatchObject({ status: 409, json: { code: 'role_refused' } })
      expect(reply.json.detail).toContain(words)
    }
    expect(await service.count('audit')).toBe(0)
  })

  const manifest = shopManifest()
  it.each([
    ['model gives what is not a number', { model: tinyModel(manifest, { nan: true }) }],
    ['files are not those that it lists', { stored: { 'model.onnx': new Uint8Array([1, 2]) } }],
    ['golden rows come out otherwise', { golden: '{"rows":0,"inputs":{},"outputs":{}}' }],
    ['project is another', { manifest: shopManifest({ project: 'course' }) }],
  ])('to a bundle whose %s is refused before it serves anybody', async (_name, options) => {
    const champion = await publish()
    const bundleId = await stored('bad', options)
    for (const action of [
      { action: 'promote', bundleId },
      { action: 'canary', bundleId, percent: 5 },
      { action: 'shadow', bundleId },
    ]) {
      const reply = await change(action)
      expect(reply).toMatchObject({ status: 409, json: { code: 'bundle_refused' } })
      expect(reply.json.detail).toContain(bundleId)
    }
    expect((await service.call('GET', '/v1/models')).json).toMatchObject({
      champion: { id: champion },
      challenger: null,
      shadow: null,
    })
  })

  it('to a bundle that was never published is refused', async () => {
    await publish()
    const reply = await change({ action: 'promote', bundleId: '0'.repeat(32) })
    expect(reply).toMatchObject({ status: 409, json: { code: 'bundle_refused' } })
  })

  it('takes an admin key', async () => {
    const bundleId = await stored('next')
    expect(await change({ action: 'promote', bundleId }, 'predict')).toMatchObject({ status: 403 })
    expect(await service.call('GET', '/v1/deployments', { key: 'predict' })).toMatchObject({ status: 403 })
    expect(await service.count('deployments')).toBe(0)
  })
})
