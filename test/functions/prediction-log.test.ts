// What is logged of answers, what came of them, and who is told: on the real app over a local D1 and R2.
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DAY_MS } from '../../features/project.ts'
import { packPredictions, unpackPredictions } from '../../features/prediction-pack.ts'
import type { LoggedPrediction } from '../../features/prediction-pack.ts'
import { createRandom } from '../../features/random.ts'
import { connect } from '../../functions/db/client.ts'
import { readLive } from '../../functions/db/outcomes.ts'
import { createPredictionLog } from '../../functions/log/prediction-log.ts'
import { keepLogBounded } from '../../functions/scheduled/keep-log-bounded.ts'
import { settleOutcomes } from '../../functions/scheduled/settle-outcomes.ts'
import { countCalls, failing, slowly } from './count-calls.ts'
import { createService, openService, publish } from './service.ts'
import type { Service } from './service.ts'
import { shop } from './shop.ts'

const AT = Date.UTC(2026, 5, 1)

let service: Service
let nowMs = AT
beforeEach(async () => {
  await createService()
  nowMs = AT
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
  vi.spyOn(console, 'error').mockImplementation(() => {})
  service = openService(env, { log: { gatherMs: 0 } })
})
afterEach(() => {
  vi.restoreAllMocks()
})

function ask(body: object, isolate = service) {
  return isolate.call('POST', '/v1/predict', { body })
}

async function tell(...events: { id: string; userId: string; type: string; value?: number }[]) {
  const sent = events.map((event) => ({
    ...event,
    occurredAt: nowMs,
    ...(event.type !== 'search' && { itemId: 'i-1' }),
  }))
  expect((await service.call('POST', '/v1/events', { body: { events: sent } })).status).toBe(200)
}

interface Pack {
  readonly bundle_id: string
  readonly role: string
  readonly count: number
  readonly rows: LoggedPrediction[]
}

async function packs(): Promise<Pack[]> {
  const { results } = await env.DB.prepare('select * from predictions order by id').all<
    Omit<Pack, 'rows'> & { pack: string }
  >()
  return results.map(({ pack, ...row }) => ({ ...row, rows: unpackPredictions(pack) }))
}

function turn(): Promise<string> {
  return settleOutcomes({ project: shop, binding: env.DB, bucket: env.BUNDLES, nowMs })
}

const prediction: LoggedPrediction = {
  id: 'r-1',
  userId: 'somebody',
  atMs: AT,
  propensity: 1,
  fallback: null,
  context: null,
  numbers: {},
}

