// What was imported into a service and exported from it is what training reads of the files themselves: by
// the real Worker on a real local D1.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportTo } from '../../../cli/exports/export.ts'
import { TABLES } from '../../../cli/exports/state.ts'
import { serve } from '../../../cli/service/serve.ts'
import type { Server } from '../../../cli/service/serve.ts'
import type { Service } from '../../../cli/service/client.ts'
import { importData } from '../../../cli/storage/import.ts'
import { createKey } from '../../../cli/storage/keys.ts'
import { openData } from '../../../cli/storage/open-data.ts'
import { withStorage } from '../../../cli/storage/open-storage.ts'
import { defineProject, label, category, number, occurs } from '../../../features/project.ts'
import type { Project } from '../../../features/project.ts'
import { shop } from '../../../projects/shop.ts'
import { freePort } from '../free-port.ts'

/** As the project that the service knows, with a label task that only its files know. */
const project: Project = defineProject({
  name: 'shop',
  events: shop.events,
  user: { plan: category(), age: number() },
  item: { price: number() },
  context: { device: category() },
  tasks: { buys: occurs('purchase', { withinDays: 7 }), happy: label(['no', 'yes']) },
})

const T = Date.UTC(2026, 2, 1)
const EVENTS = [
  { id: 'b', type: 'search', userId: 'zoe', occurredAt: T + 2, properties: { device: '-' } },
  { id: 'a', type: 'search', userId: 'zoe', occurredAt: T + 2 },
  {
    id: 'c',
    type: 'purchase',
    userId: "it's é",
    itemId: 'i-1',
    value: 2.5,
    occurredAt: T,
    receivedAt: T + 9,
  },
  ...Array.from({ length: 50 }, (_, index) => ({
    id: `e-${index}`,
    type: 'search',
    userId: `u-${index % 9}`,
    occurredAt: T + 10 + Math.floor(index / 2),
  })),
]
const USERS = [
  { id: 'zoe', plan: 'free', age: 3.5, knownAt: T },
  { id: 'zoe', plan: 'NA ', knownAt: T + 5 },
  { id: "it's é", plan: 'pro', knownAt: '' },
]
const ITEMS = [{ id: 'i-1', price: 7 }]
const QUESTIONS = [
  { userId: 'zoe', at: T + 3, happy: 'yes' },
  { userId: 'u-1', at: T + 30, happy: 'no' },
]

let folder: string
let server: Server
let service: Service
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  const state = join(folder, 'state')
  const files = join(folder, 'files')
  mkdirSync(files)
  for (const [name, rows] of Object.entries({
    events: EVENTS,
    users: USERS,
    items: ITEMS,
    questions: QUESTIONS,
  })) {
    writeFileSync(join(files, `${name}.ndjson`), rows.map((row) => JSON.stringify(row)).join('\n'))
  }
  const key = await withStorage({ kind: 'local', state }, {}, async (storage) => {
    const data = await openData({ project, path: files, skipBadRows: false })
    await importData({ data, storage, nowMs: Date.now() })
    data.close()
    return (await createKey({ scopes: ['admin'], storage, nowMs: Date.now() })).key
  })
  server = await serve({
    project: 'shop',
    file: join(import.meta.dirname, '../../../projects/shop.ts'),
    state,
    port: await freePort(),
  })
  service = { url: server.url, key }
  // Until what was stored is settled.
  await sleep(10_500)
}, 120_000)
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function usersIn(path: string) {
  const data = await openData({ project, path, skipBadRows: false })
  try {
    const users = await Array.fromAsync(data.users())
    const { eventCount, userCount, questionCount, items } = data
    return { counts: { eventCount, userCount, questionCount }, items: [...items], users }
  } finally {
    data.close()
  }
}

/** Where a row stood in its file is of the file alone. */
function withoutPlaces({ users, ...rest }: Awaited<ReturnType<typeof usersIn>>) {
  const sorted = users.toSorted((left, right) => (left.userId < right.userId ? -1 : 1))
  return {
    ...rest,
    users: sorted.map((user) => ({
      ...user,
      events: user.events.map((event) => ({ ...event, place: 0 })),
      questions: user.questions.map((question) => ({ ...question, place: 0 })),
    })),
  }
}

/** The raw answer, packed or not. */
async function ask(headers: Readonly<Record<string, string>>) {
  const response = await new Promise<IncomingMessage>((resolve) =>
    get(
      `${service.url}/v1/export/users`,
      { headers: { authorization: `Bearer ${service.key}`, ...headers } },
      resolve,
    ),
  )
  const chunks = await Array.fromAsync(response as AsyncIterable<Buffer>)
  return { encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }
}

describe('an export', () => {
  it('is read as the files were that the service was filled from', async () => {
    const out = join(folder, 'out')
    const exported = await exportTo({ project, service, folder: out, say: () => undefined })
    expect(exported.rows).toEqual({ events: 53, users: 3, items: 1, labels: 2, questions: 2 })
    expect(readdirSync(out).toSorted()).toEqual([
      'events.parquet',
      'export.json',
      'items.parquet',
      'labels.parquet',
      'questions.parquet',
      'users.parquet',
    ])
    const [read, expected] = [await usersIn(out), await usersIn(join(folder, 'files'))]
    expect(withoutPlaces(read)).toEqual(withoutPlaces(expected))
  })

  it('fetches nothing anew of what it has, and reads the same', async () => {
    const out = join(folder, 'out')
    const before = await usersIn(out)
    const again = await exportTo({ project, service, folder: out, tables: TABLES, say: () => undefined })
    expect(again).toMatchObject({ fetched: 0, rows: { events: 53, users: 3, predictions: 0, outcomes: 0 } })
    expect(await usersIn(out)).toEqual(before)
  })

  it('is refused for another project than the service has', async () => {
    const other = { ...project, name: 'course' }
    const refused = exportTo({ project: other, service, folder: join(folder, 'other'), say: () => undefined })
    await expect(refused).rejects.toThrow(/serves project 'shop', not 'course'/)
  })

  it('comes packed where the client takes that, and plain where not', async () => {
    const [plain, packed] = [
      await ask({ 'accept-encoding': 'identity' }),
      await ask({ 'accept-encoding': 'gzip' }),
    ]
    expect(plain.encoding).toBeUndefined()
    expect(packed.encoding).toBe('gzip')
    expect(gunzipSync(packed.body).toString()).toBe(plain.body.toString())
    expect((await ask({})).encoding).toBeUndefined()
  })
})
