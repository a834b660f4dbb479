// Texts that are put over HTTP get their vectors from the binding AI by the clock, on a local D1.
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { undated } from '../../../features/attributes.ts'
import { decode } from '../../../features/decode.ts'
import { createEncoder } from '../../../features/encode.ts'
import { workersAi } from '../../../features/encoder.ts'
import type { VectorFeature } from '../../../features/manifest.ts'
import { defineProject, text, vector } from '../../../features/project.ts'
import { packVector } from '../../../features/vectors.ts'
import { readAlarms } from '../../../functions/db/alarms.ts'
import { connect } from '../../../functions/db/client.ts'
import { readExportPage } from '../../../functions/db/export-page.ts'
import type { WorkersAi } from '../../../functions/encoders/workers-ai.ts'
import { encodeTexts } from '../../../functions/scheduled/encode-texts.ts'
import { createScheduled } from '../../../functions/scheduled/scheduled.ts'
import { countCalls } from '../count-calls.ts'
import { createService, openService, publish } from '../service.ts'
import type { Reply, Service } from '../service.ts'
import { shop, shopManifest } from '../shop.ts'
import { tinyLogits } from '../tiny-model.ts'
import { standInAi, vectorOf } from '../workers-ai.ts'

const MINUTE = 60_000
const { name, events, context, tasks } = shop
const project = defineProject({
  name,
  events,
  context,
  tasks,
  user: { taste: vector(3), bio: text({ encoder: workersAi() }), wish: text({ encoder: workersAi() }) },
  item: { title: text({ encoder: workersAi() }) },
})

let service: Service
let nowMs: number
beforeEach(async () => {
  await createService()
  service = openService(env, { project })
  nowMs = Date.now()
})

const put = (path: string, attributes: object): Promise<Reply> =>
  service.call('PUT', `/v1/${path}`, { body: { attributes } })

/** A turn of the clock so many minutes later. */
function turn(AI: WorkersAi | undefined, minutes = 5): Promise<string> {
  nowMs += minutes * MINUTE
  return encodeTexts({ project, binding: env.DB, variables: { AI }, nowMs, clock: () => nowMs })
}

async function held(table: 'users' | 'items', id: string): Promise<Record<string, unknown>> {
  const sql = `select attributes from ${table} where id = ? order by known_at desc, stored_at desc limit 1`
  return JSON.parse((await env.DB.prepare(sql).bind(id).first<string>('attributes')) ?? '{}') as Record<
    string,
    unknown
  >
}
const packed = (given: string): string => packVector(Float32Array.from(vectorOf(given)))
const ringing = async () => (await readAlarms(connect(env.DB))).map(({ kind }) => kind)

