import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { category, defineProject, label, number, occurs } from '../../../features/project.ts'
import type { EventLogSource } from '../../../features/source.ts'
import { nameOfData, parseDataPath } from '../../../training/data/files/data-path.ts'
import { filesOfData } from '../../../training/data/files/files-of-data.ts'
import { createDataFolder, shop } from './data-folder.ts'
import type { Content } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const HEADER = 'id,type,userId,itemId,value,occurredAt'
const row = (id: string, user = 'u'): string => `${id},search,${user},,,2025-03-01T10:00:00Z`
const csv = (...ids: string[]): string => [HEADER, ...ids.map((id) => row(id)), ''].join('\n')

function eventsOf({ users }: Content): [string, number | undefined][] {
  return users.flatMap(({ events }) =>
    events.map(({ id, place }): [string, number | undefined] => [id, place]),
  )
}

describe('a path', () => {
  it.each(['export[1].csv', 'a*b.csv', 'what?.csv', '{a,b}.csv', "o'clock.csv", 'with blank.csv'])(
    'is a path, whatever is in its name: %s',
    async (name) => {
      folder.write('export1.csv', csv('other'))
      folder.write('aXb.csv', csv('other'))
      expect(eventsOf(await folder.read(folder.write(name, csv('e1'))))).toEqual([['e1', 0]])
    },
  )

  it('may be a pattern, read in order of names as one table with rows numbered over all files', async () => {
    folder.writeAll('daily', {
      'day-2.csv': csv('e3'),
      'day-1.csv': csv('e1', 'e2'),
      '.day-0.csv': csv('hidden'),
      'other.csv': 'not,this',
    })
    const data = await folder.read(`${folder.path}/daily/day-*.csv`)
    expect(eventsOf(data)).toEqual([
      ['e1', 0],
      ['e2', 1],
      ['e3', 2],
    ])
  })

  it('says that no file fits a pattern', async () => {
    expect(await folder.faultOf(`${folder.path}/none-*.csv`)).toContain('no file fits this pattern')
  })
})

describe('a folder of parts', () => {
  it('is read whole, but for what tools leave beside them and parts without rows', async () => {
    const path = folder.writeAll('spark', {
      _SUCCESS: '',
      '.part-00000.csv.crc': 'crc',
      'part-00000.csv': csv('e1'),
      'part-00001.csv': HEADER,
      'part-00002.csv': '',
      'part-00003.csv': csv('e2'),
    })
    expect(eventsOf(await folder.read(path)).map(([id]) => id)).toEqual(['e1', 'e2'])
  })

  it('may be called events, beside a file of users', async () => {
    const path = folder.writeAll('named', {
      'events/a.csv': csv('e1'),
      'events/b.csv': csv('e2'),
      'users.csv': 'id,plan,age\nu,free,30\n',
    })
    const data = await folder.read(path)
    expect(eventsOf(data)).toHaveLength(2)
    expect(data.users[0]?.versions[0]?.attributes).toEqual({ plan: 'free', age: 30 })
  })

  it('unites columns by name', async () => {
    const path = folder.writeAll('united', {
      'a.csv': csv('e1'),
      'b.csv': `device,occurredAt,userId,type,id\nphone,2025-03-02,u,search,e2\n`,
    })
    const { users } = await folder.read(path)
    expect(users[0]?.events.map(({ id, properties }) => [id, properties?.['device'] ?? null])).toEqual([
      ['e1', null],
      ['e2', 'phone'],
    ])
  })

  it('names file and line of a bad row', async () => {
    const path = folder.writeAll('bad-part', { 'a.csv': csv('e1', 'e2'), 'b.csv': csv('e3', '') })
    const message = await folder.faultOf(path)
    expect(message).toContain(`${path}: 1 bad row`)
    expect(message).toContain(`${path}/b.csv, line 3: id: expected an id, found nothing`)
  })

  it.each([
    [{ 'a.csv': csv('e1'), 'b.ndjson': '{"id":"e2"}' }, 'must be of one format'],
    [{ 'a.csv': csv('e1'), 'README.md': 'words' }, 'README.md'],
    [{ 'a.csv': csv('e1'), 'deep/b.csv': csv('e2') }, "found the folder 'deep'"],
  ])('refuses by name what does not belong there: %j', async (files, words) => {
    const path = folder.writeAll(`strange-${words.replaceAll(/\W+/g, '-')}`, files)
    expect(await folder.faultOf(path)).toContain(words)
  })

  it('is the folder of the standard files where one of those lies in it', async () => {
    const path = folder.writeAll('standard', { 'events.csv': csv('e1'), 'notes.csv': 'anything' })
    expect(eventsOf(await folder.read(path))).toEqual([['e1', 0]])
  })
})

