// Champion against challenger by what their users did: on the real app over a local D1.
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { packPredictions } from '../../../features/prediction-pack.ts'
import { createRandom } from '../../../features/random.ts'
import { isWithinShare } from '../../../features/share.ts'
import { createService, publish } from '../service.ts'
import type { Service } from '../service.ts'

const DAY = 86_400_000
const AT = Date.UTC(2026, 5, 1)

let service: Service
let nowMs = AT
let champion = ''
let challenger = ''
beforeEach(async () => {
  service = await createService()
  nowMs = AT
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
  champion = await publish()
  challenger = await publish({ card: '{"next":1}', role: null })
})
afterEach(() => {
  vi.restoreAllMocks()
})

const isTreated = (userId: string) => isWithinShare(userId, { salt: challenger, share: 0.5 })

async function start(percent = 50): Promise<void> {
  const body = { action: 'canary', bundleId: challenger, percent }
  expect((await service.call('POST', '/v1/deployments', { body })).status).toBe(200)
}

/** Users who each did some purchases before, are answered on the first day, and purchase some more. */
async function run(count: number, lift: number, isLogged: (userId: string) => boolean = () => true) {
  const random = createRandom(5)
  const users = Array.from({ length: count }, (_, index) => `u-${index}`)
  const events: [string, number][] = []
  for (const userId of users) {
    const past = 1 + random.integer(6)
    const after = past + random.integer(3) + (isTreated(userId) ? lift : 0)
    for (let index = 0; index < past; index += 1) events.push([userId, AT - DAY - index])
    for (let index = 0; index < after; index += 1) events.push([userId, AT + 3 * DAY + index])
  }
  await env.DB.prepare(
    `insert into events (user_id, occurred_at, id, type, value, received_at)
      select value ->> 0, value ->> 1, key, 'purchase', 10, value ->> 1 from json_each(?)`,
  )
    .bind(JSON.stringify(events))
    .run()
  for (const [bundleId, role] of [
    [champion, 'champion'],
    [challenger, 'challenger'],
  ] as const) {
    const answered = users.filter(
      (userId) => isTreated(userId) === (role === 'challenger') && isLogged(userId),
    )
    const predictions = answered.map((userId) => ({
      id: userId,
      userId,
      atMs: AT + DAY,
      propensity: 1,
      fallback: null,
      context: null,
      numbers: {},
    }))
    await env.DB.prepare(
      'insert into predictions (bundle_id, role, from_at, until_at, count, pack, stored_at) values (?, ?, ?, ?, ?, ?, 0)',
    )
      .bind(bundleId, role, AT + DAY, AT + DAY, answered.length, packPredictions(predictions))
      .run()
  }
  nowMs = AT + 7 * DAY
}

const read = (query = '') => service.call('GET', `/v1/experiment${query}`)

describe('an experiment', () => {
  it('says by how much the challenger is better, with an interval, and that it is safe to stop', async () => {
    await start()
    await run(600, 2)
    const { json, status } = await read()
    expect(status).toBe(200)
    expect(json).toMatchObject({ kind: 'better', event: 'purchase', measure: 'count', percent: 50 })
    expect(json.verdict).toMatch(/^better by \d+\.\d % \(\d+\.\d to \d+\.\d\), safe to stop$/)
    expect(json.champion.users + json.challenger.users).toBe(600)
    // Before it began each user's past says most of what is to come.
    expect(json.challenger.mean - json.champion.mean).toBeGreaterThan(1)
    const byValue = (await read('?measure=value')).json
    expect(byValue.champion.mean).toBeCloseTo(10 * json.champion.mean, 6)
    expect((await read('?better=lower')).json.verdict).toMatch(/^worse by/)
  })

  it('tells of no difference where there is none, but how many days more it takes', async () => {
    await start()
    await run(600, 0)
    const { json } = await read()
    expect(['more_days', 'no_difference']).toContain(json.kind)
    expect(json.verdict).not.toContain('better')
  })

  it('is not to be read where its split is broken', async () => {
    await start()
    await run(800, 2, (userId) => !isTreated(userId) || userId.endsWith('1'))
    const { json } = await read()
    expect(json.kind).toBe('broken_split')
    expect(json.verdict).toContain('the split is broken: do not read')
  })

  it('that is none, or has nobody to compare with, says what to do', async () => {
    expect(await read()).toMatchObject({ status: 409, json: { code: 'role_refused' } })
    expect((await read()).json.detail).toContain('presage canary')
    await start(100)
    expect((await read()).json.detail).toContain('answers everybody')
    const unknown = await read('?event=sold')
    expect(unknown.status).toBe(422)
    expect(unknown.json.reasons[0].message).toContain(
      "expected one of view, cart, purchase, search, got 'sold'",
    )
    const valueless = await read('?event=search&measure=value')
    expect(valueless.status).toBe(422)
    expect(valueless.json.reasons[0].message).toContain("'search' carries no values to sum; those that do:")
    expect(await service.call('GET', '/v1/experiment', { key: 'predict' })).toMatchObject({ status: 403 })
  })
})
