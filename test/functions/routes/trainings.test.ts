import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { FEATURE_VERSION } from '../../../features/manifest.ts'
import { createScheduled } from '../../../functions/scheduled/scheduled.ts'
import { readAlarms } from '../../../functions/db/alarms.ts'
import { connect } from '../../../functions/db/client.ts'
import { createService, publish } from '../service.ts'
import type { Service } from '../service.ts'
import { shop } from '../shop.ts'

let service: Service
beforeEach(async () => {
  service = await createService()
})

const scheduled = createScheduled({ project: shop })

function post(path: string, body: object = {}) {
  return service.call('POST', `/v1/trainings${path}`, { body })
}

function claim(by = 'a trainer', more: object = {}) {
  return post('/claim', { by, featureVersion: FEATURE_VERSION, ...more })
}

async function list() {
  return (await service.call('GET', '/v1/trainings')).json
}

/** Lets the lease of whoever has the training run out. */
function expire() {
  return service.db.prepare('update trainings set lease_until = 1').run()
}

describe('trainings', () => {
  it('are queued by the clock once there is enough to learn from, at most one at a time', async () => {
    const nowMs = Date.UTC(2026, 5, 1)
    await scheduled({ scheduledTime: nowMs }, env)
    expect(await list()).toMatchObject({ due: { isDue: false }, trainings: [] })
    await service.db.prepare("insert into heard values ('events', 5000)").run()
    for (const turn of [0, 1, 2]) await scheduled({ scheduledTime: nowMs + turn * 300_000 }, env)
    const { trainings, due } = await list()
    expect(trainings).toHaveLength(1)
    expect(trainings[0]).toMatchObject({
      state: 'queued',
      why: '5000 new events of 1000 wanted',
      queuedAt: new Date(nowMs).toISOString(),
    })
    expect(due).toEqual({ isDue: false, why: `training ${trainings[0].id} is queued` })
  })

  it('are queued on demand, and not while one is open', async () => {
    expect(await post('', { why: 'a new catalogue' })).toMatchObject({
      status: 202,
      json: { training: { state: 'queued', why: 'a new catalogue' } },
    })
    expect(await post('')).toMatchObject({ status: 409, json: { code: 'training_open' } })
    expect((await list()).trainings).toHaveLength(1)
  })

  it('are claimed by one of many trainers, held by heartbeats, and ended once', async () => {
    await post('')
    const claims = await Promise.all(['a', 'b', 'c'].map((by) => claim(by)))
    const won = claims.filter(({ json }) => json.training !== null)
    expect(won).toHaveLength(1)
    const { training, lease } = won[0]?.json ?? {}
    const path = `/${training.id}`
    expect(await post(`${path}/heartbeat`, { lease, step: 'train', rows: 10 })).toMatchObject({ status: 200 })
    expect((await claim('d')).json.training).toBeNull()
    const end = { lease, state: 'kept', verdict: 'no better' }
    expect(await post(`${path}/end`, end)).toMatchObject({ status: 200 })
    // The answer may have been lost.
    expect(await post(`${path}/end`, end)).toMatchObject({ status: 200 })
    expect(await post(`${path}/end`, { ...end, state: 'published' })).toMatchObject({ status: 409 })
    expect((await list()).trainings[0]).toMatchObject({ state: 'kept', verdict: 'no better', rows: 10 })
    expect((await claim('e')).json.training).toBeNull()
  })

  it('are named by their numbers', async () => {
    for (const id of ['NaN', '1.5', '-1', '%20']) {
      const ended = await post(`/${id}/end`, { lease: 'a', state: 'kept', verdict: '' })
      expect(ended).toMatchObject({ status: 422, json: { code: 'invalid_value' } })
      expect(ended.json.detail).toBe('id: Expected the number of a training')
    }
  })

  it('go to another trainer when a lease runs out; whose it was is told so and changes nothing', async () => {
    await post('')
    const first = (await claim('first')).json
    await expire()
    const second = (await claim('second')).json
    expect(second.training).toMatchObject({ id: first.training.id, claims: 2 })
    const path = `/${first.training.id}`
    const stolen = await post(`${path}/heartbeat`, { lease: first.lease, step: 'publish', bundleId: 'b' })
    expect(stolen).toMatchObject({ status: 409, json: { code: 'lease_lost' } })
    expect(stolen.json.detail).toContain('taken up by second')
    const ended = await post(`${path}/end`, { lease: first.lease, state: 'published', verdict: '' })
    expect(ended).toMatchObject({ status: 409, json: { code: 'lease_lost' } })
    expect((await list()).trainings[0]).toMatchObject({
      state: 'claimed',
      claimedBy: 'second',
      bundleId: null,
    })
  })

  it('stay whose they are where a lease ran out and nobody took them up', async () => {
    await post('')
    const { training, lease } = (await claim()).json
    await expire()
    expect(await post(`/${training.id}/heartbeat`, { lease, step: 'train' })).toMatchObject({ status: 200 })
    expect((await claim('late')).json.training).toBeNull()
  })

  it('are given up where one trainer after the other dies', async () => {
    await post('')
    for (let turn = 0; turn < 5; turn += 1) {
      expect((await claim()).json.training).not.toBeNull()
      await expire()
    }
    expect((await claim()).json.training).toBeNull()
    expect((await list()).trainings[0]).toMatchObject({ state: 'failed' })
    expect(await readAlarms(connect(service.db))).toMatchObject([
      { kind: 'training', detail: expect.stringContaining('5 trainers took it up') },
    ])
    expect(await post('')).toMatchObject({ status: 202 })
  })

  it('ring and end nothing by the word of who holds none', async () => {
    await service.db
      .prepare("insert into trainings (state, why, queued_at, rows) values ('published', '', 1, 1000)")
      .run()
    await post('')
    const { training, lease } = (await claim()).json
    const tell = (held: string, rows: number) =>
      post(`/${training.id}/heartbeat`, { lease: held, step: 'train', rows })
    expect(await tell('another', 1)).toMatchObject({ status: 409, json: { code: 'lease_lost' } })
    expect(await readAlarms(connect(service.db))).toEqual([])
    await tell(lease, 1)
    await tell('another', 1000)
    expect(await readAlarms(connect(service.db))).toHaveLength(1)
  })

  it('take data that shrank for meant once somebody has made a champion of another bundle by hand', async () => {
    await service.db
      .prepare(
        "insert into trainings (state, why, queued_at, ended_at, rows, bundle_id) values ('published', '', 1, 2, 1000, 'a')",
      )
      .run()
    await post('')
    const { training, lease } = (await claim()).json
    const tell = () => post(`/${training.id}/heartbeat`, { lease, step: 'train', rows: 10 })
    expect(await tell()).toMatchObject({ status: 409 })
    await publish()
    expect(await tell()).toMatchObject({ status: 200 })
    expect(await readAlarms(connect(service.db))).toEqual([])
  })

  it('refuse a trainer of another project, and stay for the right one', async () => {
    await post('')
    const stranger = await claim('stranger', { project: 'other' })
    expect(stranger).toMatchObject({ status: 409, json: { code: 'other_project' } })
    expect((await claim('own', { project: shop.name })).json.training).not.toBeNull()
  })

  it('refuse a trainer of another version, and data that shrank by half, which rings until it is whole', async () => {
    const other = await claim('old', { featureVersion: FEATURE_VERSION - 1 })
    expect(other).toMatchObject({ status: 409, json: { code: 'other_version' } })
    await service.db
      .prepare("insert into trainings (state, why, queued_at, rows) values ('published', '', 1, 1000)")
      .run()
    await post('')
    const { training, lease } = (await claim()).json
    const tell = (rows: number) => post(`/${training.id}/heartbeat`, { lease, step: 'train', rows })
    expect(await tell(499)).toMatchObject({ status: 409, json: { code: 'data_shrank' } })
    expect((await readAlarms(connect(service.db))).map(({ kind }) => kind)).toEqual(['data_shrank'])
    expect(await tell(500)).toMatchObject({ status: 200 })
    expect(await readAlarms(connect(service.db))).toEqual([])
  })

  it('let an alarm ring where one failed, until one ends well', async () => {
    for (const [state, ringing] of [
      ['failed', ['training']],
      ['kept', []],
    ] as const) {
      await post('')
      const { training, lease } = (await claim()).json
      await post(`/${training.id}/end`, { lease, state, verdict: 'the disk is full' })
      expect((await readAlarms(connect(service.db))).map(({ kind }) => kind)).toEqual(ringing)
    }
  })

  it('are told again to whoever is to be told, where nobody takes them up', async () => {
    await post('')
    const wokenAt = () => service.db.prepare('select woken_at from trainings').first<number>('woken_at')
    const before = (await wokenAt()) ?? 0
    await scheduled({ scheduledTime: before + 29 * 60_000 }, env)
    expect(await wokenAt()).toBe(before)
    await scheduled({ scheduledTime: before + 31 * 60_000 }, env)
    expect(await wokenAt()).toBe(before + 31 * 60_000)
  })

  it('ring where no trainer takes them up for two hours, and are quiet again once one has ended well', async () => {
    await post('')
    const { queuedAt } = (await list()).trainings[0]
    const rings = async () => (await readAlarms(connect(service.db))).map(({ detail }) => detail)
    const unable = { ...env, TRAINING_WAKE: 'github' }
    await scheduled({ scheduledTime: Date.parse(queuedAt) + 60 * 60_000 }, unable)
    expect(await rings()).toEqual([])
    await scheduled({ scheduledTime: Date.parse(queuedAt) + 121 * 60_000 }, unable)
    expect(await rings()).toEqual([
      expect.stringMatching(/waits for a trainer: nobody could be told: .*GITHUB_TOKEN/),
    ])
    const { training, lease } = (await claim()).json
    await post(`/${training.id}/end`, { lease, state: 'kept', verdict: 'as good' })
    expect(await rings()).toEqual([])
  })

  it('are of an admin key alone', async () => {
    for (const path of ['', '/claim', '/1/heartbeat', '/1/end']) {
      const reply = await service.call('POST', `/v1/trainings${path}`, { key: 'ingest', body: {} })
      expect(reply.status).toBe(403)
    }
  })
})

describe('GET /v1/bundles/{id}/{file}', () => {
  it('gives the files of a published bundle to admin keys', async () => {
    const id = await publish()
    const manifest = await service.call('GET', `/v1/bundles/${id}/manifest.json`)
    expect(manifest.status).toBe(200)
    expect(JSON.parse(manifest.text)).toMatchObject({ project: 'test-shop' })
    expect((await service.call('GET', `/v1/bundles/${id}/nothing.json`)).status).toBe(404)
    expect((await service.call('GET', `/v1/bundles/${id}/..%2f..%2fsecret`)).status).toBe(422)
    expect((await service.call('GET', `/v1/bundles/${id}/manifest.json`, { key: 'predict' })).status).toBe(
      403,
    )
  })
})
