import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { category, defineProject, label, number, occurs } from '../../../features/project.ts'
import type { Project } from '../../../features/project.ts'
import { describeDataFault } from '../../../training/data/data-fault.ts'
import type { DataSet, UserHistory } from '../../../training/data/data-set.ts'
import { openDataSet } from '../../../training/data/open-data-set.ts'

const NOW_MS = Date.UTC(2026, 0, 1)

const shop = defineProject({
  name: 'shop',
  events: { view: { item: true }, buy: { item: true, value: true }, search: {} },
  user: { age: number(), plan: category() },
  item: { price: number() },
  context: { device: category() },
  tasks: { buys: occurs('buy', { withinDays: 7 }) },
})

const visits = defineProject({
  name: 'visits',
  user: { pages: number(), month: category() },
  tasks: { bought: label(['yes', 'no']) },
  source: { kind: 'table', labels: { bought: 'result' } },
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

async function open(path: string, options?: { project?: Project; skipBadRows?: boolean }) {
  return openDataSet({ project: shop, path, skipBadRows: false, nowMs: NOW_MS, ...options })
}

/** The message of the fault that opening gives. */
async function faultOf(path: string, project: Project = shop): Promise<string> {
  const opened = await open(path, { project })
  if (opened.ok) opened.value.close()
  return opened.ok ? 'no fault' : describeDataFault(opened.reason)
}

async function contentOf(data: DataSet): Promise<unknown[]> {
  const content: unknown[] = []
  for await (const entry of data.kind === 'events' ? data.users() : data.rows()) content.push(entry)
  data.close()
  return content
}

async function historiesOf(path: string, options?: { skipBadRows?: boolean }): Promise<UserHistory[]> {
  const opened = await open(path, options)
  if (!opened.ok) throw new Error(describeDataFault(opened.reason))
  return (await contentOf(opened.value)) as UserHistory[]
}

const HEADER = 'id,type,userId,itemId,value,occurredAt,device'
const ROWS = [
  'e3,buy,u2,i1,9.5,2025-03-01T10:00:00Z,phone',
  'e2,view,u1,i2,,2025-03-01T11:00:00+01:00,',
  'e1,view,u1,i1,,1740823200000,"desk, large"',
]
const CSV = [HEADER, ...ROWS].join('\n')
const AT = Date.UTC(2025, 2, 1, 10)
const HISTORIES = [
  {
    userId: 'u1',
    attributes: {},
    events: [
      {
        id: 'e1',
        type: 'view',
        userId: 'u1',
        itemId: 'i1',
        properties: { device: 'desk, large' },
        occurredAt: AT,
        receivedAt: AT,
      },
      {
        id: 'e2',
        type: 'view',
        userId: 'u1',
        itemId: 'i2',
        properties: { device: null },
        occurredAt: AT,
        receivedAt: AT,
      },
    ],
  },
  {
    userId: 'u2',
    attributes: {},
    events: [
      {
        id: 'e3',
        type: 'buy',
        userId: 'u2',
        itemId: 'i1',
        value: 9.5,
        properties: { device: 'phone' },
        occurredAt: AT,
        receivedAt: AT,
      },
    ],
  },
]

function asNdjson(): string {
  const events = HISTORIES.flatMap((history) => history.events)
  return events.map((event) => JSON.stringify(event)).join('\n\n')
}

async function writeParquet(csv: string): Promise<string> {
  const path = join(folder, 'log.parquet')
  const connection = await (await DuckDBInstance.create()).connect()
  await connection.run(`copy (select * from read_csv('${csv}', all_varchar = true)) to '${path}'`)
  connection.closeSync()
  return path
}

describe('openDataSet on a log', () => {
  const forms: [string, () => string | Promise<string>][] = [
    ['commas', () => write('commas.csv', CSV)],
    ['semicolons', () => write('semicolons.csv', CSV.replaceAll(/,(?! )/g, ';'))],
    ['tabs and CRLF', () => write('tabs.tsv', CSV.replaceAll(/,(?! )/g, '\t').replaceAll('\n', '\r\n'))],
    ['a byte order mark', () => write('mark.csv', `\uFEFF${CSV}`)],
    ['gzip', () => write('packed.csv.gz', gzipSync(CSV))],
    ['NDJSON', () => write('log.ndjson', asNdjson())],
    ['gzipped NDJSON', () => write('log.jsonl.gz', gzipSync(asNdjson()))],
    ['Parquet', () => writeParquet(write('for-parquet.csv', CSV))],
  ]
  it.each(forms)('reads the same histories from %s', async (_name, form) => {
    expect(await historiesOf(await form())).toEqual(HISTORIES)
  })

  it('orders a history by time, then by the bytes of the id', async () => {
    const ids = ['b', 'B', 'é', '\u{1F600}', '\uFFFD', 'a']
    const rows = ids.map((id) => `${id},search,u,,,${id === 'a' ? 2 : 1},`)
    const [history] = await historiesOf(write('order.csv', [HEADER, ...rows].join('\n')))
    expect(history?.events.map(({ id }) => id)).toEqual(['B', 'b', 'é', '\uFFFD', '\u{1F600}', 'a'])
  })

  it('counts an event once, however often its row stands there', async () => {
    const rows = [...ROWS, ROWS[0], ...ROWS]
    expect(await historiesOf(write('repeated.csv', [HEADER, ...rows].join('\n')))).toEqual(HISTORIES)
  })

  it('refuses another event under an id that is taken, and keeps the first where asked', async () => {
    const path = write('taken.csv', [HEADER, ...ROWS, ROWS[0], 'e3,search,u9,,,5,'].join('\n'))
    expect(await faultOf(path)).toContain(
      "line 6: id: expected an id of its own, or the same event again, found 'e3'",
    )
    expect(await historiesOf(path, { skipBadRows: true })).toEqual(HISTORIES)
  })

  it('reads attributes of users and items from the files beside the events', async () => {
    write('whole/events.csv', CSV)
    write('whole/users.csv', 'id,plan,age\nu2,gold,NA\nu3,free,40\nu1,,31.5')
    write('whole/items.ndjson', '{"id":"i1","price":5}\n{"id":"i2"}')
    const opened = await open(join(folder, 'whole'))
    if (!opened.ok || opened.value.kind !== 'events') throw new Error('not opened')
    expect(opened.value.items).toEqual(
      new Map([
        ['i1', { price: 5 }],
        ['i2', { price: null }],
      ]),
    )
    expect(opened.value).toMatchObject({ eventCount: 3, userCount: 2, startMs: AT, endMs: AT })
    const profiles = []
    for await (const profile of opened.value.profiles()) profiles.push(profile.userId)
    expect(profiles).toEqual(['u1', 'u2', 'u3'])
    const histories = (await contentOf(opened.value)) as UserHistory[]
    expect(histories.map(({ attributes }) => attributes)).toEqual([
      { age: 31.5, plan: null },
      { age: null, plan: 'gold' },
    ])
  })
})

describe('openDataSet on bad rows', () => {
  const bad: [string, string, string][] = [
    ['too few cells', 'x,search,u', "line: expected 7 cells, found '3 cells'"],
    ['too many cells', 'x,search,u,,,1,,9', "line: expected 7 cells, found '8 cells'"],
    ['no id', ',search,u,,,1,', 'id: expected an id, found nothing'],
    ['no user', 'x,search,,,,1,', 'userId: expected an id, found nothing'],
    ['an unknown type', 'x,jump,u,,,1,', "type: expected one of view, buy, search, found 'jump'"],
    ['no item', 'x,view,u,,,1,', 'itemId: expected an item, found nothing'],
    [
      'no value',
      'x,buy,u,i,,1,',
      'value: expected a number of at most 1000000000000, either way, found nothing',
    ],
    [
      'a value that is too large',
      'x,buy,u,i,-1e13,1,',
      "value: expected a number of at most 1000000000000, either way, found '-1e13'",
    ],
    [
      'a value that is not finite',
      'x,buy,u,i,NaN,1,',
      "value: expected a number of at most 1000000000000, either way, found 'NaN'",
    ],
    ['no time', 'x,search,u,,,soon,', "occurredAt: expected an ISO 8601 time, found 'soon'"],
    [
      'a time before 1970',
      'x,search,u,,,1969-12-31T23:59:59Z,',
      "occurredAt: expected a time from 1970 on, found '1969-12-31T23:59:59Z'",
    ],
    [
      'a time to come',
      'x,search,u,,,2026-01-02T00:00:00Z,',
      "occurredAt: expected a time that is not in the future, found '2026-01-02T00:00:00Z'",
    ],
  ]
  it.each(bad)('names the line and what was expected: %s', async (name, row, message) => {
    // A quoted line break and a blank line stand before it: the row is the file's fifth line.
    const text = [HEADER, 'q,search,u,,,1,"two\nlines"', '', row, ...ROWS].join('\n')
    const path = write(`bad-${name.replaceAll(' ', '-')}.csv`, text)
    expect(await faultOf(path)).toBe(
      `${path}: 1 bad row (--skip-bad-rows reads the others)\n  line 5: ${message}`,
    )
    expect((await historiesOf(path, { skipBadRows: true })).slice(1)).toEqual(HISTORIES)
  })

  it('names the line of text that is not JSON', async () => {
    const path = write('bad.ndjson', `${asNdjson()}\n{"id":`)
    expect(await faultOf(path)).toContain(`line 6: line: expected a JSON object, found '{"id":'`)
  })

  it('counts them all and lists ten', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => `x${index},jump,u,,,1,`)
    const path = write('many.csv', [CSV, ...rows].join('\n'))
    const lines = (await faultOf(path)).split('\n')
    expect(lines).toHaveLength(12)
    expect(lines[0]).toContain('25 bad rows')
    expect(lines[1]).toContain('line 5:')
    expect(lines[11]).toBe('  and 15 more')
    const opened = await open(path, { skipBadRows: true })
    expect(opened.ok && opened.value.skippedCount).toBe(25)
    if (opened.ok) opened.value.close()
  })
})

