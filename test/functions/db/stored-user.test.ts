import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { HISTORY_LENGTH_MAX } from '../../../features/manifest.ts'
import { connect } from '../../../functions/db/client.ts'
import { StorageError } from '../../../functions/db/storage-error.ts'
import { readStoredUser } from '../../../functions/db/stored-user.ts'
import { createService } from '../service.ts'

beforeEach(async () => {
  await createService()
})

const query = { userId: 'u-1', atMs: 1_000, itemCategories: ['department'] }
/** D1 refuses a row, and a text in it, of more. */
const ROW_BYTES_MAX = 2_000_000

interface StoredEvent {
  readonly id: string
  readonly occurredAt?: number
  readonly receivedAt?: number
  readonly place?: number
  readonly itemId?: string
  readonly properties?: string
}

async function storeEvents(events: readonly StoredEvent[]): Promise<void> {
  const insert = env.DB.prepare(
    "insert into events (user_id, occurred_at, id, type, item_id, value, properties, received_at, place) values ('u-1', ?, ?, 'view', ?, 2.5, ?, ?, ?)",
  )
  await env.DB.batch(
    events.map(({ id, occurredAt = 5, receivedAt = occurredAt, place = 0, itemId = 'i-1', properties }) =>
      insert.bind(occurredAt, id, itemId, properties ?? '{"device":"phone"}', receivedAt, place),
    ),
  )
}

async function storeItems(items: readonly (readonly [id: string, knownAt: number, attributes: object])[]) {
  const insert = env.DB.prepare('insert into items (id, known_at, attributes) values (?, ?, ?)')
  await env.DB.batch(items.map(([id, knownAt, values]) => insert.bind(id, knownAt, JSON.stringify(values))))
}

/** What a query is, and how SQLite carries it out. */
async function explain(): Promise<string> {
  const asked: { sql: string; values: unknown[] }[] = []
  const listening = new Proxy(env.DB, {
    get(target, name: keyof D1Database) {
      if (name !== 'prepare') return target[name].bind(target)
      return (sql: string) => {
        const statement = target.prepare(sql)
        return new Proxy(statement, {
          get(prepared, method: keyof D1PreparedStatement) {
            if (method !== 'bind') return prepared[method].bind(prepared)
            return (...values: unknown[]) => {
              asked.push({ sql, values })
              return prepared.bind(...values)
            }
          },
        })
      }
    },
  })
  await readStoredUser(connect(listening), query)
  expect(asked).toHaveLength(1)
  const [{ sql, values }] = asked as [{ sql: string; values: unknown[] }]
  const { results } = await env.DB.prepare(`explain query plan ${sql}`)
    .bind(...values)
    .all<{ detail: string }>()
  return results.map((step) => step.detail).join('\n')
}

