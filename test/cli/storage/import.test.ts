// What an import leaves in the database, on wrangler's real local D1.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countEventsOverHttp, addImportedEvents, noteWholeImport } from '../../../cli/storage/event-counts.ts'
import { createKey, revokeKey } from '../../../cli/storage/keys.ts'
import { countOverHttp, noteImport, noteLaterVersions } from '../../../cli/storage/over-http.ts'
import { importData } from '../../../cli/storage/import.ts'
import type { Imported } from '../../../cli/storage/import.ts'
import { openData } from '../../../cli/storage/open-data.ts'
import { openStorage } from '../../../cli/storage/open-storage.ts'
import type { Row, Storage } from '../../../cli/storage/storage.ts'
import { createVersionWriter } from '../../../cli/storage/versions.ts'
import type { Versions } from '../../../features/attributes.ts'
import { defineProject, label } from '../../../features/project.ts'
import type { Project } from '../../../features/project.ts'
import { shop } from '../../../projects/shop.ts'

let folder: string
let storage: Storage
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  storage = await openStorage({ kind: 'local', state: join(folder, 'state') })
}, 60_000)
afterAll(async () => {
  await storage.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() =>
  storage.execute(
    ['events', 'users', 'items', 'labels', 'quarantine'].map((table) => `delete from ${table}`),
  ),
)

interface Files {
  readonly events: readonly object[]
  readonly users?: readonly object[]
  readonly items?: readonly object[]
  readonly questions?: readonly object[]
}

interface When {
  readonly nowMs?: number
  readonly sinceMs?: number
  readonly project?: Project
}

/** Imports files with these rows, at this time. */
async function importFiles(
  files: Files,
  { nowMs = 5, sinceMs = nowMs, project = shop }: When = {},
): Promise<Imported> {
  const path = mkdtempSync(join(folder, 'data-'))
  for (const [name, rows] of Object.entries(files)) {
    const lines = (rows as readonly object[]).map((row) => JSON.stringify(row))
    writeFileSync(join(path, `${name}.ndjson`), lines.join('\n'))
  }
  const data = await openData({ project, path, skipBadRows: false })
  try {
    return await importData({ data, storage, nowMs, sinceMs })
  } finally {
    data.close()
  }
}

/** Small numbers are no times. */
const T = 1_700_000_000_000
const EVENT = { id: 'e-1', type: 'search', userId: 'u', occurredAt: T + 1000 }

describe('importData', () => {
  it('stores every event once, however often it runs, and counts what it really stored', async () => {
    const events = Array.from({ length: 1500 }, (_, index) => ({
      id: `e${index}`,
      type: 'search',
      userId: `it's "user" ${index % 7}; é`,
      occurredAt: T + 1000 + index,
      properties: { device: 'x'.repeat(80) },
    }))
    const example = { userId: `it's "user" 1; é` }
    expect(await importFiles({ events })).toMatchObject({ events: 1500, stored: { events: 1500 }, example })
    expect(await importFiles({ events })).toMatchObject({ events: 1500, stored: { events: 0 }, example })
    expect(
      await storage.select(
        'select count(*) as events, count(distinct user_id) as users, max(occurred_at) as last from events',
      ),
    ).toEqual([{ events: 1500, users: 7, last: T + 2_499 }])
    expect(await storage.select("select user_id from events where id = 'e0'")).toEqual([
      { user_id: `it's "user" 0; é` },
    ])
  })

  it('tells another event under a known id from the same again, and keeps it in quarantine', async () => {
    const events = Array.from({ length: 1500 }, (_, index) => ({ ...EVENT, id: `it's ${index}` }))
    const context = { properties: { device: 'phone' } }
    await importFiles({
      events: [...events, { ...EVENT, id: 'c', ...context }, { ...EVENT, id: 'less', ...context }],
    })
    const changed = [
      { ...EVENT, id: "it's 3", userId: 'other' },
      { ...EVENT, id: "it's 4", occurredAt: T + 1001 },
      { ...EVENT, id: 'c', properties: { device: 'desk' } },
      { ...EVENT, id: 'less' },
      { ...EVENT, id: 'new' },
    ]
    const known = { repeated: 1498 + 1, conflicting: 3 }
    const again = [...events.filter(({ id }) => !["it's 3", "it's 4"].includes(id)), ...changed]
    for (const stored of [1, 0]) {
      expect(await importFiles({ events: again })).toMatchObject({
        events: 1503,
        stored: { events: stored },
        known: { ...known, repeated: known.repeated + 1 - stored },
      })
      const kept = await storage.select(
        "select request_id, event ->> 'id' as id, reasons ->> 0 ->> 'code' as code from quarantine order by 2",
      )
      const code = 'conflicting_id'
      expect(kept).toEqual(['c', "it's 3", "it's 4"].map((id) => ({ request_id: 'import', id, code })))
    }
    expect(await storage.select(`select user_id from events where id = 'it''s 3'`)).toEqual([
      { user_id: 'u' },
    ])
  })

  it('takes again what came over HTTP with more properties', async () => {
    await storage.execute([
      `insert into events (user_id, occurred_at, id, type, properties, received_at)
        values ('u', ${T + 1000}, 'e-1', 'search', '{"device":"phone","depth":2}', ${T + 1000})`,
    ])
    const event = { ...EVENT, properties: { device: 'phone' } }
    expect((await importFiles({ events: [event] })).known).toEqual({ repeated: 1, conflicting: 0 })
  })

  it('brings attributes of any characters that the limits allow', async () => {
    const title = `${"'".repeat(5000)}${'"'.repeat(2500)}${'\u0001'.repeat(2500)}`
    const items = [{ id: "'".repeat(128), title, department: "'".repeat(10_000) }]
    await importFiles({ events: [EVENT], items })
    const [row] = await storage.select("select attributes ->> 'title' as title from items")
    expect(row).toEqual({ title })
  })

  it('keeps the order of the file for events of one moment', async () => {
    await importFiles({ events: ['c', 'a', 'b'].map((id) => ({ ...EVENT, id })) })
    const rows = await storage.select('select id from events order by occurred_at, received_at, place, id')
    expect(rows.map(({ id }) => id)).toEqual(['c', 'a', 'b'])
  })

  it('brings versions with their times, and corrections of them', async () => {
    const users = [
      { id: 'u', plan: 'free', knownAt: T + 100 },
      { id: 'u', plan: 'premium', knownAt: T + 200 },
    ]
    expect((await importFiles({ events: [EVENT], users })).stored.users).toBe(2)
    const corrected = [...users.slice(0, 1), { id: 'u', plan: 'basic', knownAt: T + 200 }]
    expect((await importFiles({ events: [EVENT], users: corrected })).stored.users).toBe(1)
    const rows = await storage.select(
      "select known_at, attributes ->> 'plan' as plan from users order by known_at, stored_at",
    )
    // What was corrected stays, for whoever asks what was known before.
    expect(rows).toEqual([
      { known_at: T + 100, plan: 'free' },
      { known_at: T + 200, plan: 'premium' },
      { known_at: T + 200, plan: 'basic' },
    ])
  })

  it('brings corrected prices of items without times', async () => {
    await importFiles({ events: [EVENT], items: [{ id: 'i', price: 5 }] })
    await importFiles({ events: [EVENT], items: [{ id: 'i', price: 7 }] })
    const rows = await storage.select(
      "select known_at, attributes ->> 'price' as price from items order by stored_at",
    )
    expect(rows).toEqual([
      { known_at: 0, price: 5 },
      { known_at: 0, price: 7 },
    ])
  })
})

describe('labels of files', () => {
  it('are stored once, and corrected where a later file says otherwise', async () => {
    const project = defineProject({
      name: 'course',
      events: { visit: {} },
      tasks: { passes: label(['no', 'yes']), grade: label(['1', '2']) },
    })
    const events = [{ ...EVENT, type: 'visit' }]
    const bring = (questions: readonly object[]) => importFiles({ events, questions }, { project })
    const first = { userId: 'u', at: T + 2000, passes: 'yes', grade: 1 }
    expect(await bring([first])).toMatchObject({ labels: 2, stored: { labels: 2 } })
    expect(await bring([first])).toMatchObject({ labels: 2, stored: { labels: 0 } })
    expect(await bring([{ ...first, passes: 'no' }])).toMatchObject({ labels: 2, stored: { labels: 1 } })
    const rows = await storage.select(
      'select user_id, task, at, value, known_at from labels order by task, stored_at',
    )
    const row = { user_id: 'u', at: T + 2000, known_at: 0 }
    expect(rows).toEqual([
      { ...row, task: 'grade', value: '1' },
      { ...row, task: 'passes', value: 'yes' },
      { ...row, task: 'passes', value: 'no' },
    ])
    expect(await storage.select('select kind, count from heard order by kind')).toEqual([
      { kind: 'events', count: 1 },
      { kind: 'labels', count: 3 },
    ])
  })
})

describe('versions without a time', () => {
  const text = (plan: string): string => JSON.stringify({ plan })

  /** What the file says of the user, without a time, at this moment. */
  async function bring(plan: string, nowMs: number, id = 'u'): Promise<number> {
    const writer = createVersionWriter({ storage, table: 'users', nowMs })
    await writer.add(id, [{ knownAt: 0, attributes: { plan } }])
    await writer.flush()
    return writer.stored()
  }

  /** What came over HTTP, or from a file with times. */
  async function put(plan: string, knownAt: number, id = 'u'): Promise<void> {
    await storage.execute([
      `insert or replace into users values ('${id}', ${knownAt}, '${text(plan)}', ${knownAt})`,
    ])
  }

  /** What holds: of the versions of one moment the one stored last. */
  async function stored(): Promise<readonly Row[]> {
    return storage.select(`select known_at as at, attributes ->> 'plan' as plan from users as version
      where stored_at = (select max(stored_at) from users where id = version.id and known_at = version.known_at)
      order by known_at`)
  }

  it('replace the version without a time', async () => {
    await bring('free', 10)
    await bring('premium', 20)
    expect(await stored()).toEqual([{ at: 0, plan: 'premium' }])
  })

  it('hold from now on where something else was known since', async () => {
    await bring('free', 10)
    await put('premium', 15)
    await bring('basic', 20)
    expect(await stored()).toEqual([
      { at: 0, plan: 'basic' },
      { at: 15, plan: 'premium' },
      { at: 20, plan: 'basic' },
    ])
  })

  it('are no news where they are what was imported before, or what is known already', async () => {
    await bring('free', 10)
    await put('premium', 15)
    expect(await bring('free', 20)).toBe(0)
    await bring('premium', 30)
    expect((await stored()).map(({ at }) => at)).toEqual([0, 15])
  })

  it('change nothing when they are imported twice, whatever happened before', async () => {
    const plan = fc.constantFrom('free', 'basic', 'premium')
    const step = fc.record({ plan, isFile: fc.boolean() })
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 5 }), plan, async (steps, last) => {
        const id = `user-${(run += 1)}`
        let nowMs = 1
        for (const { plan: chosen, isFile } of steps) {
          nowMs += 1
          await (isFile ? bring(chosen, nowMs, id) : put(chosen, nowMs, id))
        }
        await bring(last, (nowMs += 1), id)
        const where = `where id = '${id}' order by known_at`
        const before = await storage.select(`select * from users ${where}`)
        expect(await bring(last, nowMs + 1, id)).toBe(0)
        expect(await storage.select(`select * from users ${where}`)).toEqual(before)
      }),
      { numRuns: 30 },
    )
  })

  it('go in as they are beside versions with a time', async () => {
    const versions: Versions = [
      { knownAt: 0, attributes: { plan: 'free' } },
      { knownAt: 15, attributes: { plan: 'premium' } },
    ]
    for (const nowMs of [20, 30]) {
      const writer = createVersionWriter({ storage, table: 'users', nowMs })
      await writer.add('u', versions)
      await writer.flush()
    }
    expect((await stored()).map(({ at }) => at)).toEqual([0, 15])
  })
})