describe('openDataSet on the wrong file', () => {
  it('says that it is not there', async () => {
    expect(await faultOf('nowhere.csv')).toContain('no such file')
  })
  it.each(['', '\n', `${HEADER}\n`])('says that it is empty: %j', async (text) => {
    expect(await faultOf(write('empty.csv', text))).toContain('no rows')
  })
  it('says which formats there are', async () => {
    expect(await faultOf(write('log.xlsx', 'PK'))).toContain('expected .csv, .tsv')
  })
  it('names the missing column and those there are', async () => {
    const path = write('column.csv', 'id,type,user,occurredAt\n1,search,u,1')
    expect(await faultOf(path)).toBe(
      `${path}: no column 'userId'; there are 'id', 'type', 'user', 'occurredAt'`,
    )
  })
  it('suspects the delimiter where there is one column', async () => {
    expect(await faultOf(write('pipes.csv', 'id|type|userId\n1|search|u'))).toContain(
      'is the delimiter a comma',
    )
  })
  it('says that a Parquet or gzip file is broken', async () => {
    expect(await faultOf(write('broken.parquet', 'not Parquet'))).toContain('cannot be read')
    expect(await faultOf(write('broken.csv.gz', gzipSync(CSV).subarray(0, 60)))).toMatch(
      /cannot be read|bad row/,
    )
  })
})

