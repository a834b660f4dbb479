// The loop as a developer has it: a local service with its clock and a trainer beside it, which makes of what is
// sent over HTTP what answers.
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../../../cli/service/call.ts'
import { predict } from '../../../cli/service/client.ts'
import type { Service } from '../../../cli/service/client.ts'
import { createKey } from '../../../cli/storage/keys.ts'
import { withStorage } from '../../../cli/storage/open-storage.ts'
import { freePort } from '../free-port.ts'
import { spawnPresage } from '../run-presage.ts'

const DAY_MS = 86_400_000
const USERS = Array.from({ length: 60 }, (_, index) => `user-${index}`)
/** What was stored within ten seconds is not exported yet. */
const SETTLE_MS = 10_500

let home: string
let service: Service
let dev: ReturnType<typeof spawnPresage>
let said = ''

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'presage-test-'))
  const file = join(home, 'gym.project.ts')
  writeFileSync(file, PROJECT)
  const state = join(home, 'gym', 'sets', 'default', 'state')
  const { key } = await withStorage({ kind: 'local', state }, {}, (storage) =>
    createKey({ scopes: ['admin'], storage, nowMs: Date.now() }),
  )
  const port = await freePort()
  dev = spawnPresage(['dev', file, '--trainer', '--family', 'prior', '--port', String(port)], { home })
  for (const stream of [dev.stdout, dev.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString()))
  service = { url: `http://127.0.0.1:${port}`, key }
  await untilSaid(/gym at http/)
}, 240_000)
afterAll(async () => {
  const closed = once(dev, 'close')
  dev.kill('SIGINT')
  await closed
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

const PROJECT = `
import { defineProject, label, occurs } from '${join(import.meta.dirname, '../../../features/project.ts')}'
export const gym = defineProject({
  name: 'gym',
  events: { visit: {}, order: {} },
  tasks: { ordersWithin1Day: occurs('order', { withinDays: 1 }), goal: label(['strength', 'rest']) },
})
`

describe('a service with its trainer beside it', () => {
  it('answers by what it was told over HTTP, once a training was asked for', async () => {
    await expect(predict(service, { userId: 'user-1' })).rejects.toThrow('no_model')
    for (const batch of [USERS.slice(0, 30), USERS.slice(30)]) {
      const events = batch.flatMap(eventsOf)
      const { accepted } = (await post('/v1/events', { events, backfill: true })) as Counted
      expect(accepted).toBe(events.length)
    }
    const labels = USERS.map((userId, index) => ({
      userId,
      task: 'goal',
      value: index % 3 === 0 ? 'strength' : 'rest',
      at: new Date(Date.now() - DAY_MS).toISOString(),
    }))
    expect(await post('/v1/labels', { labels })).toEqual({ accepted: USERS.length, duplicates: 0 })
    await sleep(SETTLE_MS)
    await post('/v1/trainings', { why: 'the test' })
    const bundle = await untilChampion()
    const answer = await predict(service, { userId: 'user-1' })
    expect(answer.bundle.id).toBe(bundle)
    expect(answer.fallback).toBeNull()
    expect(Object.keys(answer.answers).toSorted()).toEqual(['goal', 'ordersWithin1Day'])
    const { trainings } = (await get('/v1/trainings')) as { readonly trainings: readonly object[] }
    expect(trainings).toEqual([expect.objectContaining({ state: 'published', why: 'the test', claims: 1 })])
  }, 120_000)
})

interface Counted {
  readonly accepted: number
}

/** Three a day in the last four days, of which every fourth is an order. */
function eventsOf(userId: string, user: number) {
  return Array.from({ length: 15 }, (_, index) => ({
    id: `${userId}/${index}`,
    userId,
    type: index % 4 === 0 ? 'order' : 'visit',
    occurredAt: new Date(Date.now() - (5 - index / 3) * DAY_MS + user * 60_000).toISOString(),
  }))
}

const post = (path: string, body: object): Promise<unknown> => call(service, { method: 'POST', path, body })
const get = (path: string): Promise<unknown> => call(service, { method: 'GET', path })

async function untilSaid(wanted: RegExp): Promise<void> {
  while (!wanted.test(said)) {
    if (dev.exitCode !== null) throw new Error(`The service ended:\n${said}`)
    await sleep(100)
  }
}

async function untilChampion(): Promise<string> {
  for (;;) {
    const { champion } = (await get('/v1/models')) as { readonly champion: { readonly id: string } | null }
    if (champion !== null) return champion.id
    const { trainings } = (await get('/v1/trainings')) as {
      readonly trainings: readonly { readonly state: string; readonly verdict: string | null }[]
    }
    const ended = trainings.find(({ state }) => state === 'failed' || state === 'kept')
    if (ended !== undefined) throw new Error(`The training is ${ended.state}: ${ended.verdict}\n${said}`)
    await sleep(300)
  }
}