describe('the log of predictions', () => {
  it('keeps who was answered what, when, by which bundle in which role, and how likely that was', async () => {
    const id = await publish()
    await tell({ id: 'e-1', userId: 'u-1', type: 'search' })
    const reply = await ask({ userId: 'u-1', context: { device: 'phone' }, tasks: ['nextAction'] })
    const [pack] = await packs()
    expect(pack).toMatchObject({ bundle_id: id, role: 'champion', count: 1 })
    expect(pack?.rows[0]).toMatchObject({
      id: reply.json.requestId,
      userId: 'u-1',
      atMs: AT,
      propensity: 1,
      fallback: null,
      context: { device: 'phone' },
    })
    const numbers = pack?.rows[0]?.numbers ?? {}
    expect(Object.keys(numbers)).toEqual(Object.keys(shop.tasks))
    const told: number[] = Object.values(reply.json.answers.nextAction.probabilities)
    for (const [index, value] of told.entries()) expect(numbers['nextAction']?.[index]).toBeCloseTo(value, 8)
  })

  it('leaves out what no outcome could be known of: another moment, or nobody by name', async () => {
    await publish()
    await ask({ userId: 'u-1', at: AT - DAY_MS })
    await ask({ attributes: {} })
    expect(await service.count('predictions')).toBe(0)
  })

  it('writes many answers in one call, which no request waits for', async () => {
    await publish()
    let calls = 0
    const counted = { ...env, DB: countCalls(env.DB, () => (calls += 1)) }
    const isolate = openService(counted, { log: { gatherMs: 10_000 }, waitsForAll: false })
    await ask({ userId: 'u-0' }, isolate)
    await vi.waitFor(async () => expect(await service.count('predictions')).toBe(1))
    nowMs += 1
    calls = 0
    for (let index = 1; index < 40; index += 1) await ask({ userId: `u-${index}` }, isolate)
    expect(calls).toBe(39)
    nowMs += 10_000
    await ask({ userId: 'u-40' }, isolate)
    await vi.waitFor(async () => expect((await packs()).map(({ count }) => count)).toEqual([1, 40]))
  })

  const arm = { bundleId: 'b', role: 'champion' as const }

  it('that cannot be written is lost and told, and holds no more than it may', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
    const work: Promise<unknown>[] = []
    const log = createPredictionLog({ gatherMs: 10_000 })
    const binding = failing(env.DB, { isDown: true })
    const keepAlive = (kept: Promise<unknown>): void => void work.push(kept)
    for (let index = 0; index < 2_000; index += 1) {
      log.note({ arm, isFailure: false, latencyMs: 1, prediction }, { binding, nowMs: 1, keepAlive })
    }
    await vi.waitFor(() => expect(errors).toHaveBeenCalledTimes(4))
    const said = errors.mock.calls.flat().join('; ')
    expect(said).toContain('The log of 500 predictions could not be written')
    expect(said).not.toContain('somebody')
    expect(work.length).toBeLessThan(10)
  })

  it('keeps a share that follows the traffic, and tallies all of it', async () => {
    const random = createRandom(1)
    const log = createPredictionLog({ gatherMs: 1_000, keptAbout: 10, random: () => random.next() })
    const writes: Promise<unknown>[] = []
    let [kept, weight] = [0, 0]
    for (let index = 0; index < 10_000; index += 1) {
      const propensity = log.draw()
      const noted = { arm, isFailure: false, latencyMs: 2 }
      if (propensity !== undefined && index > 1_000) [kept, weight] = [kept + 1, weight + 1 / propensity]
      const drawn = propensity === undefined ? noted : { ...noted, prediction: { ...prediction, propensity } }
      const sources = {
        binding: env.DB,
        nowMs: index,
        keepAlive: (work: Promise<unknown>) => void writes.push(work),
      }
      log.note(drawn, sources)
    }
    expect(kept / 9).toBeGreaterThan(6)
    expect(kept / 9).toBeLessThan(14)
    // What is kept stands for all that was asked.
    expect(weight / 9_000).toBeCloseTo(1, 0)
    await Promise.all(writes)
    const tally = await env.DB.prepare('select requests, latency_ms from traffic').first()
    expect(tally).toEqual({ requests: 10_000, latency_ms: 20_000 })
  })

  it('keeps about so many a day of all isolates together, which still stand for all that was asked', async () => {
    const random = createRandom(2)
    const options = { gatherMs: 10, keptADay: 200, random: () => random.next() }
    const isolates = [1, 2, 3].map(() => createPredictionLog(options))
    let [kept, weight] = [0, 0]
    const asked = 6_000
    const writes: Promise<unknown>[] = []
    const keepAlive = (work: Promise<unknown>): void => void writes.push(work)
    for (let index = 0; index < asked; index += 1) {
      const log = isolates[index % 3] ?? createPredictionLog(options)
      const propensity = log.draw()
      if (propensity !== undefined) [kept, weight] = [kept + 1, weight + 1 / propensity]
      const drawn = propensity !== undefined && { prediction: { ...prediction, propensity } }
      const sources = { binding: env.DB, nowMs: DAY_MS + index, keepAlive }
      log.note({ arm, isFailure: false, latencyMs: 1, ...drawn }, sources)
      if (index % 30 < 3) await Promise.all(writes.splice(0))
    }
    // A first day does not know what it will be asked: 200 and as much again with every factor of e.
    expect(kept).toBeGreaterThan(400)
    expect(kept).toBeLessThan(200 * (2 + Math.log(asked / 200)))
    expect(weight / asked).toBeGreaterThan(0.8)
    expect(weight / asked).toBeLessThan(1.2)
    await Promise.all(writes.splice(0))
    await env.DB.prepare('update traffic set requests = 100000').run()
    const [log] = isolates
    const sources = { binding: env.DB, nowMs: 2 * DAY_MS, keepAlive }
    log?.note({ arm, isFailure: false, latencyMs: 1 }, sources)
    await Promise.all(writes)
    const nextDay = Array.from({ length: 10_000 }, () => log?.draw()).filter((drawn) => drawn !== undefined)
    expect(new Set(nextDay)).toEqual(new Set([200 / 100_000]))
  })

  it('keeps answers to questions that bring long texts, in as many rows as they take', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
    const work: Promise<unknown>[] = []
    const log = createPredictionLog({ gatherMs: 10_000 })
    const long = { ...prediction, context: { device: 'x'.repeat(20_000) } }
    for (let index = 0; index < 500; index += 1) {
      const sources = {
        binding: env.DB,
        nowMs: 1,
        keepAlive: (kept: Promise<unknown>) => void work.push(kept),
      }
      log.note({ arm, isFailure: false, latencyMs: 1, prediction: long }, sources)
    }
    await vi.waitFor(async () => {
      const kept = await packs()
      expect(kept.reduce((sum, { count }) => sum + count, 0)).toBe(500)
      expect(kept.flatMap(({ rows }) => rows)).toHaveLength(500)
    })
    expect(errors).not.toHaveBeenCalled()
  })

  it('asks a shadow the same once the answer is out, and logs what it said apart', async () => {
    const champion = await publish()
    const shadow = await publish({ card: '{"next":1}', role: null })
    await service.call('POST', '/v1/deployments', { body: { action: 'shadow', bundleId: shadow } })
    await tell({ id: 'e-1', userId: 'u-1', type: 'search' })
    nowMs += 3_000
    expect((await ask({ userId: 'u-1' })).json.bundle.id).toBe(champion)
    const [first, second] = await packs()
    expect([first, second]).toMatchObject([
      { bundle_id: champion, role: 'champion' },
      { bundle_id: shadow, role: 'shadow' },
    ])
    expect(second?.rows).toEqual(first?.rows)
  })

  it('counts where a challenger did not answer by its model', async () => {
    await publish()
    const challenger = await publish({ card: '{"next":1}', role: null })
    const body = { action: 'canary', bundleId: challenger, percent: 100 }
    await service.call('POST', '/v1/deployments', { body })
    await env.BUNDLES.put(`bundles/${challenger}/model.onnx`, new Uint8Array([1]))
    const isolate = openService(env, { log: { gatherMs: 0 } })
    await ask({ userId: 'u-1' }, isolate)
    const { results } = await env.DB.prepare(
      'select role, requests, failures from traffic order by role',
    ).all()
    expect(results).toEqual([
      { role: 'challenger', requests: 1, failures: 1 },
      { role: 'champion', requests: 1, failures: 0 },
    ])
  })

  it('counts against no challenger that an isolate had still to load it', async () => {
    await publish()
    const challenger = await publish({ card: '{"next":1}', role: null })
    const body = { action: 'canary', bundleId: challenger, percent: 100 }
    await service.call('POST', '/v1/deployments', { body })
    const slow = slowly(env.BUNDLES, { prefix: `bundles/${challenger}/`, ms: 600 })
    const isolate = openService({ ...env, BUNDLES: slow }, { log: { gatherMs: 0 } })
    const { json } = await ask({ userId: 'u-1' }, isolate)
    expect(json.bundle.insteadOf).toMatchObject({ id: challenger, reason: 'loading' })
    const { results } = await env.DB.prepare('select role, requests, failures from traffic').all()
    expect(results).toEqual([{ role: 'champion', requests: 1, failures: 0 }])
  })
})

