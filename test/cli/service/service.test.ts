// Publish, serve and ask: a small bundle on wrangler's real local Worker, D1 and R2.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey } from '../../../cli/storage/keys.ts'
import { importData } from '../../../cli/storage/import.ts'
import type { Example } from '../../../cli/storage/import.ts'
import { openData } from '../../../cli/storage/open-data.ts'
import { currentSet, projectPaths, setPaths } from '../../../cli/storage/paths.ts'
import { latestBundle } from '../../../cli/storage/find-bundle.ts'
import { openBundle, publishBundle } from '../../../cli/storage/publish.ts'
import { serve } from '../../../cli/service/serve.ts'
import type { Server } from '../../../cli/service/serve.ts'
import { curlOf, predict, send } from '../../../cli/service/client.ts'
import type { Prediction, Service } from '../../../cli/service/client.ts'
import { showEffect } from '../../../cli/service/effect.ts'
import { openStorage } from '../../../cli/storage/open-storage.ts'
import { shop } from '../../../projects/shop.ts'
import { freePort } from '../free-port.ts'
import { jsonOf, runPresage } from '../run-presage.ts'
import { writeTinyBundle } from '../tiny-bundle.ts'

const USER_ID = `it's "user" 1; é`
const SHOP = join(import.meta.dirname, '../../../projects/shop.ts')

let home: string
let server: Server
let service: Service
let example: Example
let bundle: string

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'presage-test-'))
  process.env['PRESAGE_HOME'] = home
  const paths = projectPaths('shop')
  const { state } = setPaths('shop', currentSet('shop'))
  const storage = await openStorage({ kind: 'local', state })
  try {
    const path = join(home, 'events.ndjson')
    const event = { id: 'e-1', type: 'view', userId: USER_ID, itemId: 'i-1', occurredAt: Date.now() - 60_000 }
    writeFileSync(path, JSON.stringify(event))
    const data = await openData({ project: shop, path, skipBadRows: false })
    example = (await importData({ data, storage, nowMs: Date.now() })).example
    data.close()
    await writeTinyBundle(paths.bundles)
    const checked = await openBundle(latestBundle(paths.bundles) ?? '')
    bundle = checked.id
    await publishBundle(checked, { storage, nowMs: Date.now() })
    const { key } = await createKey({ scopes: ['ingest', 'predict'], storage, nowMs: Date.now() })
    server = await serve({ project: 'shop', file: SHOP, state, port: await freePort() })
    service = { url: server.url, key }
  } finally {
    await storage.close()
  }
}, 90_000)
afterAll(async () => {
  await server.stop()
  delete process.env['PRESAGE_HOME']
  rmSync(home, { recursive: true })
})

describe('a project that was imported, published and served', () => {
  it('answers from the bundle that was published whole', async () => {
    expect(await predict(service, { userId: USER_ID })).toMatchObject({
      fallback: null,
      bundle: { id: bundle },
      answers: { buysWithin7Days: { probability: expect.any(Number) } },
    })
  })

  it('answers presage predict with one line of JSON, about the tasks that are named, with reasons', async () => {
    const args = ['predict', '--user', USER_ID, '--task', 'nextAction', '--url', service.url, '--json']
    const asked = [...args, '--explain', '--interval', '--key', service.key]
    const answer = jsonOf(await runPresage(asked, { home })) as Prediction & { explanations: object }
    expect(answer.bundle.id).toBe(bundle)
    expect(Object.keys(answer.answers)).toEqual(['nextAction'])
    expect(Object.keys(answer.explanations)).toEqual(['nextAction'])
  })

  it('answers the curl that is printed', async () => {
    const { stdout } = await promisify(execFile)('sh', ['-c', curlOf(service, { userId: USER_ID })])
    expect(JSON.parse(stdout)).toMatchObject({ bundle: { id: bundle } })
  })

  it('changes an answer when an event is posted, of nobody who is real', async () => {
    const effect = await showEffect(service, { project: shop, example })
    expect(effect?.change).toMatch(/^event '\w+' of a made-up user$/)
    expect(effect?.after).not.toBe(effect?.before)
  })

  it('is built into the Worker from its own file, wherever that lies', async () => {
    const file = join(home, 'corner.project.ts')
    const text = `import { shop } from '${SHOP}'\nexport const corner = { ...shop, name: 'corner' }\n`
    writeFileSync(file, text)
    const state = join(home, 'corner-state')
    const other = await serve({ project: 'corner', file, state, port: await freePort() })
    try {
      const reply = await fetch(`${other.url}/v1/openapi.json`)
      expect(await reply.json()).toMatchObject({ info: { title: 'Presage: corner' } })
    } finally {
      await other.stop()
    }
  })

  it('does not take another service on its port for its own', async () => {
    const port = Number(new URL(server.url).port)
    await expect(serve({ project: 'shop', file: SHOP, state: home, port })).rejects.toThrow('is taken')
  })

  it('says in one line why it cannot be asked', async () => {
    await expect(predict({ ...service, key: 'psg_wrong' }, { userId: USER_ID })).rejects.toThrow(
      /answered 401/,
    )
    const nowhere = { ...service, url: 'http://127.0.0.1:1' }
    await expect(predict(nowhere, { userId: USER_ID })).rejects.toThrow('No service answers')
  })
  it("shows nobody the database: wrangler's explorer, which takes SQL without a key, is closed", async () => {
    for (const path of [
      '/cdn-cgi/explorer',
      '/cdn-cgi/explorer/api/d1/database',
      '/cdn-cgi/explorer/api/openapi.json',
    ]) {
      const response = await fetch(`${server.url}${path}`)
      expect(response.status).toBe(404)
      expect(await response.text()).toContain('There is nothing here')
    }
  })

  it('takes an import while it serves and is posted to, and loses nothing of either', async () => {
    const path = join(home, 'more.ndjson')
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      JSON.stringify({
        id: `m-${index}`,
        type: 'search',
        userId: `u-${index % 50}`,
        occurredAt: 1700000001000 + index,
      }),
    )
    writeFileSync(path, lines.join('\n'))
    const importing = runPresage(['import', 'shop', '--data', path, '--json'], { home })
    const progress = { isOver: false }
    void importing.then(() => (progress.isOver = true))
    let posted = 0
    while (!progress.isOver) {
      const event = { id: `p-${posted}`, type: 'search', userId: 'poster', occurredAt: Date.now() }
      const request = { method: 'POST', path: '/v1/events', body: { events: [event] } } as const
      // While the import holds the database the service may say so (503): whoever posts tries again.
      posted += await send(service, request).then(
        () => 1,
        () => 0,
      )
    }
    expect(jsonOf(await importing)).toMatchObject({ events: 20_000, stored: { events: 20_000 } })
    expect(posted).toBeGreaterThan(0)
    const storage = await openStorage({ kind: 'local', state: setPaths('shop', currentSet('shop')).state })
    try {
      const sql = "select count(*) as events from events where id like 'm-%' or id like 'p-%'"
      expect(await storage.select(sql)).toEqual([{ events: 20_000 + posted }])
    } finally {
      await storage.close()
    }
  })
})