describe('a text that is put over HTTP', () => {
  it('is kept at once, and gets its vector at the next turn', async () => {
    const reply = await put('users/u-1', { bio: 'runs far', wish: 'shoes', taste: [1, 2, 3] })
    expect(reply).toMatchObject({ status: 200 })
    expect(await held('users', 'u-1')).not.toHaveProperty(['bio.vector'])
    await put('items/i-1', { title: 'shoes' })
    const ai = standInAi()
    expect(await turn(ai)).toBe('encoded 2 texts, gave 3 vectors; 0 texts wait, 0 of them given up')
    expect(ai.calls.map((texts) => texts.toSorted())).toEqual([['runs far', 'shoes']])
    expect(await held('users', 'u-1')).toMatchObject({
      bio: 'runs far',
      'bio.vector': packed('runs far'),
      'wish.vector': packed('shoes'),
    })
    expect(await held('items', 'i-1')).toMatchObject({ title: 'shoes', 'title.vector': packed('shoes') })
    expect([await service.count('wanted_vectors'), await service.count('encodings', 'text')]).toEqual([0, 0])
  })

  it('is encoded by the trigger itself, through the binding AI of the Worker', async () => {
    await put('items/i-1', { title: 'shoes' })
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    const bound = { ...env, AI: standInAi() }
    await createScheduled({ project })({ scheduledTime: Date.now() + 1 }, bound)
    log.mockRestore()
    expect(await held('items', 'i-1')).toHaveProperty(['title.vector'], packed('shoes'))
  })

  it('comes out of an export with its vector, as the version that holds', async () => {
    await put('items/i-1', { title: 'shoes' })
    await turn(standInAi())
    const { lines } = await readExportPage(connect(env.DB), {
      table: 'items',
      untilMs: nowMs + MINUTE,
      rowsMax: 10,
    })
    const versions = lines.map((line) => JSON.parse(line) as { attributes: object; storedAt: number })
    expect(versions.map(({ attributes }) => Object.keys(attributes))).toEqual([
      ['title'],
      ['title', 'title.vector'],
    ])
    expect(versions[1]?.storedAt).toBeGreaterThan(versions[0]?.storedAt ?? Infinity)
  })

  it('is encoded once, whoever has it and however often it is put', async () => {
    const ai = standInAi()
    await put('items/i-1', { title: 'shoes' })
    await turn(ai)
    await put('items/i-2', { title: 'shoes' })
    await put('items/i-1', { title: 'shoes' })
    await turn(ai)
    expect(ai.calls).toEqual([['shoes']])
    expect(await held('items', 'i-2')).toHaveProperty(['title.vector'], packed('shoes'))
    expect(await service.count('items')).toBe(4)
  })

  it('leaves a version that has another text by then alone', async () => {
    await put('items/i-1', { title: 'shoes' })
    await new Promise((resolve) => setTimeout(resolve, 2))
    await put('items/i-1', { title: 'hats' })
    await turn(standInAi())
    expect(await held('items', 'i-1')).toMatchObject({ title: 'hats', 'title.vector': packed('hats') })
  })

  it('keeps what was known before as it was: a vector is a correction stored later', async () => {
    await put('items/i-1', { title: 'shoes' })
    await turn(standInAi())
    const { results } = await env.DB.prepare(
      'select known_at, stored_at, attributes from items order by stored_at',
    ).all<{ known_at: number; stored_at: number; attributes: string }>()
    expect(results.map(({ attributes }) => attributes.includes('title.vector'))).toEqual([false, true])
    expect(results[1]?.known_at).toBe(results[0]?.known_at)
    expect(results[1]?.stored_at).toBe(nowMs)
  })
})

describe('a call that fails', () => {
  it('loses nothing: it is tried again, rings meanwhile, and ends its alarm', async () => {
    const ai = standInAi()
    ai.failWhere(() => true)
    await put('items/i-1', { title: 'shoes' })
    expect(await turn(ai)).toContain('Capacity temporarily exceeded')
    expect(await ringing()).toEqual(['encoding'])
    ai.failWhere(() => false)
    expect(await turn(ai, 1)).toContain('encoded 0 texts')
    await turn(ai)
    expect(await held('items', 'i-1')).toHaveProperty(['title.vector'], packed('shoes'))
    expect(await ringing()).toEqual([])
  })

  it('holds up no other text, and is given up after ten tries, until it is put again', async () => {
    const ai = standInAi()
    ai.failWhere((given) => given === 'bad')
    for (const title of ['bad', 'one', 'two', 'three']) await put(`items/${title}`, { title })
    for (let day = 0; day < 4; day += 1) await turn(ai, 24 * 60)
    for (const title of ['one', 'two', 'three'])
      expect(await held('items', title)).toHaveProperty(['title.vector'], packed(title))
    for (let day = 0; day < 10; day += 1) await turn(ai, 24 * 60)
    expect(ai.calls.filter((texts) => texts.includes('bad'))).toHaveLength(10)
    expect(await turn(ai)).toContain('1 texts wait, 1 of them given up')
    expect(await ringing()).toEqual(['encoding'])
    ai.failWhere(() => false)
    await put('items/bad', { title: 'bad' })
    await turn(ai)
    expect(await held('items', 'bad')).toHaveProperty(['title.vector'], packed('bad'))
    expect(await ringing()).toEqual([])
  })

  it('is any answer that is not the documented one', async () => {
    await put('items/i-1', { title: 'shoes' })
    const answering = (answer: unknown): WorkersAi => ({ run: async () => answer })
    expect(await turn(answering({ request_id: 'later' }), 60)).toContain('no vector for each of 1 texts')
    expect(await turn(answering({ data: [[1, 2]] }), 60)).toContain('gave 2 numbers in place of 1024')
    expect(await turn(answering(null), 60)).toContain('no vector for each')
    expect(await service.count('encodings', 'vector')).toBe(0)
  })

  it('says what is missing where the Worker has no binding, and counts no try', async () => {
    await put('items/i-1', { title: 'shoes' })
    expect(await turn(undefined)).toContain('the Worker has no binding AI')
    expect(await ringing()).toEqual(['encoding'])
    await turn(standInAi())
    expect(await held('items', 'i-1')).toHaveProperty(['title.vector'])
  })
})

