// Whose events are read, under which ids, and what is said where files do not fit together.
import { afterAll, describe, expect, it } from 'vitest'
import { defineProject, label, number } from '../../../features/project.ts'
import { createDataFolder, shop } from './data-folder.ts'
import type { Content } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const HEADER = 'id,type,userId,occurredAt,device'
let count = 0

function fileOf(rows: readonly string[], header = HEADER): string {
  return folder.write(`log-${(count += 1)}.csv`, [header, ...rows].join('\n'))
}

function idsOf({ users }: Content): string[] {
  return users.flatMap(({ events }) => events.map(({ id }) => id))
}

describe('an id that a spreadsheet rounded', () => {
  it('is told of in a log, and what only looks so is not', async () => {
    const rows = [
      '1,search,1.23457E+15,2025-01-01,x',
      '2,search,1.23457E+15,2025-01-02,x',
      '3,search,e5,2025-01-02,x',
    ]
    const path = fileOf([
      ...rows,
      '4,search,12e,2025-01-03,x',
      '5,search,1.2,2025-01-03,x',
      '6,search,7e5a,2025-01-03,x',
    ])
    const { notes } = await folder.read(path)
    expect(notes).toEqual([
      `log-${count}.csv: 2 rows have ids of users that a spreadsheet rounded (1 in all), which may stand for several each: export them as text, as '1.23457E+15'`,
    ])
  })

  it('is told of in a table', async () => {
    const project = defineProject({
      name: 'subscribers',
      user: { age: number() },
      tasks: { left: label(['no', 'yes']) },
      source: { kind: 'table', id: 'phone', labels: { left: 'left' } },
    })
    const path = folder.write('rounded.csv', 'phone,age,left\n"4,36601E+11",30,no\n436641234567,31,yes\n')
    const { notes } = await folder.read(path, { project })
    expect(notes[0]).toBe(
      "rounded.csv: 1 row has an id of users that a spreadsheet rounded (1 in all), which may stand for several each: export them as text, as '4,36601E+11'",
    )
  })
})

describe('an event without an id', () => {
  const NO_ID = 'type,userId,occurredAt'

  it('is named by its file and row, the same whenever the file is read', async () => {
    const path = folder.write(
      'visits.csv',
      [NO_ID, 'search,b,2025-01-01', 'search,a,2025-01-02', 'search,b,2025-01-02'].join('\n'),
    )
    expect(idsOf(await folder.read(path))).toEqual(['visits.csv:1', 'visits.csv:3', 'visits.csv:2'])
    expect(idsOf(await folder.read(path))).toEqual(idsOf(await folder.read(path)))
  })

  it('counts skipped rows, so that ids stay where one is mended', async () => {
    const path = folder.write(
      'gap.csv',
      [NO_ID, 'search,a,2025-01-01', 'oops,a,2', 'search,a,2025-01-03'].join('\n'),
    )
    expect(idsOf(await folder.read(path, { skipBadRows: true }))).toEqual(['gap.csv:1', 'gap.csv:3'])
  })

  it('never has the id of one in another file', async () => {
    const rows = [NO_ID, 'search,a,2025-01-01', 'search,a,2025-01-02'].join('\n')
    const files = {
      'events/day-1/part.csv': rows,
      'events/day-2/part.csv': rows,
      'events/day-3/part.csv': rows,
    }
    folder.writeAll('days', files)
    const data = await folder.read(`${folder.path}/days/events/*/part.csv`)
    const days = ['day-1', 'day-2', 'day-3']
    expect(idsOf(data).toSorted()).toEqual(
      days.flatMap((day) => [1, 2].map((row) => `${day}/part.csv:${row}`)),
    )
  })

  it('is told of where it stands in several files alike, as days do that were exported twice', async () => {
    const [a, b] = ['search,a,2025-01-01', 'search,b,2025-01-02']
    const path = folder.writeAll('twice', {
      'events_20250101.csv': [NO_ID, a, a, b].join('\n'),
      'events_fresh_20250101.csv': [NO_ID, b, 'search,c,2025-01-02'].join('\n'),
    })
    const { eventCount, notes } = await folder.read(path)
    expect(eventCount).toBe(5)
    expect(notes).toEqual([
      'twice: 2 events stand in several files alike, and count in each; where files overlap leave one out, or name an id',
    ])
    // With ids, and within one file, lines alike are what they are: two, as of a basket.
    const named = folder.writeAll('named', { 'a.csv': `id,${NO_ID}\n1,${a}`, 'b.csv': `id,${NO_ID}\n2,${a}` })
    expect((await folder.read(named)).notes).toEqual([])
    expect((await folder.read(fileOf([a, a], NO_ID))).notes).toEqual([])
  })

  it('has one for each event that a row yields', async () => {
    const path = folder.write('orders.csv', ['who,bought,paid', 'ann,2025-01-01,2025-01-02'].join('\n'))
    const event = (occurredAt: string) => ({ type: `'search'`, userId: 'who', occurredAt })
    const project = { ...shop, source: { kind: 'events', events: [event('bought'), event('paid')] } } as const
    expect(idsOf(await folder.read(path, { project }))).toEqual(['orders.csv:1', 'orders.csv:1/2'])
  })
})

