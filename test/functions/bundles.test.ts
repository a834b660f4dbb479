// Which bundle answers: after a publish, after a broken one, while storage is away, and what becomes of
// tasks that have changed since.
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { priorAnswers } from '../../features/decode.ts'
import { FEATURE_VERSION } from '../../features/manifest.ts'
import { absent, defineProject, nextEvent, occurs, total } from '../../features/project.ts'
import type { Project, Task } from '../../features/project.ts'
import { countReads, failing } from './count-calls.ts'
import { createService, deploy, openService, publish } from './service.ts'
import type { Service } from './service.ts'
import { manifestOfVersion2, shop, shopHeads, shopManifest } from './shop.ts'
import { tinyModel } from './tiny-model.ts'

const manifest = shopManifest()

/** The text of a manifest as if it were of another version. */
function ofVersion(text: string, version: number): string {
  return text.replace(`"featureVersion":${FEATURE_VERSION}`, `"featureVersion":${version}`)
}

const body = { history: [{ type: 'search', occurredAt: 1700000001000 }], at: 1700000002000 }

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

/** Lets so much time pass that what is remembered is asked for again. */
function later(ms = 3_000): void {
  clockMs += ms
}

function predict(isolate: Service, asked: object = body) {
  return isolate.call('POST', '/v1/predict', { body: asked })
}

describe('without a usable bundle', () => {
  it('says so where none was published', async () => {
    for (const asked of [body, { userId: 'u-1' }]) {
      expect(await predict(service, asked)).toMatchObject({ status: 503, json: { code: 'no_model' } })
    }
  })

  const otherInputs = tinyModel(shopManifest({ features: { sequenceLength: 3 } }))
  it.each([
    ['model is none', { model: new Uint8Array([8, 7, 18, 1, 2, 3]) }],
    ['model gives what is not a number', { model: tinyModel(manifest, { nan: true }) }],
    ['model has other inputs', { model: otherInputs }],
    ['model lacks a head', { model: tinyModel({ ...manifest, heads: manifest.heads.slice(1) }) }],
    ['model is another than is listed', { stored: { 'model.onnx': tinyModel(manifest, { nan: true }) } }],
    ['model is missing', { stored: { 'model.onnx': null } }],
    ['golden rows are missing', { stored: { 'golden.json': null } }],
    ['golden rows are none', { golden: '{"rows":0,"inputs":{},"outputs":{}}' }],
  ])('answers with the prior, marked, where the %s', async (_, options) => {
    await publish(options)
    const reply = await predict(service)
    expect(reply).toMatchObject({ status: 200, json: { fallback: 'model_failed' } })
    expect(reply.json.answers).toEqual(priorAnswers(manifest, 'everyone'))
    expect(await service.call('GET', '/readyz')).toMatchObject({ status: 503, json: { code: 'not_ready' } })
  })

  it.each([
    ['is no JSON', { edit: () => '{"featureVersion": 1' }],
    ['is of a feature version before', { edit: (text: string) => ofVersion(text, 1) }],
    ['is of a feature version to come', { edit: (text: string) => ofVersion(text, FEATURE_VERSION + 1) }],
    ['is of another project', { manifest: shopManifest({ project: 'course' }) }],
    [
      'has a temperature of 0',
      { edit: (text: string) => text.replace('"temperature":1.2', '"temperature":0') },
    ],
    ['has a prior that is less than nothing', { edit: (text: string) => text.replace('[12.5]', '[-12.5]') }],
    ['is missing', { stored: { 'manifest.json': null } }],
    ['is another', { stored: { 'manifest.json': new Uint8Array([123, 125]) } }],
  ])('answers 503 where the manifest %s', async (_, options) => {
    await publish(options)
    expect(await predict(service)).toMatchObject({ status: 503, json: { code: 'model_unavailable' } })
    expect(await service.call('GET', '/readyz')).toMatchObject({
      status: 503,
      json: { code: 'model_unavailable' },
    })
  })

  it('answers 503 while R2 is away, and is itself again once it is back', async () => {
    await publish()
    const fault = { isDown: true }
    const isolate = openService({ ...env, BUNDLES: failing(env.BUNDLES, fault) })
    const reply = await predict(isolate)
    expect(reply).toMatchObject({ status: 503, json: { code: 'model_unavailable' } })
    expect(reply.text).not.toContain('Network')
    expect(await isolate.call('GET', '/readyz')).toMatchObject({ status: 503 })
    fault.isDown = false
    expect(await predict(isolate)).toMatchObject({ status: 200, json: { fallback: null } })
    fault.isDown = true
    later(60_000)
    expect(await predict(isolate)).toMatchObject({ status: 200, json: { fallback: null } })
  })
})

