// Publishing, going back and listing, on wrangler's real local D1 and R2.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openStorage } from '../../../cli/storage/open-storage.ts'
import { findBundle, findBundleOf, latestBundle } from '../../../cli/storage/find-bundle.ts'
import { listBundles, openBundle, publishBundle, storeBundle } from '../../../cli/storage/publish.ts'
import { changeRoles, findPublished } from '../../../cli/storage/roles.ts'
import type { Storage } from '../../../cli/storage/storage.ts'
import { writeTinyBundle } from '../tiny-bundle.ts'

/** A folder of bundles with these names, the last of which is the newest. */
function bundlesNamed(names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [index, name] of names.entries()) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'manifest.json'), '{}')
    utimesSync(join(folder, name), index + 1, index + 1)
  }
  return folder
}

describe('latestBundle', () => {
  it('gives the bundle that was made last, and no draft that was left behind', () => {
    const folder = bundlesNamed(['0b', '0a', '0c.draft-17'])
    expect(latestBundle(folder)).toBe(join(folder, '0a'))
  })

  it('gives nothing where there is no bundle', () => {
    expect(latestBundle(bundlesNamed([]))).toBe(undefined)
    expect(latestBundle(join(bundlesNamed([]), 'nowhere'))).toBe(undefined)
  })
})

describe('a bundle that is named', () => {
  let home: string
  const before = process.env['PRESAGE_HOME']
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'presage-test-'))
    process.env['PRESAGE_HOME'] = home
    for (const path of ['shop/bundles/0b', 'shop/bundles/0a', 'course/bundles/0c', 'course/bundles/1f']) {
      mkdirSync(join(home, path), { recursive: true })
      writeFileSync(join(home, path, 'manifest.json'), '{}')
    }
    utimesSync(join(home, 'shop/bundles/0b'), 1, 1)
  })
  afterAll(() => {
    if (before === undefined) delete process.env['PRESAGE_HOME']
    else process.env['PRESAGE_HOME'] = before
    rmSync(home, { recursive: true })
  })

  it('is found by its folder, its id, the first digits of it, or its project', () => {
    const folder = join(home, 'shop/bundles/0b')
    expect(findBundle(folder)).toBe(folder)
    expect(findBundle('0b')).toBe(folder)
    expect(findBundle('1')).toBe(join(home, 'course/bundles/1f'))
    expect(findBundle('0c')).toBe(join(home, 'course/bundles/0c'))
    expect(findBundle('shop')).toBe(join(home, 'shop/bundles/0a'))
    expect(findBundleOf('shop', '0b')).toBe(folder)
  })

  it('is refused where the digits begin several', () => {
    expect(() => findBundle('0')).toThrow(/'0' begins 3 bundles: /)
    expect(() => findBundleOf('shop', '0')).toThrow(/'0' begins 2 bundles: /)
  })

  it('is refused, saying what there is, where it is none of these or of another project', () => {
    expect(() => findBundle('0d')).toThrow(/no bundle '0d' here, and no project; there are course, /)
    expect(() => findBundle('social')).toThrow(/presage train social makes one/)
    expect(() => findBundleOf('shop', '0c')).toThrow(/no bundle '0c' of project shop/)
    expect(() => findBundleOf('shop', 'shop')).toThrow(/no bundle 'shop' of project shop/)
  })
})