describe('rows that repeat an id', () => {
  it('are counted aloud where they say the same or less', async () => {
    const path = fileOf([
      'e,search,u,2025-01-01,phone',
      'e,search,u,2025-01-01,phone',
      'e,search,u,2025-01-01,',
      'f,search,u,2025-01-02,',
    ])
    const { eventCount, notes, report } = await folder.read(path)
    expect(eventCount).toBe(2)
    expect(notes).toEqual([`log-${count}.csv: 2 rows repeat an event that was read before, and count once`])
    expect(report.files).toMatchObject([{ rows: 4, stored: 2, repeated: 2, skipped: [] }])
  })

  it.each([
    ['of another user', 'e,search,v,2025-01-01,phone'],
    ['at another time', 'e,search,u,2025-01-02,phone'],
    ['with another property', 'e,search,u,2025-01-01,desk'],
  ])('are bad rows where they are another event, %s', async (_how, row) => {
    const path = fileOf(['e,search,u,2025-01-01,phone', row])
    expect(await folder.faultOf(path)).toContain(
      "line 3: id: expected an id of its own, or the same event again, found 'e'",
    )
    const { report } = await folder.read(path, { skipBadRows: true })
    expect(report.files).toMatchObject([
      { rows: 2, stored: 1, repeated: 0, skipped: [{ field: 'id', rows: 1 }] },
    ])
  })

  it('are bad rows where they say more', async () => {
    expect(await folder.faultOf(fileOf(['e,search,u,2025-01-01,', 'e,search,u,2025-01-01,phone']))).toContain(
      'line 3: id',
    )
  })
})

describe('users that are nobody', () => {
  it('are named with their share where their rows are skipped', async () => {
    const path = fileOf([
      'a,search,undefined,2025-01-01,',
      'b,search,u,2025-01-02,',
      'c,search,NULL,2025-01-03,',
      'd,search,v,2025-01-04,',
    ])
    const { notes, userCount } = await folder.read(path, { skipBadRows: true })
    expect(userCount).toBe(2)
    expect(notes).toEqual([
      `log-${count}.csv: 2 of 4 rows (50.0 %) name nobody, as 'undefined' or 'null' do, and are skipped`,
    ])
  })
})

describe('rows of a table with the id of an earlier one', () => {
  it('are counted aloud, and make no second user', async () => {
    const path = fileOf(['u,1,no', 'v,2,yes', 'u,3,yes', 'u,4,no'], 'id,size,sold')
    const project = defineProject({
      name: 'sizes',
      user: { size: number() },
      tasks: { sold: label(['no', 'yes']) },
    })
    const { notes, report, questionCount, users } = await folder.read(path, { project })
    expect(notes).toEqual([
      `log-${count}.csv: 2 rows have the id of an earlier one; each is learned from, and the last of an id is what the service knows, as 'u'`,
    ])
    expect([report.users, questionCount, users.length]).toEqual([2, 4, 4])
  })
})

describe('files beside a log', () => {
  async function notesOf(logIds: readonly string[], fileIds: readonly string[]): Promise<readonly string[]> {
    const path = folder.writeAll(`joined-${(count += 1)}`, {
      'events.csv': [HEADER, ...logIds.map((id, index) => `e${index},search,${id},2025-01-01,`)].join('\n'),
      'users.csv': ['id,plan,age', ...fileIds.map((id) => `${id},free,1`)].join('\n'),
    })
    return (await folder.read(path)).notes
  }

  it.each([
    ['zeros in front', '00123', '123'],
    ['a decimal point', '123', '123.0'],
    ['letter case', 'U-7', 'u-7'],
  ])('are told of with both spellings where ids differ by %s', async (_what, log, file) => {
    expect(await notesOf([log, 'x', 'y'], [file, 'x', 'y'])).toEqual([
      `users.csv: knows 2 of the 3 users of events.csv; 1 more but for zeros, letter case or blanks, as '${log}' beside '${file}'`,
    ])
  })

  it('are not told of where ids differ by blanks around them, which are cut off', async () => {
    expect(await notesOf(['ann', 'x', 'y'], ['" ann"', 'x', 'y'])).toEqual([])
  })

  it('are told of where they know few, with an id of each', async () => {
    expect(await notesOf(['a', 'b', 'c'], ['1', '2', 'c'])).toEqual([
      "users.csv: knows 1 of the 3 users of events.csv, as 'a' in events.csv and '1' in users.csv",
    ])
  })

  it('are not told of where they know most, and more', async () => {
    expect(await notesOf(['a', 'b', 'c'], ['b', 'c', 'd', 'e', 'f'])).toEqual([])
  })

  it('of items are told of too', async () => {
    const path = folder.writeAll('items', {
      'events.csv': `id,type,userId,itemId,occurredAt\na,view,u,0042,2025-01-01`,
      'items.csv': 'id,price,title\n42,5,Hat',
    })
    expect((await folder.read(path)).notes).toEqual([
      "items.csv: knows 0 of the 1 items of events.csv; 1 more but for zeros, letter case or blanks, as '0042' beside '42'",
    ])
  })
})