describe('a bundle of feature version 2', () => {
  it('answers as the code of that version did: by lines', async () => {
    await publish({
      manifest: manifestOfVersion2(),
      edit: (text) => ofVersion(text, 2).replace('"counted":["lines"],', ''),
    })
    const atMs = 1_700_000_000_000
    const basket = (hoursAgo: number, lines: number) =>
      Array.from({ length: lines }, (_, place) => ({
        type: 'purchase',
        itemId: `i-${place}`,
        value: 3,
        occurredAt: atMs - hoursAgo * 3_600_000,
      }))
    const view = { type: 'view', itemId: 'i-1', occurredAt: atMs - 5 * 3_600_000 }
    const history = [...basket(50, 6), view, ...basket(2, 4)]
    const reply = await predict(service, { history, at: atMs, context: {} })
    expect(reply).toMatchObject({ status: 200, json: { fallback: null } })
    // Computed by the code as it was before lines of one moment became one visit.
    expect(reply.json.answers).toEqual({
      buysWithin7Days: { probability: expect.closeTo(0.6634965, 5) },
      leavesWithin30Days: { probability: expect.closeTo(0.1841534, 5) },
      nextAction: {
        value: 'cart',
        probabilities: {
          view: expect.closeTo(0.2267086, 5),
          cart: expect.closeTo(0.410835, 5),
          purchase: expect.closeTo(0.2466861, 5),
          search: expect.closeTo(0.1157704, 5),
        },
      },
      spend28Days: { expected: expect.closeTo(22.62276, 3) },
    })
  })
})

