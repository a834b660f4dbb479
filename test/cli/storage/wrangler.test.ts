// Writing through the real wrangler: to local state, and with --remote to a stand-in for the account.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runWrangler } from '../../../cli/processes/wrangler.ts'
import { importData } from '../../../cli/storage/import.ts'
import { applyMigrations } from '../../../cli/storage/migrations.ts'
import { openData } from '../../../cli/storage/open-data.ts'
import { openWranglerStorage } from '../../../cli/storage/wrangler.ts'
import { shop } from '../../../projects/shop.ts'
import { copyCheckout } from '../checkout.ts'
import { jsonOf, runPresage } from '../run-presage.ts'
import type { Ended } from '../run-presage.ts'
import { createStandInAccount } from '../stand-in-account.ts'
import type { StandInAccount } from '../stand-in-account.ts'
import { writeTinyBundle } from '../tiny-bundle.ts'
import { trickyLog } from '../tricky-log.ts'

/** More than fit into one statement or onto a command line. */
const EVENTS = 2_000
const DATABASE_ID = '11111111-2222-3333-4444-555555555555'

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
    const at = ['--env=', '--local', '--persist-to', place.state]
    await applyMigrations(place)
    const storage = openWranglerStorage(place)
    const data = await openData({ project: shop, path: log, skipBadRows: false })
    await importData({ data, storage, nowMs: 5 })
    data.close()
    await storage.put('bundles/one/events', log)
    expect(await storage.select(COUNTS)).toEqual(EXPECTED)
    await storage.close()
    const copy = join(home, 'copy')
    await runWrangler(['r2', 'object', 'get', 'presage-bundles/bundles/one/events', ...at, '--file', copy])
    expect(readFileSync(copy)).toEqual(readFileSync(log))
  })
})

describe('--remote', () => {
  let account: StandInAccount
  let root: string
  beforeAll(async () => {
    account = await createStandInAccount()
    root = copyCheckout(join(home, 'checkout'), {
      toml: (text) =>
        text.replace(/(\[\[env\.shop\.d1_databases\]\][^[]*database_id = )"[^"]*"/, `$1"${DATABASE_ID}"`),
    })
  })
  afterAll(() => account.close())

  const remotely = (...args: readonly string[]): Promise<Ended> =>
    runPresage([...args, '--remote', '--json'], { home, root, env: account.env })

  it('refuses while a migration is missing, and applies it when asked', async () => {
    const refused = await remotely('import', 'shop', '--data', log)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/presage: The database of shop lacks 0000_create_events\.sql.*--migrate/)
    expect(account.tables()).not.toContain('events')
    const imported = jsonOf(await remotely('import', 'shop', '--data', log, '--migrate'))
    expect(imported).toMatchObject({ events: EVENTS, stored: { events: EVENTS } })
    const counts = account.database.prepare(COUNTS).all()
    expect(counts.map((row) => ({ ...row }))).toEqual(EXPECTED)
    expect(account.imports.length).toBe(1)
    expect(account.databases()).toEqual([DATABASE_ID])
  })

  it("publishes into the project's bucket and database, lists it, and has nothing to go back to", async () => {
    const folder = await writeTinyBundle(home)
    const { bundle } = jsonOf(await remotely('publish', folder)) as { bundle: string }
    for (const file of ['model.onnx', 'manifest.json', 'card.json', 'golden.json']) {
      const stored = account.objects.get(`presage-shop-bundles/bundles/${bundle}/${file}`)
      expect(stored).toEqual(readFileSync(join(folder, file)))
    }
    expect(jsonOf(await remotely('bundles', 'shop'))).toMatchObject({
      project: 'shop',
      bundles: [{ id: bundle, family: 'tiny', role: 'champion', served: [{ until: null }] }],
    })
    const { code, stderr } = await remotely('rollback', 'shop')
    expect(code).toBe(1)
    expect(stderr).toContain('nothing to go back to')
  })

  it('creates and lists keys, without keeping the others waiting for a file', async () => {
    const created = await remotely('key', 'create', '--scopes', 'predict', '--name', 'page')
    const { id, key } = jsonOf(created) as { id: string; key: string }
    const listed = await remotely('key', 'list')
    expect(jsonOf(listed)).toMatchObject({ keys: [{ id, name: 'page', scopes: ['predict'] }] })
    expect(listed.stdout).not.toContain(key)
    expect(account.imports.length).toBe(1)
  })

  it('touches nothing of a project without an environment, or with one that was never made', async () => {
    const before = account.requests()
    const absent = await remotely('key', 'create', '--scopes', 'predict', '--project', 'finance')
    expect(absent.code).toBe(1)
    expect(absent.stderr).toMatch(/^presage: wrangler\.toml has no \[env\.finance\].*--create.*\n$/)
    const placeholder = await runPresage(['import', 'shop', '--data', log, '--remote'], {
      home,
      env: account.env,
    })
    expect(placeholder.code).toBe(1)
    expect(placeholder.stderr).toMatch(
      /^presage: wrangler\.toml: \[env\.shop\] names no database of yours.*\n$/m,
    )
    expect(account.requests()).toBe(before)
  })

  it('says in one line what wrangler could not do', async () => {
    const env = { ...account.env, CLOUDFLARE_API_TOKEN: 'of somebody else' }
    const { code, stdout, stderr } = await runPresage(['key', 'create', '--scopes', 'predict', '--remote'], {
      home,
      root,
      env,
    })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^presage: wrangler d1 migrations list failed: .+\n$/)
  })

  it('leaves local state as it is', () => {
    expect(existsSync(join(home, 'shop'))).toBe(false)
  })
})
