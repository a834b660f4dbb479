import { afterAll, describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { attributesAt } from '../../../features/attributes.ts'
import { category, defineProject, occurs } from '../../../features/project.ts'
import { createDataFolder, ISO, NOW_MS } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const EVENTS = 'id,type,userId,occurredAt\ne1,search,u1,1700000000005\n'
const FIRST_MS = 1_700_000_000_000
let count = 0

/** A folder with a log of one user and these files. */
function shopWith(files: Readonly<Record<string, string>>): string {
  count += 1
  return folder.writeAll(`shop-${count}`, { 'events.csv': EVENTS, ...files })
}

describe('a file of users', () => {
  it('gives versions by rising knownAt in whatever order its rows stand', async () => {
    const rows = [
      'u1,gold,40,2025-03-01T00:00:00Z',
      'u0,free,NA,1700000001000',
      'u1,free,40,2025-01-01T00:00:00+01:00',
      'u1,,,2025-02-01',
    ]
    const data = await folder.read(shopWith({ 'users.csv': ['id,plan,age,knownAt', ...rows].join('\n') }))
    expect(data.users.map(({ userId, versions }) => [userId, versions])).toEqual([
      [
        'u1',
        [
          { knownAt: Date.UTC(2024, 11, 31, 23), attributes: { age: 40, plan: 'free' } },
          // Forgotten, and known again.
          { knownAt: Date.UTC(2025, 1, 1), attributes: { age: null, plan: null } },
          { knownAt: Date.UTC(2025, 2, 1), attributes: { age: 40, plan: 'gold' } },
        ],
      ],
      ['u0', [{ knownAt: 1700000001000, attributes: { age: null, plan: 'free' } }]],
    ])
    expect(data.undated).toEqual([])
  })

  it('may have attributes whatever characters are in their names', async () => {
    const names = ['a "b"', "it's", 'c/d~e', '$.f', '\\n', 'g.h']
    const project = defineProject({
      name: 'named',
      events: { search: {} },
      user: Object.fromEntries(names.map((name) => [name, category()])),
      tasks: { searches: occurs('search', { withinDays: 1 }) },
    })
    const header = ['id', ...names].map((name) => `"${name.replaceAll('"', '""')}"`).join(',')
    const rows = ['u1,0,1,2,3,4,5', 'u1,0,1,2,3,4,5']
    const data = await folder.read(shopWith({ 'users.csv': [header, ...rows].join('\n') }), { project })
    const told = Object.fromEntries(names.map((name, index) => [name, String(index)]))
    expect(data.users[0]?.versions).toEqual([{ knownAt: 0, attributes: told }])
    expect(data.undated).toEqual(names.map((name) => `user.${name}`))
  })

  it('names everybody: those with events alone, with attributes alone, and with both', async () => {
    const data = await folder.read(shopWith({ 'users.csv': 'id,plan,age\nu2,free,\nu1,gold,3' }))
    expect(
      data.users.map(({ userId, events, versions }) => [userId, events.length, versions.length]),
    ).toEqual([
      ['u1', 1, 1],
      ['u2', 0, 1],
    ])
    expect(data.userCount).toBe(2)
    const without = await folder.read(shopWith({ 'users.csv': 'id,plan,age\nu0,free,' }))
    expect(without.users.map(({ userId, versions }) => [userId, versions.length])).toEqual([
      ['u1', 0],
      ['u0', 1],
    ])
  })

  it.each([
    ['1770000000', Date.UTC(2026, 1, 2, 2, 40)],
    ['20250131', Date.UTC(2025, 0, 31)],
  ])('reads %s by its size, which as milliseconds would be known ever since', async (text, knownAt) => {
    const path = shopWith({ 'users.csv': `id,plan,age,knownAt\nu1,gold,3,${text}` })
    const { users } = await folder.read(path, { nowMs: knownAt })
    expect(users[0]?.versions.map((version) => version.knownAt)).toEqual([knownAt])
  })

  it('refuses texts that the service and the database would not take', async () => {
    const long = 'é'.repeat(10_001)
    expect(await folder.faultOf(shopWith({ 'items.csv': `id,price,title\ni1,3,${long}` }))).toContain(
      'line 2: title: expected a text of at most 10000 characters',
    )
    const data = await folder.read(shopWith({ 'items.csv': `id,price,title\ni1,3,${long.slice(1)}` }))
    expect(data.items['i1']).toEqual([{ knownAt: 0, attributes: { price: 3, title: long.slice(1) } }])
  })

  it('counts the same version once', async () => {
    const users =
      'id,plan,age,knownAt\nu1,free,3,1700000000010\nu1,free,3.0,1700000000010\nu1,free,3,2023-11-14T22:13:20.010Z'
    const { users: read } = await folder.read(shopWith({ 'users.csv': users }))
    expect(read[0]?.versions).toEqual([{ knownAt: 1700000000010, attributes: { age: 3, plan: 'free' } }])
  })

  const contradictions: [string, string][] = [
    ['a value', "line 4: plan of 'u1': expected what an earlier row says for the same time, found 'gold'"],
    [
      'a missing value',
      "line 4: plan of 'u1': expected what an earlier row says for the same time, found nothing",
    ],
  ]
  it.each(contradictions)('refuses two versions of one time that differ in %s', async (name, message) => {
    const plan = name === 'a value' ? 'gold' : ''
    const dated = shopWith({
      'users.csv': `id,plan,age,knownAt\nu1,free,3,1700000000010\nu2,,3,1700000000010\nu1,${plan},3,1700000000010`,
    })
    const undated = shopWith({ 'users.csv': `id,plan,age\nu1,free,3\nu2,,3\nu1,${plan},3` })
    const unnamed = message.replace('same time', 'same id, as there is no column knownAt')
    for (const [path, line] of Object.entries({ [dated]: message, [undated]: unnamed })) {
      expect(await folder.faultOf(path)).toBe(
        `${path}/users.csv: 1 bad row (--skip-bad-rows reads the others)\n  ${line}`,
      )
      const { users, skippedCount } = await folder.read(path, { skipBadRows: true })
      expect(users[0]?.versions.map(({ attributes }) => attributes)).toEqual([{ age: 3, plan: 'free' }])
      expect(skippedCount).toBe(1)
    }
  })

  it('refuses a time to come, one before 1970 and one that cannot be read', async () => {
    const users = `id,plan,age,knownAt\nu1,free,3,${NOW_MS + 300_001}\nu1,free,3,1969-12-31\nu1,free,3,soon\nu1,free,3,${NOW_MS}`
    expect((await folder.faultOf(shopWith({ 'users.csv': users }))).split('\n').slice(1)).toEqual([
      `  line 2: knownAt: expected a time that is not in the future, found '${NOW_MS + 300_001}'`,
      "  line 3: knownAt: expected a time from 1970 on, found '1969-12-31'",
      `  line 4: knownAt: expected ${ISO}, found 'soon'`,
    ])
  })

  it('counts as undated what it gives without a time, but for what is fixed', async () => {
    const users = 'id,plan,age\nu1,free,3'
    expect((await folder.read(shopWith({ 'users.csv': users }))).undated).toEqual(['user.plan'])
    // A row whose time is empty is undated in a file that has the column, too.
    const mixed = 'id,plan,age,knownAt\nu1,free,3,\nu1,gold,4,1700000000010'
    const data = await folder.read(shopWith({ 'users.csv': mixed }))
    expect(data.undated).toEqual(['user.plan'])
    expect(data.users[0]?.versions.map(({ knownAt }) => knownAt)).toEqual([0, 1700000000010])
    // What no undated row says cannot tell the future.
    const silent = 'id,plan,age,knownAt\nu1,,3,\nu1,gold,4,1700000000010'
    expect((await folder.read(shopWith({ 'users.csv': silent }))).undated).toEqual([])
  })
})

describe('a file of items', () => {
  it('gives versions likewise, in any format', async () => {
    const items = [
      { id: 'i1', price: 5, title: 'spade', knownAt: '2025-01-02' },
      { id: 'i1', price: 4, title: 'spade' },
      { id: 'i2' },
    ]
    const lines = items.map((item) => JSON.stringify(item)).join('\n')
    const data = await folder.read(shopWith({ 'items.ndjson': lines }))
    expect(data.items).toEqual({
      i1: [
        { knownAt: 0, attributes: { price: 4, title: 'spade' } },
        { knownAt: Date.UTC(2025, 0, 2), attributes: { price: 5, title: 'spade' } },
      ],
      i2: [{ knownAt: 0, attributes: { price: null, title: null } }],
    })
    expect(data.undated).toEqual(['item.price'])
  })
})

describe('versions of any file', () => {
  it('give at every moment what a plain reading of the rows gives', async () => {
    const row = fc.record({
      id: fc.constantFrom('u1', 'u2', 'ü'),
      knownAt: fc.integer({ min: 0, max: 6 }).map((ms) => FIRST_MS + ms),
      plan: fc.constantFrom('', 'free', 'gold'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { selector: ({ id, knownAt }) => `${id}/${knownAt}`, minLength: 1 }),
        async (rows) => {
          const lines = rows.map(({ id, knownAt, plan }) => `${id},${plan},,${knownAt}`)
          const path = shopWith({ 'users.csv': ['id,plan,age,knownAt', ...lines].join('\n') })
          const { users } = await folder.read(path)
          for (const { userId, versions } of users) {
            for (const afterMs of [-1, 0, 1, 2, 3, 4, 5, 6, 7]) {
              const atMs = FIRST_MS + afterMs
              const known = rows.filter(({ id, knownAt }) => id === userId && knownAt <= atMs)
              const latest = known.toSorted((a, b) => b.knownAt - a.knownAt)[0]
              expect(attributesAt(versions, atMs)['plan'] ?? '').toBe(latest?.plan ?? '')
            }
          }
        },
      ),
      { numRuns: 15 },
    )
  })
})

describe('user attributes that a log carries itself', () => {
  const HEADER = 'id,type,userId,occurredAt,receivedAt,plan,age'
  const read = async (rows: readonly string[], files: Readonly<Record<string, string>> = {}) =>
    folder.read(shopWith({ 'events.csv': [HEADER, ...rows].join('\n'), ...files }))

  it('are versions from the receipt of the rows that say something new, and dated', async () => {
    const data = await read([
      'a,search,u1,1700000000010,1700000000020,free,',
      'b,search,u1,1700000000011,1700000000021,free,',
      // Heard of late: what it says was not known before.
      'c,search,u1,1700000000012,1700000000090,gold,41',
      'd,search,u1,1700000000050,1700000000050,,',
      'e,search,u1,1700000000060,1700000000060,free,40',
      'f,search,u2,1700000000001,1700000000001,,',
    ])
    expect(data.users.map(({ versions }) => versions)).toEqual([
      [
        { knownAt: 1700000000020, attributes: { plan: 'free' } },
        { knownAt: 1700000000060, attributes: { age: 40, plan: 'free' } },
        { knownAt: 1700000000090, attributes: { age: 41, plan: 'gold' } },
      ],
      [],
    ])
    expect(data.undated).toEqual([])
  })

  it('are known since they were first heard of, in whatever order the rows stand', async () => {
    const rows = [
      'a,search,u1,1700000000001,1700000000010,free,',
      'b,search,u1,1700000000002,1700000000090,gold,',
      'c,search,u1,1700000000003,1700000000050,gold,',
    ]
    const [user] = (await read(rows)).users
    expect(user?.versions).toEqual([
      { knownAt: 1700000000010, attributes: { plan: 'free' } },
      { knownAt: 1700000000050, attributes: { plan: 'gold' } },
    ])
  })

  it('are at one moment what the last row says', async () => {
    const [user] = (
      await read([
        'b,search,u1,1700000000010,1700000000010,free,1',
        'a,search,u1,1700000000010,1700000000010,gold,',
      ])
    ).users
    expect(user?.versions).toEqual([{ knownAt: 1700000000010, attributes: { age: 1, plan: 'gold' } }])
  })

  it('are passed over, aloud, where a file of users stands beside the log', async () => {
    const data = await read(['b,search,u1,1700000000010,1700000000010,free,1'], {
      'users.csv': 'id,plan,age\nu1,gold,2',
    })
    expect(data.users[0]?.versions).toEqual([{ knownAt: 0, attributes: { age: 2, plan: 'gold' } }])
    expect(data.notes).toEqual(['events.csv: age, plan not read; users.csv says what users are'])
  })
})