describe('a publish', () => {
  it('is seen within two seconds, by userId and from the body', async () => {
    for (const asked of [body, { userId: 'u-1' }]) {
      const first = await publish({ card: JSON.stringify({ first: asked }) })
      later()
      expect((await predict(service, asked)).json.bundle.id).toBe(first)
      const second = await publish({ card: JSON.stringify({ second: asked }) })
      later(2_000)
      expect((await predict(service, asked)).json.bundle.id).toBe(second)
    }
  })

  it('is loaded once by requests that come together', async () => {
    await publish()
    const reads: string[] = []
    const isolate = openService({ ...env, BUNDLES: countReads(env.BUNDLES, (key) => reads.push(key)) })
    const replies = await Promise.all(Array.from({ length: 8 }, () => predict(isolate)))
    expect(replies.map((reply) => reply.json.fallback)).toEqual(Array.from({ length: 8 }, () => null))
    expect(reads.filter((key) => key.endsWith('/manifest.json'))).toHaveLength(1)
    expect(reads).toHaveLength(4)
  })

  it('by turns of two bundles, over a thousand requests, loads each once', async () => {
    const ids = [await publish({ card: '{"a":1}' }), await publish({ card: '{"b":1}' })]
    const loads: string[] = []
    const counted = countReads(env.BUNDLES, (key) => key.endsWith('manifest.json') && loads.push(key))
    const isolate = openService({ ...env, BUNDLES: counted })
    const answered: string[] = []
    for (let turn = 0; turn < 100; turn += 1) {
      await deploy(ids[turn % 2] ?? '')
      later()
      const replies = await Promise.all(Array.from({ length: 10 }, () => predict(isolate)))
      answered.push(...replies.map((reply) => String(reply.json.fallback === null && reply.json.bundle.id)))
    }
    expect(answered).toHaveLength(1_000)
    expect(answered).toEqual(answered.map((_, index) => ids[Math.floor(index / 10) % 2]))
    expect(loads).toHaveLength(2)
  })

  it('that is broken leaves the last good bundle to answer, marked, and the service not ready', async () => {
    const good = await publish()
    const before = await predict(service)
    const broken = {
      'no model': { model: new Uint8Array([1]) },
      'no manifest': { stored: { 'manifest.json': null } },
      'another project': { manifest: shopManifest({ project: 'course' }) },
    }
    for (const [name, options] of Object.entries(broken)) {
      const bad = await publish({ card: JSON.stringify({ name }), ...options })
      later()
      for (const asked of [body, { ...body, tasks: ['nextAction'] }]) {
        const reply = await predict(service, asked)
        expect(reply).toMatchObject({ status: 200, json: { fallback: null } })
        expect(reply.json.bundle).toMatchObject({ id: good, insteadOf: { id: bad, reason: 'unusable' } })
        expect(before.json.answers).toMatchObject(reply.json.answers)
      }
      const ready = await service.call('GET', '/readyz')
      expect(ready).toMatchObject({ status: 503, json: { code: 'not_ready' } })
      expect(ready.json.detail).toContain(good)
      expect(ready.json.detail).toContain(bad)
    }
    const next = await publish({ card: '{"next":1}' })
    later()
    expect((await predict(service)).json.bundle).toEqual({ ...before.json.bundle, id: next })
    expect(await service.call('GET', '/readyz')).toMatchObject({ status: 200, json: { bundleId: next } })
  })

  it('while R2 does not give it, leaves the last good bundle to answer', async () => {
    const good = await publish()
    const fault = { isDown: false }
    const isolate = openService({ ...env, BUNDLES: failing(env.BUNDLES, fault) })
    await predict(isolate)
    const next = await publish({ card: '{"next":1}' })
    fault.isDown = true
    later()
    const reply = await predict(isolate)
    expect(reply.json).toMatchObject({ fallback: null, bundle: { id: good, insteadOf: { id: next } } })
    fault.isDown = false
    expect((await predict(isolate)).json.bundle.id).toBe(next)
  })

  it('that takes long to load leaves the last good bundle to answer meanwhile', async () => {
    const good = await publish()
    let arrive = (): void => {}
    const arrival = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const isSlow = { now: false }
    const slow = new Proxy(env.BUNDLES, {
      get(target, name: keyof R2Bucket) {
        if (name !== 'get') return target[name]
        return async (key: string) => {
          if (isSlow.now) await arrival
          return target.get(key)
        }
      },
    })
    const isolate = openService({ ...env, BUNDLES: slow }, { waitsForAll: false })
    await predict(isolate)
    const next = await publish({ card: '{"next":1}' })
    later()
    isSlow.now = true
    const meanwhile = await predict(isolate)
    expect(meanwhile.json).toMatchObject({
      fallback: null,
      bundle: { id: good, insteadOf: { id: next, reason: 'loading' } },
    })
    const ready = await isolate.call('GET', '/readyz')
    expect(ready).toMatchObject({ status: 200, json: { bundleId: good } })
    arrive()
    await vi.waitFor(async () => expect((await predict(isolate)).json.bundle.id).toBe(next))
  })

  it('of the bundle that answers already changes nothing', async () => {
    const id = await publish()
    await predict(service)
    await deploy(id)
    later()
    expect((await predict(service)).json.bundle).toMatchObject({ id })
  })

  it('that was followed by a rollback gives way to it: the open row with the highest id', async () => {
    const first = await publish()
    await publish({ card: '{"second":1}' })
    await deploy(first)
    later()
    expect((await predict(service)).json.bundle.id).toBe(first)
    expect((await service.call('GET', '/v1/models')).json.champion.id).toBe(first)
  })
})

