// Rows that tell of several events: sequences and lists in a cell.
import { afterAll, describe, expect, it } from 'vitest'
import { array, assert, asyncProperty, stringMatching, tuple, uniqueArray } from 'fast-check'
import { category, count, defineProject } from '../../../features/project.ts'
import type { Project } from '../../../features/project.ts'
import type { EventColumns, Reading } from '../../../features/source.ts'
import { createDataFolder } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const LINES: Reading = { columns: ['line'], delimiter: '', quote: '' }
const SEQUENCES: EventColumns = {
  reading: LINES,
  each: "string_split(line, ' ')[2:]",
  type: "'play'",
  userId: "split_part(line, ' ', 1)",
  itemId: 'each',
  occurredAt: '1704067200 + 60 * "presage place"',
  timeUnit: 's',
}

function project(...events: readonly EventColumns[]): Project {
  return defineProject({
    name: 'music',
    events: { play: { item: true }, open: {} },
    context: { last: category() },
    tasks: { plays: count('play', { withinMinutes: 10 }) },
    source: { kind: 'events', events },
  })
}

async function historiesOf(content: string, ...events: readonly EventColumns[]): Promise<unknown> {
  const { users } = await folder.read(folder.write('log.txt', content), { project: project(...events) })
  return users.map(({ userId, events: history }) => [userId, history.map(({ itemId }) => itemId)])
}

describe('a row with a list', () => {
  it('yields an event for each member, in the order of the list, at times by its place', async () => {
    const path = folder.write('plays.txt', 'ann s1 s2 s1\nbob s9 s8\n')
    const { users, eventCount } = await folder.read(path, { project: project(SEQUENCES) })
    expect(eventCount).toBe(5)
    expect(users.map(({ userId }) => userId)).toEqual(['ann', 'bob'])
    const start = 1_704_067_200_000
    expect(
      users[0]?.events.map(({ id, itemId, occurredAt }) => [id, itemId, (occurredAt - start) / 60_000]),
    ).toEqual([
      ['plays.txt:1.1', 's1', 1],
      ['plays.txt:1.2', 's2', 2],
      ['plays.txt:1.3', 's1', 3],
    ])
  })

  it('is bad by its line where its list cannot be computed, and hinders no other row', async () => {
    const lists: EventColumns = {
      each: "cast(items as json)->>'$[*]'",
      type: "'play'",
      userId: 'user',
      itemId: 'each',
      occurredAt: 'at',
    }
    const rows = ['ann\t["s1","s2"]\t2026-01-01', 'bob\t["s1",\t2026-01-01', 'cid\t\t2026-01-01']
    const path = folder.write('lists.tsv', ['user\titems\tat', ...rows].join('\n'))
    expect(await folder.faultOf(path, { project: project(lists) })).toContain(
      'line 3: each: expected a row that its list can be computed of',
    )
    const { users } = await folder.read(path, { project: project(lists), skipBadRows: true })
    expect(users.map(({ userId, events }) => [userId, events.map(({ itemId }) => itemId)])).toEqual([
      ['ann', ['s1', 's2']],
    ])
  })

  it('is read as it was written, whatever the items and the lengths of lines', async () => {
    const token = stringMatching(/^[a-z0-9,;"'|]{1,6}$/)
    const log = uniqueArray(tuple(token, array(token, { minLength: 1, maxLength: 30 })), {
      minLength: 1,
      maxLength: 100,
      selector: ([user]) => user,
    })
    await assert(
      asyncProperty(log, async (lines) => {
        const content = lines.map(([user, items]) => [`u${user}`, ...items].join(' ')).join('\n')
        const wanted = lines.map(([user, items]) => [`u${user}`, items])
        expect(await historiesOf(`${content}\n`, SEQUENCES)).toEqual(wanted)
      }),
      { numRuns: 5 },
    )
  })

  it('keeps the order of the list where all members are of one moment', async () => {
    const at = { ...SEQUENCES, occurredAt: '1704067200' }
    expect(await historiesOf('ann c b a\nbob z y\n', at)).toEqual([
      ['ann', ['c', 'b', 'a']],
      ['bob', ['z', 'y']],
    ])
  })

  it('may stand beside a mapping that yields one event a row', async () => {
    const open = {
      reading: LINES,
      type: "'open'",
      userId: "split_part(line, ' ', 1)",
      occurredAt: '1704067200',
      timeUnit: 's',
    } as const
    const path = folder.write('both.txt', 'ann s1 s2\nbob s9\n')
    const { users } = await folder.read(path, { project: project(open, SEQUENCES) })
    expect(users.map(({ events }) => events.map(({ type, id }) => [type, id]))).toEqual([
      [
        ['open', 'both.txt:1'],
        ['play', 'both.txt:1.1/2'],
        ['play', 'both.txt:1.2/2'],
      ],
      [
        ['open', 'both.txt:2'],
        ['play', 'both.txt:2.1/2'],
      ],
    ])
  })

  it('takes other columns of the row, and of its context, along', async () => {
    const orders = {
      each: "string_split(products, '|')",
      type: "'play'",
      userId: 'customer',
      itemId: 'each',
      occurredAt: 'at',
      context: { last: "case when each = string_split(products, '|')[-1] then 'yes' else 'no' end" },
    }
    const path = folder.write('orders.csv', 'customer,at,products\nann,2024-01-01,a|b\n')
    const { users } = await folder.read(path, { project: project(orders) })
    expect(users[0]?.events.map(({ itemId, properties }) => [itemId, properties])).toEqual([
      ['a', { last: 'no' }],
      ['b', { last: 'yes' }],
    ])
  })

  it('without a member yields nothing, and is counted', async () => {
    const path = folder.write('bare.txt', 'ann\nbob s9 s8\n')
    const { report } = await folder.read(path, { project: project(SEQUENCES) })
    expect(report.files[0]).toMatchObject({ rows: 2, stored: 2, unused: 1 })
  })

  it('names the line of a bad member', async () => {
    const path = folder.write('bad.txt', 'ann s1 s2\nbob s9  s8\n')
    expect(await folder.faultOf(path, { project: project(SEQUENCES) })).toBe(
      `${path}: 1 bad row (--skip-bad-rows reads the others)\n  line 2: itemId: expected an item, found nothing`,
    )
  })

  it('must be a list, of a file that has no column of the name of its members', async () => {
    const path = folder.write('wrong.txt', 'ann s1\n')
    expect(await folder.faultOf(path, { project: project({ ...SEQUENCES, each: 'line' }) })).toBe(
      `${path}: events[0].each is line: expected a list, as in string_split(line, ' ')`,
    )
    const named = { ...SEQUENCES, reading: {}, each: "string_split(line, ' ')" }
    const other = folder.write('named.csv', 'line,each\nann s1,x\n')
    expect(await folder.faultOf(other, { project: project(named) })).toContain("the file has a column 'each'")
  })

  it('is read in the time that its length asks, not its square', async () => {
    const items = Array.from({ length: 100_000 }, (_, index) => `i${index % 977}`)
    const path = folder.write('long.txt', `ann ${items.join(' ')}\n`)
    const { eventCount } = await folder.read(path, { project: project(SEQUENCES) })
    expect(eventCount).toBe(100_000)
  })
})
