// When events happened, and in which order they stand.
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { compareEvents } from '../../../features/event.ts'
import type { Event } from '../../../features/event.ts'
import { defineProject, occurs } from '../../../features/project.ts'
import { createDataFolder, NOW_MS } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())
const FIRST_MS = 1_700_000_000_000
let count = 0

const HEADER = 'id,type,userId,occurredAt,receivedAt'

async function read(rows: readonly string[], options = {}) {
  count += 1
  return folder.read(folder.write(`log-${count}.csv`, [HEADER, ...rows].join('\n')), options)
}

/** A user that does two things in a row of the file. */
const pairs = defineProject({
  name: 'pairs',
  events: { look: {}, act: {} },
  tasks: { acts: occurs('act', { withinDays: 1 }) },
  source: {
    kind: 'events',
    events: [
      { id: "'z' || id", type: "'look'", userId: '"userId"', occurredAt: '"occurredAt"', timeUnit: 'ms' },
      { id: "'a' || id", type: "'act'", userId: '"userId"', occurredAt: '"occurredAt"', timeUnit: 'ms' },
    ],
  },
})

describe('the order of a history', () => {
  it('is that of the file for events of one moment, however ids are spelt', async () => {
    const { users } = await read([
      '10,search,u,1700000000005,',
      '9,search,u,1700000000005,',
      'b,search,u,1700000000004,',
      'a,search,u,1700000000005,',
    ])
    expect(users[0]?.events.map(({ id }) => id)).toEqual(['b', '10', '9', 'a'])
  })

  it('puts several events of one row in the order of the mapping, rows in theirs', async () => {
    const { users } = await read(['2,,u,5,', '1,,u,5,'], { project: pairs })
    expect(users[0]?.events.map(({ id }) => id)).toEqual(['z2', 'a2', 'z1', 'a1'])
  })

  it('puts first what was heard of first', async () => {
    const { users } = await read([
      'late,search,u,1700000000005,1700000000009',
      'early,search,u,1700000000005,1700000000006',
    ])
    expect(users[0]?.events.map(({ id }) => id)).toEqual(['early', 'late'])
  })

  it('changes with the ids of events in nothing but the ids', async () => {
    const row = fc.record({
      user: fc.constantFrom('u', 'v'),
      at: fc.integer({ min: 0, max: 3 }).map((ms) => FIRST_MS + ms),
      wait: fc.integer({ min: 0, max: 2 }),
      name: fc.string({ unit: fc.constantFrom('a', 'B', 'é', '😀', '1'), maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        const historiesOf = async (idOf: (index: number) => string) => {
          const lines = rows.map(
            ({ user, at, wait }, index) => `${idOf(index)},search,${user},${at},${at + wait}`,
          )
          const rowOf = new Map(rows.map((_, index) => [idOf(index), index]))
          const { users } = await read(lines)
          for (const { events } of users) expect(events.toSorted(compareEvents)).toEqual(events)
          return users.map(({ events }) =>
            events.map((event: Event) => ({ ...event, id: rowOf.get(event.id) })),
          )
        }
        expect(await historiesOf((index) => `${rows[index]?.name}${index}`)).toEqual(
          await historiesOf((index) => String(1000 - index)),
        )
      }),
      { numRuns: 10 },
    )
  })
})

describe('a clock that is ahead', () => {
  it('makes an event happen when it was received, and is told of', async () => {
    const { users, notes, span } = await read([
      'a,search,u,1700000000100,1700000000100',
      'b,search,u,1700000005200,1700000000200',
      'c,search,u,1700000000300,1700000000200',
      'd,search,u,99999999999999,1700000000300',
    ])
    expect(users[0]?.events.map(({ id, occurredAt }) => [id, occurredAt])).toEqual([
      ['a', 1700000000100],
      ['b', 1700000000200],
      ['c', 1700000000200],
      ['d', 1700000000300],
    ])
    expect(span).toEqual({ startMs: 1700000000100, endMs: 1700000000300 })
    expect(notes).toEqual([
      `log-${count}.csv: 3 events claim a time after their receipt and count as of then, ` +
        "the furthest is 'd', 98300000000 s ahead",
    ])
  })

  it('is not told of where no event is ahead, nor where a log says nothing of receipts', async () => {
    expect(
      (await read(['a,search,u,1700000000100,1700000000100', 'b,search,u,1700000000100,'])).notes,
    ).toEqual([])
  })

  it('is no excuse for a time to come without a receipt, nor for a receipt to come', async () => {
    const path = folder.write(
      'future.csv',
      [HEADER, `a,search,u,${NOW_MS + 300_001},`, `b,search,u,1700000000001,${NOW_MS + 300_001}`].join('\n'),
    )
    expect((await folder.faultOf(path)).split('\n').slice(1)).toEqual([
      `  line 2: occurredAt: expected a time that is not in the future, found '${NOW_MS + 300_001}'`,
      `  line 3: receivedAt: expected a time that is not in the future, found '${NOW_MS + 300_001}'`,
    ])
  })
})

describe('the order of users', () => {
  it('is that in which the files first name them, the log first, whatever their ids', async () => {
    const path = folder.writeAll('named', {
      'events.csv': [
        HEADER,
        'a,search,zoe,1700000000009,',
        'b,search,ann,1700000000001,',
        'c,search,zoe,1700000000002,',
        'd,search,Émile,1700000000003,',
      ].join('\n'),
      'users.csv': ['id,age,plan', 'quiet,3,a', 'ann,1,a', 'aaa,2,b', 'zoe,4,b'].join('\n'),
    })
    const { users } = await folder.read(path)
    expect(users.map(({ userId }) => userId)).toEqual(['zoe', 'ann', 'Émile', 'quiet', 'aaa'])
    expect(users.map(({ versions }) => versions[0]?.attributes['age'])).toEqual([4, 1, undefined, 3, 2])
    expect(users.map(({ events }) => events.map(({ id }) => id))).toEqual([['c', 'a'], ['b'], ['d'], [], []])
  })

  it('changes with the ids of users in nothing but the ids', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({
      user: (index * index) % 11,
      at: FIRST_MS + ((index * 37) % 50),
    }))
    const historiesOf = async (idOf: (user: number) => string) => {
      const { users } = await read(rows.map(({ user, at }, index) => `${index},search,${idOf(user)},${at},`))
      return users.map(({ events }) => events.map(({ id }) => id))
    }
    expect(await historiesOf((user) => `u-${user}`)).toEqual(await historiesOf((user) => String(99 - user)))
  })
})
