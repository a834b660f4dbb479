// What the loop is asked that it must not do: each is refused in words, and no table is other than before. What needs
// no service is tested where it is decided: a gate without enough moments in test/training/gate/verdict.test.ts, and
// what a person does while the clock turns in test/functions/scheduled-rollout.test.ts.
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { FEATURE_VERSION } from '../../features/manifest.ts'
import { packPredictions } from '../../features/prediction-pack.ts'
import { DAY_MS, label } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { createScheduled } from '../../functions/scheduled/scheduled.ts'
import { createService, openService, publish } from './service.ts'
import type { Call, Reply, Service } from './service.ts'
import { shop } from './shop.ts'

const project: Project = { ...shop, tasks: { ...shop.tasks, happy: label(['no', 'yes']) } }

let service: Service
let champion = ''
let next = ''
beforeEach(async () => {
  await createService()
  service = openService(undefined, { project })
  champion = await publish()
  next = await publish({ card: '{"next":1}', role: null })
})

/** Every row of every table. */
async function stored(): Promise<unknown> {
  const { results: tables } = await env.DB.prepare(
    "select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\' and name not like 'sqlite%'",
  ).all<{ name: string }>()
  const rows = tables.map(async ({ name }) => [
    name,
    (await env.DB.prepare(`select * from ${name}`).all()).results,
  ])
  return Object.fromEntries((await Promise.all(rows)) as [string, unknown][])
}

const HAPPY = { userId: 'u-1', task: 'happy', value: 'yes', at: Date.UTC(2026, 2, 1) }
const ofAnotherProject = { key: null, headers: { authorization: 'Bearer psg_of-another-project-0123456789' } }

describe('the loop refuses, and changes nothing for,', () => {
  it.each<[string, string, () => Call, number, string, RegExp]>([
    [
      'a canary of 0 percent',
      '/v1/deployments',
      () => ({ body: { action: 'canary', bundleId: next, percent: 0 } }),
      422,
      'out_of_range',
      /percent/,
    ],
    [
      'a canary of 101 percent',
      '/v1/deployments',
      () => ({ body: { action: 'canary', bundleId: next, percent: 101 } }),
      422,
      'out_of_range',
      /percent/,
    ],
    [
      'a promotion of the champion',
      '/v1/deployments',
      () => ({ body: { action: 'promote', bundleId: champion } }),
      409,
      'role_refused',
      /is champion already/,
    ],
    [
      'a label of an unknown task',
      '/v1/labels',
      () => ({ body: { labels: [{ ...HAPPY, task: 'sad' }] } }),
      422,
      'unknown_task',
      /happy/,
    ],
    [
      'a label in the future',
      '/v1/labels',
      () => ({ body: { labels: [{ ...HAPPY, at: Date.now() + DAY_MS }] } }),
      422,
      'time_in_future',
      /at/,
    ],
    [
      'a trainer of another version',
      '/v1/trainings/claim',
      () => ({ body: { by: 'old', featureVersion: FEATURE_VERSION - 1 } }),
      409,
      'other_version',
      /version/,
    ],
    [
      'a training by the key of another project',
      '/v1/trainings',
      () => ofAnotherProject,
      401,
      'invalid_key',
      /test-shop/,
    ],
  ])('%s', async (_name, path, call, status, code, words) => {
    const before = await stored()
    const reply = await service.call('POST', path, call())
    expect(reply).toMatchObject({ status, json: { code } })
    expect(reply.text).toMatch(words)
    expect(await stored()).toEqual(before)
  })

  it('an export by the key of another project', async () => {
    const before = await stored()
    const reply = await service.call('GET', '/v1/export/events?since=0', ofAnotherProject)
    expect(reply).toMatchObject({ status: 401, json: { code: 'invalid_key' } })
    expect(await stored()).toEqual(before)
  })

  it('the second of two promotions at once', async () => {
    const other = await publish({ card: '{"next":2}', role: null })
    const promote = (bundleId: string): Promise<Reply> =>
      service.call('POST', '/v1/deployments', { body: { action: 'promote', bundleId } })
    const replies = await Promise.all([next, other].map(promote))
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    expect(replies.find(({ status }) => status === 409)?.json.code).toBe('roles_changed')
    expect(await service.count('audit')).toBe(1)
  })

  it('who would take a training whose lease is alive, and who speaks for it without the lease', async () => {
    const claim = { body: { by: 'thief', featureVersion: FEATURE_VERSION } }
    await service.call('POST', '/v1/trainings')
    const { training } = (
      await service.call('POST', '/v1/trainings/claim', { body: { ...claim.body, by: 'first' } })
    ).json
    const before = await stored()
    expect((await service.call('POST', '/v1/trainings/claim', claim)).json.training).toBeNull()
    for (const [path, body] of [
      ['heartbeat', { lease: 'stolen', step: 'publish', bundleId: next }],
      ['end', { lease: 'stolen', state: 'published', verdict: '' }],
    ] as const) {
      const reply = await service.call('POST', `/v1/trainings/${training.id}/${path}`, { body })
      expect(reply).toMatchObject({ status: 409, json: { code: 'lease_lost' } })
    }
    expect(await stored()).toEqual(before)
  })

  it('a training whose data shrank by half, for which an alarm rings', async () => {
    await env.DB.exec("insert into trainings (state, why, queued_at, rows) values ('published', '', 1, 1000)")
    await service.call('POST', '/v1/trainings')
    const body = { by: 'first', featureVersion: FEATURE_VERSION }
    const { training, lease } = (await service.call('POST', '/v1/trainings/claim', { body })).json
    const told = { body: { lease, step: 'train', rows: 499 } }
    const reply = await service.call('POST', `/v1/trainings/${training.id}/heartbeat`, told)
    expect(reply).toMatchObject({ status: 409, json: { code: 'data_shrank' } })
    expect(reply.json.detail).toMatch(/499.*1000|1000.*499/)
    expect((await service.call('GET', '/readyz')).text).toContain('data_shrank')
  })

  it('an outcome before its horizon: what users do meanwhile settles nothing', async () => {
    const atMs = Date.now() - 6 * DAY_MS
    const answer = { id: 'r', userId: 'u-1', atMs, propensity: 1, fallback: null, context: null }
    const pack = packPredictions([{ ...answer, numbers: { buysWithin7Days: [0.5] } }])
    await env.DB.prepare(
      "insert into predictions (bundle_id, role, from_at, until_at, count, pack, stored_at) values (?1, 'champion', ?2, ?2, 1, ?3, ?2)",
    )
      .bind(champion, atMs, pack)
      .run()
    const bought = { id: 'e', userId: 'u-1', type: 'purchase', value: 1, occurredAt: atMs + 1 }
    await service.call('POST', '/v1/events', { body: { events: [bought] } })
    const turn = createScheduled({ project })
    await turn({ scheduledTime: Date.now() }, env)
    expect(await service.count('outcomes')).toBe(0)
    await turn({ scheduledTime: atMs + 8 * DAY_MS }, env)
    expect(await service.count('outcomes')).toBe(1)
  })
})

describe('the loop takes', () => {
  it('a label of a user of whom nothing is known: who they are may be heard later', async () => {
    const reply = await service.call('POST', '/v1/labels', {
      body: { labels: [{ ...HAPPY, userId: 'nobody' }] },
    })
    expect(reply).toMatchObject({ status: 200, json: { accepted: 1 } })
  })
})
