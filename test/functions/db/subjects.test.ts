import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { connect, StorageError } from '../../../functions/db/client.ts'
import { readSubject } from '../../../functions/db/subjects.ts'
import { createService } from '../service.ts'

beforeEach(async () => {
  await createService()
})

const query = { userId: 'u-1', at: 1_000, historyLengthMax: 3 }

async function storeEvent(id: string, occurredAt: number, receivedAt = occurredAt): Promise<void> {
  await env.DB.prepare(
    "insert into events (user_id, occurred_at, id, type, item_id, value, properties, received_at) values ('u-1', ?, ?, 'view', 'i-1', 2.5, '{\"device\":\"phone\"}', ?)",
  )
    .bind(occurredAt, id, receivedAt)
    .run()
}

describe('readSubject', () => {
  it('reads a history as one range of the primary key, without sorting', async () => {
    const asked: string[] = []
    const listening = new Proxy(env.DB, {
      get(target, name: keyof D1Database) {
        if (name === 'prepare') return (text: string) => (asked.push(text), target.prepare(text))
        return target[name].bind(target)
      },
    })
    await readSubject(connect(listening), query)
    expect(asked).toHaveLength(1)
    const explained = env.DB.prepare(`explain query plan ${asked[0]}`)
    const { results } = await explained
      .bind('u-1', 1_000, 1_000, 3, 'u-1', 1_000, 1_000, 'u-1')
      .all<{ detail: string }>()
    const steps = results.map((step) => step.detail)
    expect(steps).toContain('SEARCH events USING PRIMARY KEY (user_id=? AND occurred_at<?)')
    expect(steps.join('\n')).not.toMatch(/SCAN (events|users|items|bundles)|TEMP B-TREE FOR ORDER/)
  })

  it('reads the latest events, those of one moment by id', async () => {
    for (const [id, occurredAt] of [
      ['a', 1],
      ['b', 5],
      ['d', 5],
      ['c', 5],
    ] as const)
      await storeEvent(id, occurredAt)
    const { subject } = await readSubject(connect(env.DB), query)
    expect(new Set(subject.history.map((event) => event.id))).toEqual(new Set(['d', 'c', 'b']))
  })

  it('reads the properties of the latest event alone, so that long ones fit into one row', async () => {
    const properties = JSON.stringify({ device: 'x'.repeat(30_000) })
    for (let id = 0; id < 400; id += 1) {
      await env.DB.prepare(
        "insert into events (user_id, occurred_at, id, type, properties, received_at) values ('u-1', 5, ?, 'view', ?, 5)",
      )
        .bind(String(1_000 + id), properties)
        .run()
    }
    const { subject } = await readSubject(connect(env.DB), { ...query, historyLengthMax: 400 })
    const described = subject.history.filter((event) => event.properties !== undefined)
    expect(subject.history).toHaveLength(400)
    expect(described.map((event) => event.id)).toEqual(['1399'])
  })

  it('gives events as they were stored, and leaves out what was not known', async () => {
    await storeEvent('a', 1)
    await storeEvent('late', 2, 1_001)
    await env.DB.prepare('insert into items (id, attributes, updated_at) values (?, ?, 0)')
      .bind('i-1', '{"price":0.1}')
      .run()
    const { subject, deployment } = await readSubject(connect(env.DB), query)
    expect(deployment).toBeUndefined()
    expect(subject.attributes).toBeUndefined()
    expect(subject.items).toEqual(new Map([['i-1', { price: 0.1 }]]))
    expect(subject.history).toEqual([
      {
        id: 'a',
        userId: 'u-1',
        type: 'view',
        itemId: 'i-1',
        value: 2.5,
        properties: { device: 'phone' },
        occurredAt: 1,
        receivedAt: 1,
      },
    ])
  })

  it('fails as StorageError where the table is not there', async () => {
    await env.DB.prepare('alter table users rename to hidden_users').run()
    try {
      await expect(readSubject(connect(env.DB), query)).rejects.toThrow(StorageError)
    } finally {
      await env.DB.prepare('alter table hidden_users rename to users').run()
    }
  })
})
