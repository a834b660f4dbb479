// A challenger whose share grows by itself, and one that goes back by itself.
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readAlarms } from '../../functions/db/alarms.ts'
import { connect } from '../../functions/db/client.ts'
import { dayOf } from '../../functions/db/predictions.ts'
import { guardRollout } from '../../functions/scheduled/guard-rollout.ts'
import { createService, publish } from './service.ts'
import type { Service } from './service.ts'
import { shop } from './shop.ts'

const HOUR = 3_600_000
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

async function start(): Promise<void> {
  const body = { action: 'canary', bundleId: challenger, percent: 5, stepHours: 1 }
  expect((await service.call('POST', '/v1/deployments', { body })).status).toBe(200)
}

async function answered(failures: number, requests = 400): Promise<void> {
  for (const [id, role, failed] of [
    [champion, 'champion', 0],
    [challenger, 'challenger', failures],
  ] as const) {
    await env.DB.prepare(
      `insert into traffic (bundle_id, role, day, requests, failures, latency_ms, latency_ms_squared, logged)
        values (?, ?, ?, ?, ?, ?, ?, 0) on conflict do update set requests = requests + excluded.requests,
        failures = failures + excluded.failures`,
    )
      .bind(id, role, dayOf(nowMs), requests, failed, 10 * requests, 110 * requests)
      .run()
    await env.DB.prepare(
      `insert into predictions (bundle_id, role, from_at, until_at, count, pack) values (?1, ?2, ?3, ?3, ?4, '{}')`,
    )
      .bind(id, role, nowMs, requests - failed)
      .run()
  }
}

function turn(variables = {}, binding = env.DB): Promise<string> {
  return guardRollout({ project: shop, binding, bucket: env.BUNDLES, nowMs, variables })
}

async function roles() {
  const { json } = await service.call('GET', '/v1/deployments')
  return { champion: json.champion.id, percent: json.challenger?.percent ?? null, audit: json.audit }
}

describe('a ramp', () => {
  it('goes through 5, 25, 50 and 100 percent, a step at a time, to a promotion', async () => {
    await start()
    const seen: unknown[] = []
    for (let step = 0; step < 5; step += 1) {
      await turn()
      seen.push((await roles()).percent)
      await answered(0)
      nowMs += HOUR
    }
    expect(seen).toEqual([5, 25, 50, 100, null])
    const ended = await roles()
    expect(ended.champion).toBe(challenger)
    expect(ended.audit[0]).toMatchObject({ action: 'promote', by: 'ramp' })
    expect(ended.audit[0].note).toContain('held at 100 %')
    // Its trial was shorter than any horizon.
    expect(ended.audit[0].note).toMatch(/of buysWithin7Days,.* no outcome is known by now/)
  })

  it('waits for its step to end and for enough requests to tell', async () => {
    await start()
    await answered(0, 50)
    nowMs += HOUR - 1
    await turn()
    expect((await roles()).percent).toBe(5)
    nowMs += 1
    expect(await turn()).toContain('50 answers')
    expect((await roles()).percent).toBe(5)
  })

  it('goes on where hardly anybody asks, after twice as long', async () => {
    await start()
    await answered(0, 3)
    nowMs += 2 * HOUR - 1
    await turn()
    expect((await roles()).percent).toBe(5)
    nowMs += 1
    await turn()
    expect((await roles()).percent).toBe(25)
  })

  it('wants of every step answers of its own: those of the step before tell nothing of it', async () => {
    await start()
    await answered(0, 1_000)
    nowMs += HOUR
    await turn()
    expect((await roles()).percent).toBe(25)
    nowMs += HOUR
    expect(await turn()).toContain('gave 0 answers')
    expect((await roles()).percent).toBe(25)
  })

  it('promotes no bundle that has answered nobody, however long nobody asks', async () => {
    await start()
    for (let turns = 0; turns < 10; turns += 1) {
      nowMs += 5 * HOUR
      await turn()
    }
    expect(await turn()).toContain('holds at 100 %: it answered nobody yet')
    expect((await roles()).champion).toBe(champion)
  })

  it('holds where nothing is logged, since nobody could tell that it does worse', async () => {
    await start()
    nowMs += 100 * HOUR
    expect(await turn({ PREDICTION_LOG: 'off' })).toContain('PREDICTION_LOG is off')
    expect((await roles()).percent).toBe(5)
  })
})

describe('what a person changes while the clock turns', () => {
  it.each([
    ['a ramp', 0],
    ['the guardrail', 400],
  ])('stands: %s does not undo it', async (_name, failures) => {
    await start()
    await answered(failures)
    nowMs += HOUR
    const ended = vi.fn(() => service.call('POST', '/v1/deployments', { body: { action: 'rollback' } }))
    // After the roles were read, before they are changed.
    const slow = new Proxy(env.DB, {
      get(target, name: keyof D1Database) {
        const member: unknown = target[name]
        if (name !== 'prepare')
          return typeof member === 'function' ? (member.bind(target) as unknown) : member
        return (sql: string) => {
          const statement = target.prepare(sql)
          if (!sql.includes('from traffic') || ended.mock.calls.length > 0) return statement
          const done = ended()
          const bind = statement.bind.bind(statement)
          return Object.assign(statement, {
            bind: (...values: unknown[]) => {
              const bound = bind(...values)
              const all = bound.all.bind(bound)
              return Object.assign(bound, { all: () => done.then(() => all()) })
            },
          })
        }
      },
    })
    expect(await turn({}, slow)).toContain('changed meanwhile')
    expect(await roles()).toMatchObject({ champion, percent: null })
    expect((await roles()).audit).toHaveLength(2)
    expect(await readAlarms(connect(env.DB))).toEqual([])
  })
})

describe('the guardrail', () => {
  it('takes back a challenger that fails, at its first share, and says why in the audit', async () => {
    await start()
    await answered(400)
    const said = await turn()
    expect(said).toMatch(/^guardrail: rollback \(failures: worse by 100\.00 %/)
    const now = await roles()
    expect(now).toMatchObject({ champion, percent: null })
    expect(now.audit[0]).toMatchObject({ action: 'rollback', by: 'guardrail', bundleId: challenger })
    expect(now.audit[0].note).toContain('failures')
    const [alarm] = await readAlarms(connect(env.DB))
    expect(alarm).toMatchObject({ kind: 'rollback', detail: expect.stringContaining(challenger) })
    nowMs += 24 * HOUR
    expect(await turn()).toBe('no challenger is on trial')
  })

  it('rings anew for another challenger, so that somebody is told of each', async () => {
    for (const next of [2, 3]) {
      challenger = await publish({ card: `{"next":${next}}`, role: null })
      await start()
      await answered(400)
      await turn()
      const alarms = await readAlarms(connect(env.DB))
      expect(alarms).toMatchObject([{ kind: 'rollback', detail: expect.stringContaining(challenger) }])
    }
  })

  it('leaves a challenger whose share is not to grow where it is', async () => {
    const body = { action: 'canary', bundleId: challenger, percent: 10 }
    await service.call('POST', '/v1/deployments', { body })
    await answered(0)
    nowMs += 100 * HOUR
    expect(await turn()).toContain('holds at 10 %')
    expect((await roles()).percent).toBe(10)
  })
})