describe('countOverHttp', () => {
  const putProfile = (id: string, knownAt: number): Promise<number> =>
    storage.execute([`insert into users (id, known_at, attributes) values ('${id}', ${knownAt}, '{}')`])

  it('counts profiles that no file brought, whatever their files are dated', async () => {
    const setFolder = mkdtempSync(join(folder, 'set-'))
    const files = (plan: string, ...knownAt: number[]): Files => ({
      events: [EVENT],
      users: [{ id: 'plain', plan }, ...knownAt.map((time) => ({ id: 'dated', plan, knownAt: time }))],
    })
    const bring = async (given: Files, nowMs: number): Promise<void> => {
      const { laterVersions } = await importFiles(given, {
        nowMs,
        sinceMs: noteImport(setFolder, nowMs),
      })
      noteLaterVersions(setFolder, laterVersions)
    }
    const count = async (): Promise<number> =>
      (await countOverHttp(storage, { setFolder, nowMs: 0 })).profiles
    await bring(files('free', T + 3), T + 100)
    expect(await count()).toBe(0)
    await putProfile('plain', T + 150)
    expect(await count()).toBe(1)
    await putProfile('start-1', T + 150)
    expect(await count()).toBe(1)
    // The undated row changed, which is dated now; and the file has a version of since the first import.
    await bring(files('premium', T + 3, T + 160), T + 200)
    expect(await count()).toBe(1)
    await putProfile('other', T + 250)
    expect(await count()).toBe(2)
  })

  it('counts keys that somebody made and that still work', async () => {
    const setFolder = mkdtempSync(join(folder, 'set-'))
    const make = (name: string, expiresAtMs?: number) =>
      createKey({
        scopes: ['admin'],
        storage,
        nowMs: 1,
        name,
        ...(expiresAtMs !== undefined && { expiresAtMs }),
      })
    await make('npm start')
    await make('expired', 9)
    const { id } = await make('mine')
    const count = async (): Promise<number> => (await countOverHttp(storage, { setFolder, nowMs: 10 })).keys
    expect(await count()).toBe(1)
    await revokeKey({ id, storage, nowMs: 2 })
    expect(await count()).toBe(0)
  })
})

describe('countEventsOverHttp', () => {
  it('counts what came by no import, and not what npm start posts itself', async () => {
    const set = mkdtempSync(join(folder, 'set-'))
    const { events, stored } = await importFiles({ events: ['a', 'b'].map((id) => ({ ...EVENT, id })) })
    addImportedEvents(set, stored.events)
    noteWholeImport(set, events)
    expect(await countEventsOverHttp(storage, set)).toBe(0)
    const post = (id: string): Promise<number> =>
      storage.execute([
        `insert into events (user_id, occurred_at, id, type, received_at) values ('u', 1, '${id}', 'search', 1)`,
      ])
    await post('start-1')
    expect(await countEventsOverHttp(storage, set)).toBe(0)
    await post('e-of-the-page')
    expect(await countEventsOverHttp(storage, set)).toBe(1)
  })
})