describe('outcomes', () => {
  /** Asks about two users, of whom one buys for 30 a day later. */
  async function askAndBuy(): Promise<string> {
    const id = await publish()
    await tell({ id: 'e-1', userId: 'u-1', type: 'search' }, { id: 'e-2', userId: 'u-2', type: 'search' })
    nowMs += 1_000
    await ask({ userId: 'u-1' })
    await ask({ userId: 'u-2' })
    nowMs += DAY_MS
    await tell({ id: 'e-3', userId: 'u-1', type: 'purchase', value: 30 })
    return id
  }

  async function targets(task: string): Promise<unknown[]> {
    const { results } = await env.DB.prepare(
      'select targets from outcomes where task = ? order by prediction_id',
    )
      .bind(task)
      .all<{ targets: string }>()
    return results.flatMap((row) => JSON.parse(row.targets) as unknown[])
  }

  it('are not known before the horizon of the task, and are after it, task by task', async () => {
    await askAndBuy()
    for (const days of [1, 6.9]) {
      nowMs = AT + days * DAY_MS
      await turn()
      expect(await service.count('outcomes')).toBe(0)
    }
    nowMs = AT + 7.2 * DAY_MS
    await turn()
    expect(await targets('buysWithin7Days')).toEqual([1, 0])
    expect(await targets('spend28Days')).toEqual([])
    nowMs = AT + 31 * DAY_MS
    await turn()
    expect(await targets('spend28Days')).toEqual([30, 0])
    expect(await targets('leavesWithin30Days')).toEqual([0, 1])
    expect(await targets('nextAction')).toEqual([2, null])
  })

  it('count once, however often and by how many at once the clock turns', async () => {
    const id = await askAndBuy()
    nowMs = AT + 40 * DAY_MS
    await Promise.allSettled([turn(), turn(), turn()])
    await turn()
    const reply = await service.call('GET', `/v1/models/${id}/live`)
    const task = reply.json.tasks.find((row: { task: string }) => row.task === 'buysWithin7Days')
    expect(task).toMatchObject({
      role: 'champion',
      loss: { count: 2 },
      unknown: 0,
    })
  })

  it('of many small packs are learned by a few calls to D1, each once', async () => {
    const id = await publish()
    await env.DB.prepare(
      `insert into predictions (bundle_id, role, from_at, until_at, count, pack, stored_at)
        select ?1, 'champion', ?2, ?2, 1, ?3, ?2 from json_each(?4)`,
    )
      .bind(
        id,
        AT,
        packPredictions([{ ...prediction, numbers: { buysWithin7Days: [0.5] } }]),
        JSON.stringify(Array.from({ length: 700 }, (_, place) => place)),
      )
      .run()
    nowMs = AT + 40 * DAY_MS
    let calls = 0
    const binding = countCalls(env.DB, () => (calls += 1))
    await settleOutcomes({ project: shop, binding, bucket: env.BUNDLES, nowMs })
    expect(calls).toBeLessThan(10 * Object.keys(shop.tasks).length)
    expect(await targets('buysWithin7Days')).toEqual(Array.from({ length: 700 }, () => 0))
    const [row] = await readLive(connect(env.DB), { bundleId: id, fromDay: 0, task: 'buysWithin7Days' })
    expect(row?.figures.loss.count).toBe(700)
  })

  it('are taken up where a turn of the clock was cut short', async () => {
    await askAndBuy()
    nowMs = AT + 40 * DAY_MS
    let writes = 0
    const cut = new Proxy(env.DB, {
      get(target, name: keyof D1Database) {
        if (name === 'batch' && (writes += 1) > 2) throw new Error('cut short')
        const member: unknown = target[name]
        return typeof member === 'function' ? (member.bind(target) as unknown) : member
      },
    })
    await expect(
      settleOutcomes({ project: shop, binding: cut, bucket: env.BUNDLES, nowMs }),
    ).rejects.toThrow()
    const before = await service.count('outcomes')
    await turn()
    expect(before).toBeGreaterThan(0)
    expect(await service.count('outcomes')).toBe(2 * Object.keys(shop.tasks).length)
  })

  it('are shown by task and day with intervals, beside the card and the prior, and how much is known', async () => {
    const id = await askAndBuy()
    const early = await service.call('GET', `/v1/models/${id}/live`)
    expect(early.json.tasks[0]).toMatchObject({ loss: null, days: [{ logged: 2, known: 0 }] })
    nowMs = AT + 8 * DAY_MS
    await turn()
    const reply = await service.call('GET', `/v1/models/${id}/live`, { key: 'predict' })
    expect(reply.json.card).toEqual({ nextAction: { logLoss: 1.1 } })
    const by = (name: string) => reply.json.tasks.find((row: { task: string }) => row.task === name)
    const [p1 = 0, p2 = 0] = (await packs()).flatMap(({ rows }) =>
      rows.map(({ numbers }) => numbers['buysWithin7Days']?.[0]),
    )
    const { loss, priorLoss, auc, days } = by('buysWithin7Days')
    expect(loss.mean).toBeCloseTo(-(Math.log(p1) + Math.log(1 - p2)) / 2, 6)
    expect(priorLoss.mean).toBeCloseTo(-(Math.log(0.1) + Math.log(0.9)) / 2, 6)
    expect(loss.low).toBeLessThanOrEqual(loss.mean)
    expect(auc).not.toBe(null)
    expect(days).toMatchObject([{ day: '2026-06-01', logged: 2, known: 1 }])
    expect(by('nextAction').days).toMatchObject([{ known: 0 }])
    expect(await service.call('GET', '/v1/models/none/live')).toMatchObject({ status: 404 })
  })

  it('are exported beside the answers that they are of', async () => {
    const id = await askAndBuy()
    nowMs = AT + 40 * DAY_MS
    await turn()
    nowMs += DAY_MS
    const lines = async (table: string) => {
      const { text } = await service.call('GET', `/v1/export/${table}`)
      return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    }
    const answers = await lines('predictions')
    expect(answers).toMatchObject([
      { bundleId: id, role: 'champion', pack: { rows: [expect.arrayContaining(['u-1'])] } },
      { bundleId: id, role: 'champion', pack: { rows: [expect.arrayContaining(['u-2'])] } },
    ])
    const came = (await lines('outcomes')).filter(({ task }) => task === 'buysWithin7Days')
    expect(came).toMatchObject([
      { predictionId: answers[0]?.['id'], targets: [1] },
      { predictionId: answers[1]?.['id'], targets: [0] },
    ])
  })

  it('are forgotten with their packs long after all is known, and count no second time', async () => {
    const id = await askAndBuy()
    nowMs = AT + 40 * DAY_MS
    await turn()
    const before = await service.call('GET', `/v1/models/${id}/live`)
    nowMs = AT + 62 * DAY_MS
    const sources = { project: shop, binding: env.DB, bucket: env.BUNDLES, nowMs }
    let calls = 0
    const counted = { ...sources, binding: countCalls(env.DB, () => (calls += 1)) }
    expect(await keepLogBounded({ ...counted, nowMs: nowMs - DAY_MS })).toBe('forgot 0 packs of answers')
    expect(calls).toBe(1)
    expect(await keepLogBounded(sources)).toBe('forgot 2 packs of answers')
    expect(await keepLogBounded(sources)).toBe('forgot 0 packs of answers')
    await turn()
    expect([await service.count('predictions'), await service.count('outcomes')]).toEqual([0, 0])
    const after = await service.call('GET', `/v1/models/${id}/live`)
    expect(after.json.tasks[0].loss).toEqual(before.json.tasks[0].loss)
  })
})