describe('POST /v1/predict of a project with vectors', () => {
  it('answers by the vectors that were put and made, in one call to D1', async () => {
    const axes = [packVector(vectorOf('one axis')), packVector(vectorOf('another'))]
    const common = { origin: 'user', means: [0, 0], deviations: [1, 1] } as const
    const vectors: VectorFeature[] = [
      { ...common, name: 'taste', length: 3, projection: [], means: [1, 1, 1], deviations: [2, 2, 2] },
      { ...common, name: 'bio.vector', length: 1_024, projection: axes },
    ]
    const manifest = shopManifest({ features: { vectors } })
    await publish({ manifest })
    await put('users/u-1', { bio: 'runs far', taste: [1, 2, 3] })
    const occurredAt = nowMs - 60 * MINUTE
    const searched = {
      id: 'e-1',
      type: 'search',
      userId: 'u-1',
      occurredAt,
      receivedAt: occurredAt,
      place: 0,
    }
    await env.DB.prepare(
      `insert into events (user_id, occurred_at, id, type, received_at) values ('u-1', ?1, 'e-1', 'search', ?1)`,
    )
      .bind(occurredAt)
      .run()
    const answered = async () => {
      let calls = 0
      const asking = openService({ ...env, DB: countCalls(env.DB, () => (calls += 1)) }, { project })
      const counts: number[] = []
      let reply = await asking.call('POST', '/v1/predict', { body: { userId: 'u-1' } })
      // What an isolate remembers, as roles and keys, it reads again now and then: not in each of three.
      for (let time = 0; time < 3; time += 1) {
        calls = 0
        reply = await asking.call('POST', '/v1/predict', { body: { userId: 'u-1' } })
        counts.push(calls)
      }
      expect(Math.min(...counts)).toBe(1)
      return reply.json.answers
    }
    const expected = (attributes: Record<string, string>): number => {
      const encoded = createEncoder(manifest.features)({
        history: [searched],
        user: undated(attributes),
        items: new Map(),
        atMs: Date.now(),
      })
      const logits = manifest.heads.map((head) => [head.task, tinyLogits(encoded, head)])
      const answer = decode(manifest, Object.fromEntries(logits))['buysWithin7Days']
      return answer !== undefined && 'probability' in answer ? answer.probability : NaN
    }
    const taste = packVector([1, 2, 3])
    const without = await answered()
    expect(without.buysWithin7Days.probability).toBeCloseTo(expected({ taste }), 3)
    await turn(standInAi())
    const withVector = await answered()
    expect(withVector.buysWithin7Days.probability).toBeCloseTo(
      expected({ taste, 'bio.vector': packed('runs far') }),
      3,
    )
    expect(withVector.buysWithin7Days.probability).not.toBeCloseTo(without.buysWithin7Days.probability, 2)
  })
})