const source: EventLogSource = {
  kind: 'events',
  events: [
    { file: 'clicks.csv', id: 'click', type: "'view'", userId: 'who', itemId: 'what', occurredAt: 'at' },
    {
      file: 'orders',
      reading: { delimiter: ';' },
      id: 'nr',
      type: "'buy'",
      userId: 'customer',
      itemId: 'article',
      value: 'price::double * 2',
      occurredAt: '"date"',
    },
  ],
  users: { file: 'people.csv', id: 'name', knownAt: 'since', attributes: { age: '2025 - born::integer' } },
  items: { file: 'articles.csv', id: 'sku', attributes: { price: 'cents::double / 100' } },
  questions: { file: 'answers.csv', userId: 'who', at: 'asked', labels: { happy: 'lower(answer)' } },
}
const orders = defineProject({
  name: 'orders',
  events: { view: { item: true }, buy: { item: true, value: true } },
  user: { age: number(), plan: category() },
  item: { price: number() },
  tasks: { buys: occurs('buy', { withinDays: 1 }), happy: label(['yes', 'no']) },
  source,
})
const FILES = {
  'clicks.csv': 'click,who,what,at\nc1,ann,i1,2025-01-01T00:00:00Z\nc2,bob,i2,2025-01-03T00:00:00Z\n',
  'orders/2025-01.csv': 'nr;customer;article;price;date\no1;ann;i1;2.5;2025-01-02\n',
  'orders/2025-02.csv': 'nr;customer;article;price;date\no2;ann;i2;4;2025-02-02\n',
  'people.csv': 'name,since,born,plan\nann,2025-01-01,1990,free\nann,2025-02-01,1990,paid\n',
  'articles.csv': 'sku,cents\ni1,250\ni2,400\n',
  'answers.csv': 'who,asked,answer\nann,2025-02-03,YES\n',
}

describe('files that the source names', () => {
  it('are read by their own mappings, relative to the folder', async () => {
    const data = await folder.read(folder.writeAll('orders-folder', FILES), { project: orders })
    expect(data.users.map(({ userId }) => userId)).toEqual(['ann', 'bob'])
    const [ann] = data.users
    expect(ann?.events.map(({ id, type, itemId, value }) => [id, type, itemId, value])).toEqual([
      ['c1', 'view', 'i1', undefined],
      ['o1', 'buy', 'i1', 5],
      ['o2', 'buy', 'i2', 8],
    ])
    expect(ann?.versions.map(({ attributes }) => attributes)).toEqual([
      { age: 35, plan: 'free' },
      { age: 35, plan: 'paid' },
    ])
    expect(data.items).toEqual({
      i1: [{ knownAt: 0, attributes: { price: 2.5 } }],
      i2: [{ knownAt: 0, attributes: { price: 4 } }],
    })
    expect(ann?.questions.map(({ labels }) => labels)).toEqual([{ happy: 'yes' }])
  })

  it('name file and line of a bad row', async () => {
    const path = folder.writeAll('orders-bad', {
      ...FILES,
      'orders/2025-02.csv': 'nr;customer;article;price;date\no2;ann;i2;4;never\n',
    })
    expect(await folder.faultOf(path, { project: orders })).toContain(
      `${path}/orders/2025-02.csv, line 2: occurredAt: expected`,
    )
  })

  it('cannot be one file alone, where they are several', async () => {
    const path = folder.writeAll('orders-one', FILES)
    expect(await folder.faultOf(`${path}/clicks.csv`, { project: orders })).toContain(
      'the project reads several files (clicks.csv, orders)',
    )
  })

  it('give way to the one file that the command names, where they are one', async () => {
    const table = defineProject({
      name: 'table',
      user: { age: number() },
      tasks: { happy: label(['yes', 'no']) },
      source: { kind: 'table', file: 'learned.csv', labels: { happy: 'answer' } },
    })
    const path = folder.writeAll('other-table', {
      'learned.csv': 'age,answer\n1,yes\n',
      'later.csv': 'age,answer\n2,no\n',
    })
    const ages = async (data: string): Promise<unknown> =>
      (await folder.read(data, { project: table })).users.map(({ versions }) => versions[0]?.attributes)
    expect(await ages(path)).toEqual([{ age: 1 }])
    expect(await ages(`${path}/later.csv`)).toEqual([{ age: 2 }])
  })
})

describe('--data with words', () => {
  it('names files by what they hold, wherever they lie', async () => {
    const events = folder.write('far/log.csv', csv('e1'))
    const users = folder.write('away/people.csv.gz', gzipSync('id,plan,age\nu,free,30\n'))
    const parsed = parseDataPath([`users=${users}`, `events=${events}`], () => false)
    if (!parsed.ok) throw new Error(parsed.reason)
    const opened = await folder.read(parsed.value)
    expect(opened.users[0]).toMatchObject({ userId: 'u', versions: [{ attributes: { plan: 'free' } }] })
    expect(nameOfData(parsed.value)).toBe(`events=${events},users=${users}`)
    expect(filesOfData(shop, parsed.value)).toEqual({ ok: true, value: [events, users] })
  })

  it('takes a file of such a name for that file', () => {
    expect(parseDataPath(['users=x.csv'], () => true)).toEqual({ ok: true, value: 'users=x.csv' })
  })

  it('asks what each of two files holds', () => {
    expect(parseDataPath(['a.csv', 'b.csv'], () => true)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('--data events=a.csv --data users=b.csv'),
    })
  })
})
