// Drift of what comes to the champion, by the Worker's own job on a local D1 and R2.
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEncoder } from '../../../features/encode.ts'
import { countBetween, countInputs, inputBinsOf } from '../../../features/input-bins.ts'
import type { Reference } from '../../../features/manifest.ts'
import { packPredictions } from '../../../features/prediction-pack.ts'
import { createRandom } from '../../../features/random.ts'
import { readAlarms } from '../../../functions/db/alarms.ts'
import { connect } from '../../../functions/db/client.ts'
import { readKnown } from '../../../functions/questions/known.ts'
import { watchDrift } from '../../../functions/scheduled/watch-drift.ts'
import { createService, publish } from '../service.ts'
import type { Service } from '../service.ts'
import { shop, shopManifest } from '../shop.ts'

const AT = Date.UTC(2026, 5, 1)
const DAY = 86_400_000
const USERS = 120
/** What is answered and what came true, as it is learned from. */
const CUTS = [0.25, 0.5, 0.75]

let service: Service
beforeEach(async () => {
  service = await createService()
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Stores users of a plan who did one thing each; gives their ids. */
async function store(name: string, planOf: (index: number) => string, atMs: number): Promise<string[]> {
  const ids = Array.from({ length: USERS }, (_, index) => `${name}-${index}`)
  const event = env.DB.prepare(
    "insert into events (user_id, occurred_at, id, type, received_at, stored_at) values (?1, ?2, ?1, 'search', ?2, ?2)",
  )
  const user = env.DB.prepare('insert into users (id, known_at, attributes, stored_at) values (?, 0, ?, ?)')
  await env.DB.batch(
    ids.flatMap((id, index) => [
      event.bind(id, atMs - 60_000),
      user.bind(id, JSON.stringify({ plan: planOf(index), age: 30 + (index % 30) }), atMs - 60_000),
    ]),
  )
  return ids
}

function answersOf(seed: number): number[] {
  const random = createRandom(seed)
  return Array.from({ length: USERS }, () => random.next())
}

/** Publishes a champion that learned from these users. */
async function champion(ids: readonly string[]): Promise<string> {
  const manifest = shopManifest()
  const encode = createEncoder(manifest.features)
  const rows = []
  for (const userId of ids) {
    const known = await readKnown(shop, { binding: env.DB, userId, atMs: AT })
    if (known !== undefined) rows.push(encode(known))
  }
  const uniform = { cuts: CUTS, counts: countBetween(CUTS, answersOf(1)) }
  const one = { cuts: [1], counts: [80, 40] }
  const answers = {
    buysWithin7Days: [uniform],
    leavesWithin30Days: [uniform],
    nextAction: [],
    spend28Days: [uniform],
  }
  const outcomes = {
    buysWithin7Days: one,
    leavesWithin30Days: one,
    nextAction: { cuts: [1, 2, 3], counts: [30, 30, 30, 30] },
    spend28Days: uniform,
  }
  const reference: Reference = {
    inputs: countInputs(inputBinsOf(manifest.features), rows),
    answers,
    outcomes,
  }
  return publish({ manifest: { ...manifest, reference } })
}

/** Logs an answer to each, with a probability for buysWithin7Days. */
async function log(bundleId: string, ids: readonly string[], probabilities: readonly number[], atMs: number) {
  const predictions = ids.map((userId, index) => ({
    id: userId,
    userId,
    atMs,
    propensity: 1,
    fallback: null,
    context: null,
    numbers: { buysWithin7Days: [probabilities[index] ?? 0] },
  }))
  await env.DB.prepare(
    "insert into predictions (bundle_id, role, from_at, until_at, count, pack, stored_at) values (?, 'champion', ?, ?, ?, ?, ?)",
  )
    .bind(bundleId, atMs, atMs, ids.length, packPredictions(predictions), atMs)
    .run()
}

async function judge(targets: readonly number[]) {
  await env.DB.prepare(
    "insert into outcomes (task, prediction_id, targets, stored_at) select 'buysWithin7Days', max(id), ?, 0 from predictions",
  )
    .bind(JSON.stringify(targets))
    .run()
}

function look(nowMs = AT + 1): Promise<string> {
  return watchDrift({ project: shop, binding: env.DB, bucket: env.BUNDLES, nowMs })
}

const ringing = async () => (await readAlarms(connect(env.DB))).map(({ kind }) => kind)
const plan = (index: number) => (index % 3 === 0 ? 'pro' : 'free')
const third = Array.from({ length: USERS }, (_, index) => (index % 3 === 0 ? 1 : 0))

/** A first look, ten days before, at users as they were learned from: unless told, at nobody else. */
async function begin(
  id: string,
  { planOf = plan, answers = answersOf(5), targets = third }: Partial<Began> = {},
): Promise<void> {
  const atMs = AT - 10 * DAY
  await log(id, await store('first', planOf, atMs), answers, atMs)
  await judge(targets)
  expect(await look(atMs + 1)).toMatch(/none drifted$/)
  await env.DB.prepare('delete from outcomes').run()
}

interface Began {
  readonly planOf: (index: number) => string
  readonly answers: readonly number[]
  readonly targets: readonly number[]
}

describe('the watch for drift', () => {
  it('finds none where the same comes as was learned from, and looks once a day', async () => {
    const id = await champion(await store('before', plan, AT))
    await log(id, await store('now', plan, AT), answersOf(2), AT)
    await judge(third)
    expect(await look()).toMatch(/of which none drifted$/)
    expect(await ringing()).toEqual([])
    expect(await look(AT + DAY)).toBe('looked for drift within a day')
    const { json } = await service.call('GET', `/v1/models/${id}/drift`)
    expect(json.looks).toHaveLength(1)
    expect(json.looks[0]).toMatchObject({ at: new Date(AT + 1).toISOString(), drifted: 0 })
    const names = json.looks[0].things.map(({ name }: { name: string }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['input user.plan', 'answer buysWithin7Days', 'outcome buysWithin7Days']),
    )
  })

  it('sees as many users where hardly anybody asks, and a pack holds one answer', async () => {
    const id = await champion(await store('before', plan, AT))
    await begin(id)
    const users = await store('now', plan, AT)
    const answers = answersOf(2).map((value) => value / 2)
    for (const [index, user] of users.entries()) {
      await log(id, [user], [answers[index] ?? 0], AT)
      await judge([third[index] ?? 0])
    }
    expect(await look()).toContain('answer buysWithin7Days')
  })

  it('names what moved of inputs, answers and outcomes, rings, and ends when it is as before', async () => {
    const id = await champion(await store('before', plan, AT))
    await begin(id)
    await log(
      id,
      await store('now', () => 'pro', AT),
      answersOf(2).map((value) => value / 2),
      AT,
    )
    await judge(third.map(() => 1))
    const said = await look()
    for (const name of ['input user.plan', 'answer buysWithin7Days', 'outcome buysWithin7Days'])
      expect(said).toContain(name)
    expect(await ringing()).toEqual(['drift'])
    const { json } = await service.call('GET', `/v1/models/${id}/drift`)
    const [look1] = json.looks
    expect(look1.things.find(({ name }: { name: string }) => name === 'input user.plan')).toMatchObject({
      isDrifted: true,
      users: USERS,
      movedSince: expect.closeTo(2 / 3, 1),
    })
    // Ages are as they were.
    expect(look1.things.find(({ name }: { name: string }) => name === 'input user.age').isDrifted).toBe(false)
    const later = AT + 9 * DAY
    await log(id, await store('later', plan, later), answersOf(3), later)
    await env.DB.prepare('delete from outcomes').run()
    expect(await look(later + 1)).toMatch(/none drifted/)
    expect(await ringing()).toEqual([])
  })

  it('does not ring where who asks was other than what was learned from all along, and rings when they change', async () => {
    const id = await champion(await store('before', plan, AT))
    const asking = {
      planOf: () => 'pro',
      answers: answersOf(2).map((value) => value / 2),
      targets: third.map(() => 1),
    }
    await begin(id, asking)
    await log(id, await store('now', asking.planOf, AT), asking.answers, AT)
    await judge(asking.targets)
    expect(await look()).toMatch(/none drifted$/)
    const [seen] = (await service.call('GET', `/v1/models/${id}/drift`)).json.looks
    const input = seen.things.find(({ name }: { name: string }) => name === 'input user.plan')
    expect(input).toMatchObject({ isDrifted: false, moved: expect.closeTo(2 / 3, 1), movedSince: 0 })
    expect(Object.keys(input)).not.toContain('first')
    const later = AT + 9 * DAY
    await log(id, await store('later', () => 'free', later), asking.answers, later)
    await env.DB.prepare('delete from outcomes').run()
    expect(await look(later + 1)).toMatch(/^1 of .*input user\.plan/)
    expect(await ringing()).toEqual(['drift'])
  })

  it('says nothing of few users, nor of a bundle that brings nothing to compare with', async () => {
    const id = await champion(await store('before', plan, AT))
    await log(id, (await store('now', plan, AT)).slice(0, 20), answersOf(2), AT)
    expect(await look()).toContain('fewer than 50 users')
    await publish()
    expect(await look()).toContain('nothing to look for drift against')
    expect(await ringing()).toEqual([])
  })

  it('is read by an admin key, of bundles that were published', async () => {
    expect(await service.call('GET', '/v1/models/none/drift')).toMatchObject({ status: 404 })
    expect(await service.call('GET', '/v1/models/none/drift', { key: 'predict' })).toMatchObject({
      status: 403,
    })
  })
})
