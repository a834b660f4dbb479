// Keys of callers, on wrangler's real local D1.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey, listKeys, parseScopes, revokeKey } from '../../../cli/storage/keys.ts'
import { openStorage } from '../../../cli/storage/open-storage.ts'
import type { Storage } from '../../../cli/storage/storage.ts'
import { sha256Hex } from '../../../features/hash.ts'

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

describe('a key', () => {
  it('is kept as the hash of 128 random bits or more, and never shown again', async () => {
    const scopes = parseScopes('ingest, predict')
    const { id, key } = await createKey({ scopes, storage, nowMs: 7, name: `the "shop's"`, expiresAtMs: 99 })
    expect(key).toMatch(/^psg_[\w-]{22,}$/)
    expect(await storage.select(`select * from api_keys where id = '${id}'`)).toEqual([
      {
        id,
        hash: await sha256Hex(key),
        scopes: '["ingest","predict"]',
        created_at: 7,
        revoked_at: null,
        name: `the "shop's"`,
        expires_at: 99,
      },
    ])
    const listed = await listKeys(storage)
    const dates = { createdAt: 7, expiresAt: 99, revokedAt: null }
    expect(listed).toEqual([{ id, name: `the "shop's"`, scopes: ['ingest', 'predict'], ...dates }])
    expect(JSON.stringify(listed)).not.toContain(await sha256Hex(key))
  })

  it('is revoked once, by its id', async () => {
    const { id } = await createKey({ scopes: ['admin'], storage, nowMs: 8 })
    expect(await revokeKey({ id, storage, nowMs: 20 })).toBe(20)
    expect(await revokeKey({ id, storage, nowMs: 30 })).toBe(20)
    expect((await listKeys(storage)).find((key) => key.id === id)?.revokedAt).toBe(20)
  })

  it('cannot be revoked where it is not there', async () => {
    await expect(revokeKey({ id: "key_' or 1=1", storage, nowMs: 20 })).rejects.toThrow('There is no key')
  })

  it('has no scope that is not there', () => {
    expect(() => parseScopes('predict,root')).toThrow("There is no scope 'root'")
  })
})
