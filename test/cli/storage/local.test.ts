// Import and keys on wrangler's real local D1.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey, parseScopes } from '../../../cli/storage/keys.ts'
import { importData } from '../../../cli/storage/import-data.ts'
import { openData } from '../../../cli/storage/open-data.ts'
import { openStorage } from '../../../cli/storage/open-storage.ts'
import type { Storage } from '../../../cli/storage/storage.ts'
import { runWrangler } from '../../../cli/processes/wrangler.ts'
import { sha256Hex } from '../../../features/hash.ts'
import { shop } from '../../../projects/shop.ts'

let folder: string
let storage: Storage
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  storage = await openStorage({ kind: 'local', state: folder })
}, 60_000)
afterAll(async () => {
  await storage.close()
  rmSync(folder, { recursive: true })
})

/** Rows of the database as another process sees them. */
async function select(sql: string): Promise<unknown> {
  const args = ['d1', 'execute', 'DB', '--local', '--persist-to', folder, '--json', '--command', sql]
  const output = await runWrangler(args)
  return (JSON.parse(output.slice(output.indexOf('['))) as { results: unknown }[])[0]?.results
}

describe('importData', () => {
  it('stores every event once, however often it runs', async () => {
    const path = join(folder, 'events.ndjson')
    const events = Array.from({ length: 1500 }, (_, index) => ({
      id: `e${index}`,
      type: 'search',
      userId: `it's "user" ${index % 7}; é`,
      occurredAt: 1000 + index,
      padding: 'x'.repeat(80),
    }))
    writeFileSync(path, events.map((event) => JSON.stringify(event)).join('\n'))
    for (let run = 0; run < 2; run += 1) {
      const data = await openData({ project: shop, path, skipBadRows: false })
      const imported = await importData({ data, storage, nowMs: 5 })
      data.close()
      expect(imported).toMatchObject({ events: 1500, example: { userId: `it's "user" 1; é` } })
    }
    expect(
      await select(
        'select count(*) as events, count(distinct user_id) as users, max(occurred_at) as last from events',
      ),
    ).toEqual([{ events: 1500, users: 7, last: 2499 }])
    expect(await select("select user_id from events where id = 'e0'")).toEqual([
      { user_id: `it's "user" 0; é` },
    ])
  })
})

describe('createKey', () => {
  it('keeps the hash of a key of 128 random bits or more, and not the key', async () => {
    const { id, key } = await createKey({ scopes: parseScopes('ingest, predict'), storage, nowMs: 7 })
    expect(key).toMatch(/^psg_[\w-]{22,}$/)
    expect(await select('select * from api_keys')).toEqual([
      { id, hash: await sha256Hex(key), scopes: '["ingest","predict"]', created_at: 7, revoked_at: null },
    ])
  })

  it('refuses a scope that is not there', () => {
    expect(() => parseScopes('predict,root')).toThrow("There is no scope 'root'")
  })
})
