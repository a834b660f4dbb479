// Writing through the real wrangler: to local state, and with --remote to a stand-in for the account.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importData } from '../../../cli/storage/import-data.ts'
import { openData } from '../../../cli/storage/open-data.ts'
import { applyMigrations, runWrangler } from '../../../cli/processes/wrangler.ts'
import { openWranglerStorage } from '../../../cli/storage/wrangler.ts'
import { shop } from '../../../projects/shop.ts'
import { jsonOf, runPresage } from '../run-presage.ts'
import type { Ended } from '../run-presage.ts'
import { createStandInAccount } from '../stand-in-account.ts'
import type { StandInAccount } from '../stand-in-account.ts'
import { writeTinyBundle } from '../tiny-bundle.ts'
import { trickyLog } from '../tricky-log.ts'

/** More than fit into one statement or onto a command line. */
const EVENTS = 2_000

let home: string
let log: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'presage-test-'))
  log = join(home, 'events.ndjson')
  writeFileSync(log, trickyLog(EVENTS).text)
})
afterAll(() => rmSync(home, { recursive: true }))

const COUNTS =
  'select user_id as id, count(*) as events from events group by user_id order by min(occurred_at)'
const EXPECTED = trickyLog(EVENTS).ids.map((id) => ({ id, events: EVENTS / trickyLog(0).ids.length }))

describe('openWranglerStorage, on local state', () => {
  it('stores what is imported, whatever the texts, and bundles byte for byte', async () => {
    const place = { kind: 'local', state: join(home, 'state') } as const
    const at = ['--local', '--persist-to', place.state]
    await applyMigrations(place)
    const storage = openWranglerStorage(place)
    const data = await openData({ project: shop, path: log, skipBadRows: false })
    await importData({ data, storage, nowMs: 5 })
    data.close()
    await storage.put('bundles/one/events', log)
    await storage.close()
    const said = await runWrangler(['d1', 'execute', 'DB', ...at, '--json', '--command', COUNTS])
    expect(JSON.parse(said)).toMatchObject([{ results: EXPECTED }])
    const copy = join(home, 'copy')
    await runWrangler(['r2', 'object', 'get', 'presage-bundles/bundles/one/events', ...at, '--file', copy])
    expect(readFileSync(copy)).toEqual(readFileSync(log))
  })
})

describe('--remote', () => {
  let account: StandInAccount
  beforeAll(async () => {
    account = await createStandInAccount()
  })
  afterAll(() => account.close())

  const remotely = (...args: readonly string[]): Promise<Ended> =>
    runPresage([...args, '--remote', '--json'], { home, env: account.env })

  it('imports into the database of the account', async () => {
    expect(jsonOf(await remotely('import', 'shop', '--data', log))).toMatchObject({ events: EVENTS })
    expect(
      account.database
        .prepare(COUNTS)
        .all()
        .map((row) => ({ ...row })),
    ).toEqual(EXPECTED)
    expect(account.imports.length).toBe(1)
  })

  it('publishes into the bucket and the database of the account', async () => {
    const folder = join(home, 'tiny')
    writeTinyBundle(folder)
    const { bundle } = jsonOf(await remotely('publish', folder)) as { bundle: string }
    for (const file of ['model.onnx', 'manifest.json', 'card.json']) {
      const stored = account.objects.get(`presage-bundles/bundles/${bundle}/${file}`)
      expect(stored).toEqual(readFileSync(join(folder, file)))
    }
    const champion = `select bundles.id, card from deployments join bundles on bundles.id = bundle_id where role = 'champion'`
    expect({ ...account.database.prepare(champion).get() }).toEqual({
      id: bundle,
      card: readFileSync(join(folder, 'card.json'), 'utf8'),
    })
  })

  it('creates keys in the database of the account, without keeping the others waiting for a file', async () => {
    const { id } = jsonOf(await remotely('key', 'create', '--scopes', 'predict')) as { id: string }
    const stored = account.database.prepare('select id, scopes from api_keys').all()
    expect(stored.map((row) => ({ ...row }))).toEqual([{ id, scopes: '["predict"]' }])
    expect(account.imports.length).toBe(1)
  })

  it('says in one line what wrangler could not do', async () => {
    const env = { ...account.env, CLOUDFLARE_API_TOKEN: 'of somebody else' }
    const { code, stdout, stderr } = await runPresage(['key', 'create', '--scopes', 'predict', '--remote'], {
      home,
      env,
    })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^presage: wrangler d1 migrations apply failed: .+\n$/)
  })

  it('leaves local state as it is', () => {
    expect(existsSync(join(home, 'shop'))).toBe(false)
  })
})