describe('readStoredUser', () => {
  it('gives corrections, and what held before them to who asks what was stored by then', async () => {
    const insert = (table: 'users' | 'items', id: string, attributes: object, storedAt: number) =>
      env.DB.prepare(`insert into ${table} values (?, 500, ?, ?)`).bind(
        id,
        JSON.stringify(attributes),
        storedAt,
      )
    await storeEvents([{ id: 'e-1' }])
    await env.DB.batch([
      env.DB.prepare("insert into events values ('u-1', 6, 'e-2', 'view', 'i-1', null, null, 6, 0, 950)"),
      insert('users', 'u-1', { plan: 'pro' }, 600),
      insert('users', 'u-1', { plan: 'basic' }, 900),
      insert('items', 'i-1', { department: 'shoes' }, 600),
      insert('items', 'i-1', { department: 'hats' }, 900),
    ])
    const read = async (storedByMs?: number) => {
      const asked = { ...query, ...(storedByMs !== undefined && { storedByMs }) }
      const { history, user, items } = await readStoredUser(connect(env.DB), asked)
      const valuesOf = (versions: readonly { readonly attributes: object }[] | undefined) =>
        versions?.flatMap(({ attributes }) => Object.values(attributes) as string[])
      return [history.length, valuesOf(user), valuesOf(items.get('i-1'))]
    }
    expect(await read()).toEqual([2, ['basic'], ['hats']])
    expect(await read(960)).toEqual([2, ['basic'], ['hats']])
    expect(await read(949)).toEqual([1, ['basic'], ['hats']])
    expect(await read(899)).toEqual([1, ['pro'], ['shoes']])
    expect(await read(599)).toEqual([1, [], undefined])
  })

  it('reads ranges of primary keys, whatever else the tables hold', async () => {
    const plan = await explain()
    expect(plan).toContain('SEARCH events USING PRIMARY KEY (user_id=? AND occurred_at<?)')
    expect(plan).toContain('SEARCH users USING PRIMARY KEY (id=? AND known_at<?)')
    expect(plan).toContain('SEARCH items USING PRIMARY KEY (id=? AND known_at=? AND stored_at=?)')
    expect(plan).toContain('SEARCH version USING PRIMARY KEY (id=? AND known_at<?)')
    expect(plan).not.toMatch(/SCAN (events|users|items|version)/)
    // The range comes in order of time: what is sorted is events of one moment.
    expect(plan).toMatch(/SEARCH events.*\n.*USE TEMP B-TREE FOR LAST 3 TERMS OF ORDER BY/)
  })

  it('reads the latest events, those of one moment by receipt and place, however ids are spelt', async () => {
    const many = Array.from({ length: HISTORY_LENGTH_MAX - 2 }, (_, index) => ({
      id: `m-${index}`,
      occurredAt: 10,
    }))
    await storeEvents([
      ...many,
      { id: 'z', occurredAt: 5, place: 0 },
      { id: 'a', occurredAt: 5, place: 2 },
      { id: 'm', occurredAt: 5, place: 1 },
      { id: 'b', occurredAt: 5, receivedAt: 6, place: 0 },
    ])
    const { history } = await readStoredUser(connect(env.DB), query)
    const early = history.filter(({ occurredAt }) => occurredAt === 5).map(({ id }) => id)
    expect(history).toHaveLength(HISTORY_LENGTH_MAX)
    expect(new Set(early)).toEqual(new Set(['b', 'a']))
  })

  it('reads the versions that hold at the moment', async () => {
    await storeEvents([{ id: 'a' }])
    await storeItems([
      ['i-1', 0, { price: 1 }],
      ['i-1', 900, { price: 2 }],
      ['i-1', 1_001, { price: 3 }],
      ['i-2', 0, { price: 9 }],
    ])
    const insert = env.DB.prepare("insert into users (id, known_at, attributes) values ('u-1', ?, ?)")
    await env.DB.batch([insert.bind(1_000, '{"plan":"pro"}'), insert.bind(1_001, '{"plan":"free"}')])
    const { user, items } = await readStoredUser(connect(env.DB), query)
    expect(user).toEqual([{ knownAt: 1_000, attributes: { plan: 'pro' } }])
    expect(items).toEqual(new Map([['i-1', [{ knownAt: 900, attributes: { price: 2 } }]]]))
    expect((await readStoredUser(connect(env.DB), { ...query, atMs: 999 })).user).toEqual([])
  })

  it('reads categories of all items, and texts and numbers of the latest alone', async () => {
    await storeEvents([
      { id: 'a', occurredAt: 1, itemId: 'i-1' },
      { id: 'b', occurredAt: 2, itemId: 'i-2' },
    ])
    const attributes = { department: 'shoes', price: 3, title: 'A pair' }
    await storeItems([
      ['i-1', 0, attributes],
      ['i-2', 0, attributes],
    ])
    const { items } = await readStoredUser(connect(env.DB), query)
    expect(items).toEqual(
      new Map([
        ['i-1', [{ knownAt: 0, attributes: { department: 'shoes' } }]],
        ['i-2', [{ knownAt: 0, attributes }]],
      ]),
    )
  })

  it('reads no row that D1 would refuse, however long texts, categories and properties are', async () => {
    const long = 'x'.repeat(10_000)
    const events = Array.from({ length: HISTORY_LENGTH_MAX }, (_, index) => ({
      id: `${String(index).padStart(4, '0')}${'e'.repeat(124)}`,
      occurredAt: index,
      itemId: `${index}${'i'.repeat(120)}`,
      properties: JSON.stringify({ device: 'y'.repeat(30_000) }),
    }))
    await storeEvents(events)
    await storeItems(events.map(({ itemId }) => [itemId, 0, { department: long, title: long, name: long }]))
    let longest = 0
    const measuring = new Proxy(env.DB, {
      get(target, name: keyof D1Database) {
        if (name !== 'prepare') return target[name].bind(target)
        return (sql: string) => ({
          bind: (...values: unknown[]) => ({
            async raw() {
              const rows = await target
                .prepare(sql)
                .bind(...values)
                .raw()
              longest = Math.max(longest, ...rows.map((row) => JSON.stringify(row).length))
              return rows
            },
          }),
        })
      },
    })
    const { history, items } = await readStoredUser(connect(measuring), query)
    expect(history.filter(({ properties }) => properties !== undefined)).toHaveLength(1)
    expect(items.size).toBe(HISTORY_LENGTH_MAX)
    expect(longest).toBeGreaterThan(0)
    expect(longest).toBeLessThan(ROW_BYTES_MAX)
  })

  it('gives events as they were stored, and leaves out what was not known', async () => {
    await storeEvents([
      { id: 'a', occurredAt: 1, place: 3 },
      { id: 'late', occurredAt: 2, receivedAt: 1_001 },
    ])
    const { user, history } = await readStoredUser(connect(env.DB), query)
    expect(user).toEqual([])
    expect(history).toEqual([
      {
        id: 'a',
        userId: 'u-1',
        type: 'view',
        itemId: 'i-1',
        value: 2.5,
        properties: { device: 'phone' },
        occurredAt: 1,
        receivedAt: 1,
        place: 3,
      },
    ])
  })

  it('fails as StorageError, refused, where the table is not there', async () => {
    await env.DB.prepare('alter table users rename to hidden_users').run()
    try {
      const read = readStoredUser(connect(env.DB), query)
      await expect(read).rejects.toThrow(StorageError)
      await expect(read).rejects.toMatchObject({
        fault: 'refused',
        message: 'read a stored user: no such table: users',
      })
    } finally {
      await env.DB.prepare('alter table hidden_users rename to users').run()
    }
  })
})