describe('tasks that have changed', () => {
  const { events, user, item, context, tasks } = shop
  const changedTasks = { ...tasks, buysWithin7Days: occurs('purchase', { withinDays: 14 }) }

  function projectOf(declared: Readonly<Record<string, Task>>): Project {
    return defineProject({ name: shop.name, events, user, item, context, tasks: declared as typeof tasks })
  }

  it('are left out and named, and the others answered', async () => {
    await publish()
    const project = projectOf({ ...changedTasks, more: total('purchase', { withinDays: 1 }) })
    const isolate = openService(env, { project })
    for (const asked of [body, { history: [] }]) {
      const reply = await predict(isolate, asked)
      expect(reply.status).toBe(200)
      expect(Object.keys(reply.json.answers)).toEqual(['leavesWithin30Days', 'nextAction', 'spend28Days'])
      expect(reply.json.unanswered).toEqual([
        { task: 'buysWithin7Days', reason: 'changed' },
        { task: 'more', reason: 'not_in_model' },
      ])
    }
    expect(await isolate.call('GET', '/readyz')).toMatchObject({ status: 200 })
  })

  it.each([
    ['task_changed', ['nextAction', 'buysWithin7Days'], ['tasks', 1]],
    ['task_not_in_model', ['more'], ['tasks', 0]],
  ])('are refused with %s where they are asked for by name', async (code, named, path) => {
    await publish()
    const project = projectOf({ ...changedTasks, more: total('purchase', { withinDays: 1 }) })
    const isolate = openService(env, { project })
    const reply = await predict(isolate, { ...body, tasks: named })
    expect(reply).toMatchObject({ status: 422, json: { code, reasons: [{ path }] } })
    const other = await predict(isolate, { ...body, tasks: ['nextAction'] })
    expect(other.status).toBe(200)
    expect(other.json).not.toHaveProperty('unanswered')
  })

  it('are of another kind too, or another horizon of a next event', async () => {
    await publish()
    const project = projectOf({
      ...tasks,
      buysWithin7Days: absent({ withinDays: 7 }),
      nextAction: nextEvent({ withinDays: 3 }),
    })
    const reply = await predict(openService(env, { project }))
    expect(reply.json.unanswered).toEqual([
      { task: 'buysWithin7Days', reason: 'changed' },
      { task: 'nextAction', reason: 'changed' },
    ])
  })

  it('take the bundle out of service where none is left, and a healthy isolate not at all', async () => {
    await publish()
    const project = projectOf({ other: occurs('cart', { withinDays: 1 }) })
    const isolate = openService(env, { project })
    const reply = await predict(isolate)
    expect(reply).toMatchObject({ status: 503, json: { code: 'model_unavailable' } })
    expect(reply.json.detail).toContain('none of the questions')
    expect(await isolate.call('GET', '/readyz')).toMatchObject({ status: 503 })
  })

  it('are none where the model answers more than is asked', async () => {
    await publish()
    const { nextAction } = tasks
    const reply = await predict(openService(env, { project: projectOf({ nextAction }) }))
    expect(Object.keys(reply.json.answers)).toEqual(['nextAction'])
    expect(reply.json).not.toHaveProperty('unanswered')
  })
})

describe('a task that the prior answers for want of skill', () => {
  it('is marked, whoever is asked about', async () => {
    const heads = shopHeads.map((head) =>
      head.task === 'nextAction' ? { ...head, basis: 'prior' as const } : head,
    )
    await publish({ manifest: shopManifest({ heads }) })
    for (const asked of [body, { history: [] }]) {
      const { answers } = (await predict(service, asked)).json
      expect(answers.nextAction.basis).toBe('prior')
      expect(answers.spend28Days).not.toHaveProperty('basis')
    }
    const { nextAction } = (await predict(service)).json.answers
    expect(nextAction.probabilities).toEqual({ view: 0.5, cart: 0.2, purchase: 0.1, search: 0.2 })
  })
})