describe('a project that is published to and rolled back', () => {
  let home: string
  let storage: Storage
  let nowMs: number
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'presage-test-'))
    storage = await openStorage({ kind: 'local', state: join(home, 'state') })
  }, 60_000)
  afterAll(async () => {
    await storage.close()
    rmSync(home, { recursive: true })
  })
  beforeEach(async () => {
    nowMs = 1_000
    await storage.execute(['delete from audit', 'delete from deployments', 'delete from bundles'])
  })

  /** Publishes a bundle with this word in its card; gives its id. */
  async function publish(word: string, note?: string): Promise<string> {
    const bundle = await openBundle(await writeTinyBundle(join(home, 'bundles'), { card: `{"${word}":1}` }))
    await publishBundle(bundle, { storage, nowMs: (nowMs += 1), ...(note !== undefined && { note }) })
    return bundle.id
  }

  async function goBack(): Promise<string> {
    const plan = await changeRoles({ storage, change: { action: 'rollback' }, nowMs: (nowMs += 1) })
    return plan.open?.bundleId ?? ''
  }

  async function champion(): Promise<string[]> {
    const rows = await storage.select(
      "select bundle_id from deployments where role = 'champion' and until_at is null",
    )
    return rows.map((row) => String(row['bundle_id']))
  }

  it('keeps every deployment, and one open', async () => {
    const [a, b] = [await publish('a'), await publish('b')]
    expect(await champion()).toEqual([b])
    expect(await listBundles(storage)).toEqual([
      {
        id: a,
        family: 'tiny',
        createdAt: 1001,
        role: null,
        percent: null,
        served: [{ role: 'champion', percent: 100, from: 1001, until: 1002, note: '' }],
      },
      {
        id: b,
        family: 'tiny',
        createdAt: 1002,
        role: 'champion',
        percent: null,
        served: [{ role: 'champion', percent: 100, from: 1002, until: null, note: '' }],
      },
    ])
  })

  it('lists why each bundle answered', async () => {
    await publish('a', 'first')
    await publish('b')
    const change = { action: 'rollback' } as const
    await changeRoles({ storage, change, nowMs: (nowMs += 1), note: 'b was worse' })
    const notes = (await listBundles(storage)).map(({ served }) => served.map(({ note }) => note))
    expect(notes).toEqual([['first', 'b was worse'], ['']])
  })

  it('changes nothing when the champion is published again', async () => {
    await publish('a')
    const before = await listBundles(storage)
    await publish('a')
    expect(await listBundles(storage)).toEqual(before)
  })

  it('goes back bundle by bundle, also across rollbacks, and forward from there', async () => {
    const [a, b, c] = [await publish('a'), await publish('b'), await publish('c')]
    expect(await goBack()).toBe(b)
    expect(await goBack()).toBe(a)
    const d = await publish('d')
    expect(await goBack()).toBe(a)
    expect(await champion()).toEqual([a])
    expect((await listBundles(storage)).map(({ id }) => id)).toEqual([a, b, c, d])
  })

  it('refuses to go back where nothing was before, and leaves what answers', async () => {
    await expect(goBack()).rejects.toThrow('no bundle was published')
    const [a] = [await publish('a'), await publish('b')]
    await goBack()
    await expect(goBack()).rejects.toThrow(`no other bundle answered before ${a}, which goes on`)
    expect(await champion()).toEqual([a])
  })

  it('lets one of two bundles answer that are published at once, stores both, and tells the other', async () => {
    const folders = await Promise.all(
      ['x', 'y'].map((word) => writeTinyBundle(join(home, 'bundles'), { card: `{"${word}":1}` })),
    )
    const bundles = await Promise.all(folders.map(openBundle))
    const published = await Promise.allSettled(
      bundles.map((bundle) => publishBundle(bundle, { storage, nowMs: 5_000 })),
    )
    const won = published.findIndex(({ status }) => status === 'fulfilled')
    expect(await champion()).toEqual([bundles[won]?.id])
    expect(published[1 - won]).toMatchObject({ reason: { message: expect.stringContaining('meanwhile') } })
    expect(await listBundles(storage)).toHaveLength(2)
  })

  it('does not undo what somebody publishes while it goes back', async () => {
    await publish('a')
    await publish('b')
    const slow: Storage = {
      ...storage,
      execute: async (statements) => {
        await publish('c')
        return storage.execute(statements)
      },
    }
    const change = { action: 'rollback' } as const
    await expect(changeRoles({ storage: slow, change, nowMs: 9_000 })).rejects.toThrow('meanwhile')
    expect(await champion()).toEqual([(await listBundles(storage)).at(-1)?.id])
  })
  it('tries a stored bundle on a share of users, and tells who made which change and why', async () => {
    const a = await publish('a')
    const b = await openBundle(await writeTinyBundle(join(home, 'bundles'), { card: '{"b":1}' }))
    await storeBundle(b, { storage, nowMs: (nowMs += 1) })
    expect(await champion()).toEqual([a])
    const change = {
      action: 'canary',
      bundleId: await findPublished(storage, b.id.slice(0, 8)),
      percent: 5,
    } as const
    await changeRoles({ storage, change, nowMs: (nowMs += 1), note: 'a look' })
    expect((await listBundles(storage)).at(-1)).toMatchObject({ id: b.id, role: 'challenger', percent: 5 })
    expect(await storage.select('select action, bundle_id, share, note from audit order by id')).toEqual([
      { action: 'promote', bundle_id: a, share: 1, note: '' },
      { action: 'canary', bundle_id: b.id, share: 0.05, note: 'a look' },
    ])
    await expect(findPublished(storage, 'x')).rejects.toThrow("No bundle 'x' was published")
    await expect(changeRoles({ storage, change: { ...change, percent: 101 }, nowMs })).rejects.toThrow(
      'not 101',
    )
  })
})
