// Publish, serve and ask: a small bundle on wrangler's real local Worker, D1 and R2.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey } from '../../../cli/storage/keys.ts'
import { importData } from '../../../cli/storage/import-data.ts'
import type { Example } from '../../../cli/storage/import-data.ts'
import { openData } from '../../../cli/storage/open-data.ts'
import { projectPaths } from '../../../cli/storage/paths.ts'
import { latestBundle, publishBundle } from '../../../cli/storage/publish-bundle.ts'
import { serve } from '../../../cli/service/serve.ts'
import type { Server } from '../../../cli/service/serve.ts'
import { curlOf, predict } from '../../../cli/service/client.ts'
import type { Prediction, Service } from '../../../cli/service/client.ts'
import { showEffect } from '../../../cli/service/effect.ts'
import { openStorage } from '../../../cli/storage/open-storage.ts'
import { shop } from '../../../projects/shop.ts'
import { freePort } from '../free-port.ts'
import { jsonOf, runPresage } from '../run-presage.ts'
import { writeTinyBundle } from '../tiny-bundle.ts'

const USER_ID = `it's "user" 1; é`

let home: string
let server: Server
let service: Service
let example: Example
let bundle: string

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'presage-test-'))
  process.env['PRESAGE_HOME'] = home
  const paths = projectPaths('shop')
  const storage = await openStorage({ kind: 'local', state: paths.state })
  try {
    const path = join(home, 'events.ndjson')
    const event = { id: 'e-1', type: 'view', userId: USER_ID, itemId: 'i-1', occurredAt: Date.now() - 60_000 }
    writeFileSync(path, JSON.stringify(event))
    const data = await openData({ project: shop, path, skipBadRows: false })
    example = (await importData({ data, storage, nowMs: Date.now() })).example
    data.close()
    writeTinyBundle(join(paths.bundles, 'tiny'))
    const folder = latestBundle(paths.bundles) ?? ''
    bundle = await publishBundle({ project: 'shop', folder, storage, nowMs: Date.now() })
    rmSync(join(folder, 'card.json'))
    const half = publishBundle({ project: 'shop', folder, storage, nowMs: Date.now() })
    await expect(half).rejects.toThrow('card.json is missing')
    const { key } = await createKey({ scopes: ['ingest', 'predict'], storage, nowMs: Date.now() })
    server = await serve({ project: 'shop', port: await freePort() })
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

  it('answers presage predict with one line of JSON, about the tasks that are named', async () => {
    const args = ['predict', '--user', USER_ID, '--task', 'nextAction', '--url', service.url, '--json']
    const answer = jsonOf(await runPresage([...args, '--key', service.key], { home })) as Prediction
    expect(answer.bundle.id).toBe(bundle)
    expect(Object.keys(answer.answers)).toEqual(['nextAction'])
  })

  it('answers the curl that is printed', async () => {
    const { stdout } = await promisify(execFile)('sh', ['-c', curlOf(service, { userId: USER_ID })])
    expect(JSON.parse(stdout)).toMatchObject({ bundle: { id: bundle } })
  })

  it('changes an answer when an event is posted', async () => {
    const { change, before, after } = await showEffect(service, { project: shop, example })
    expect(change).toContain(USER_ID)
    expect(after).not.toBe(before)
  })

  it('does not take another service on its port for its own', async () => {
    await expect(serve({ project: 'shop', port: Number(new URL(server.url).port) })).rejects.toThrow(
      'is taken',
    )
  })

  it('says in one line why it cannot be asked', async () => {
    await expect(predict({ ...service, key: 'psg_wrong' }, { userId: USER_ID })).rejects.toThrow(
      /answered 401/,
    )
    const nowhere = { ...service, url: 'http://127.0.0.1:1' }
    await expect(predict(nowhere, { userId: USER_ID })).rejects.toThrow('No service answers')
  })
})