describe('openDataSet on a table', () => {
  const table = 'result;pages;month\nyes;3;May\nno;NA;\nyes;4.5;June\n'

  it('gives rows in the order of the file with their labels', async () => {
    const opened = await open(write('visits.csv', table), { project: visits })
    if (!opened.ok) throw new Error(describeDataFault(opened.reason))
    expect(await contentOf(opened.value)).toEqual([
      { index: 0, id: '1', attributes: { pages: 3, month: 'May' }, labels: { bought: 'yes' } },
      { index: 1, id: '2', attributes: { pages: null, month: null }, labels: { bought: 'no' } },
      { index: 2, id: '3', attributes: { pages: 4.5, month: 'June' }, labels: { bought: 'yes' } },
    ])
  })

  it('refuses an unknown label and an attribute that is no number; skipping keeps the numbering', async () => {
    const path = write('labels.csv', table.replace('no;NA;', 'maybe;1;May\nno;1\nno;few;May'))
    const message = await faultOf(path, visits)
    expect(message).toContain("line 3: bought: expected one of yes, no, found 'maybe'")
    expect(message).toContain("line 4: line: expected 3 cells, found '2 cells'")
    expect(message).toContain("line 5: pages: expected a number, found 'few'")
    const opened = await open(path, { project: visits, skipBadRows: true })
    if (!opened.ok) throw new Error('not opened')
    const rows = (await contentOf(opened.value)) as { index: number }[]
    expect(rows.map(({ index }) => index)).toEqual([0, 4])
  })
})

describe('openDataSet on a log that does not fit in memory', () => {
  it('streams every history, and takes hardly more memory for a log four times as large', async () => {
    const small = await measureReading(100_000)
    const large = await measureReading(400_000)
    expect(large.peakBytes - small.peakBytes).toBeLessThan((large.fileBytes - small.fileBytes) / 2)
  })
})

/** Reads a log of that many events in a process of its own, within DuckDB's 100 MB and as much heap. */
async function measureReading(count: number): Promise<{ fileBytes: number; peakBytes: number }> {
  const path = join(folder, `${count}.csv`)
  const connection = await (await DuckDBInstance.create()).connect()
  // Rows come in no order: the multiplier has no factor in common with the count.
  await connection.run(`copy (select 'event-' || lpad(n::varchar, 12, '0') || repeat('-', 40) as id,
    'search' as type, 'user-' || (n * 7919 % 5000) as "userId", 1000 + n * 104729 % ${count} as "occurredAt",
    'desk' as device,
    repeat(md5(n::varchar), 30) as padding from range(${count}) t(n)) to '${path}' (header)`)
  connection.closeSync()
  const script = join(import.meta.dirname, 'read-log.ts')
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=100', script, path])
  const { peakBytes, ...read } = JSON.parse(stdout)
  expect(read).toEqual({ events: count, users: 5000, outOfOrder: 0 })
  return { fileBytes: statSync(path).size, peakBytes }
}
