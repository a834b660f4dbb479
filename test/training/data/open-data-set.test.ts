import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, describe, expect, it } from 'vitest'
import { category, defineProject, label, number } from '../../../features/project.ts'
import { describeDataFault } from '../../../training/data/data-fault.ts'
import { describeReport } from '../../../training/data/report/report.ts'
import { createDataFolder, ISO } from './data-folder.ts'
import type { DataFolder } from './data-folder.ts'

const visits = defineProject({
  name: 'visits',
  user: { pages: number(), month: category() },
  tasks: { bought: label(['yes', 'no']) },
  source: { kind: 'table', labels: { bought: 'result' } },
})
const datedVisits = defineProject({
  ...visits,
  source: { kind: 'table', labels: { bought: 'result' }, at: '"when"', timeUnit: 's' },
})

const folder = createDataFolder()
afterAll(() => folder.remove())
const write: DataFolder['write'] = (name, content) => folder.write(name, content)

const HEADER = 'id,type,userId,itemId,value,occurredAt,device'
const ROWS = [
  'e3,buy,u2,i1,9.5,2025-03-01T10:00:00Z,phone',
  'e2,view,u1,i2,,2025-03-01T11:00:00+01:00,',
  'e1,view,u1,i1,,1740823200000,"desk, large"',
]
const CSV = [HEADER, ...ROWS].join('\n')
const AT = Date.UTC(2025, 2, 1, 10)
const BOUGHT = { type: 'buy', userId: 'u2', itemId: 'i1', value: 9.5, occurredAt: AT, receivedAt: AT }
const VIEWED = { type: 'view', userId: 'u1', occurredAt: AT, receivedAt: AT }
/** What the rows say, without their places. */
const EVENTS = [
  { id: 'e3', ...BOUGHT, properties: { device: 'phone' } },
  { id: 'e2', ...VIEWED, itemId: 'i2', properties: { device: null } },
  { id: 'e1', ...VIEWED, itemId: 'i1', properties: { device: 'desk, large' } },
]
const HISTORIES = [
  { userId: 'u2', events: EVENTS.slice(0, 1) },
  { userId: 'u1', events: EVENTS.slice(1) },
]

/** Histories without the places of events. */
async function historiesOf(path: string, options?: { skipBadRows?: boolean }): Promise<unknown[]> {
  const { users } = await folder.read(path, options)
  return users.map(({ userId, events }) => ({
    userId,
    events: events.map(({ place: _place, ...event }) => event),
  }))
}

function asArray(): string {
  const lines = asNdjson()
    .split('\n')
    .filter((line) => line.trim() !== '')
  return JSON.stringify(
    lines.map((line) => JSON.parse(line) as unknown),
    null,
    2,
  )
}

function asNdjson(): string {
  return EVENTS.map((event) => JSON.stringify(event)).join('\n\n')
}

async function writeParquet(csv: string): Promise<string> {
  const path = join(folder.path, 'log.parquet')
  const connection = await (await DuckDBInstance.create()).connect()
  await connection.run(`copy (select * from read_csv('${csv}', all_varchar = true)) to '${path}'`)
  connection.closeSync()
  return path
}

describe('openDataSet on a log', () => {
  const forms: [string, () => string | Promise<string>][] = [
    ['commas', () => write('commas.csv', CSV)],
    ['semicolons', () => write('semicolons.csv', CSV.replaceAll(/,(?! )/g, ';'))],
    [
      'tabs and CRLF',
      () =>
        write(
          'tabs.tsv',
          CSV.replaceAll(/,(?! )/g, '\t')
            .replaceAll('"', '')
            .replaceAll('\n', '\r\n'),
        ),
    ],
    ['a byte order mark', () => write('mark.csv', `\uFEFF${CSV}`)],
    ['gzip', () => write('packed.csv.gz', gzipSync(CSV))],
    ['NDJSON', () => write('log.ndjson', asNdjson())],
    ['a JSON array', () => write('array.json', asArray())],
    ['a gzipped JSON array', () => write('array.json.gz', gzipSync(asArray()))],
    ['gzipped NDJSON', () => write('log.jsonl.gz', gzipSync(asNdjson()))],
    ['Parquet', () => writeParquet(write('for-parquet.csv', CSV))],
  ]
  it.each(forms)('reads the same histories from %s', async (_name, form) => {
    expect(await historiesOf(await form())).toEqual(HISTORIES)
  })

  it('counts an event once, however often its row stands there', async () => {
    const rows = [...ROWS, ROWS[0], ...ROWS]
    expect(await historiesOf(write('repeated.csv', [HEADER, ...rows].join('\n')))).toEqual(HISTORIES)
  })

  it('refuses another event under an id that is taken, and keeps the first where asked', async () => {
    const path = write('taken.csv', [HEADER, ...ROWS, ROWS[0], 'e3,search,u9,,,1700000000005,'].join('\n'))
    expect(await folder.faultOf(path)).toContain(
      "line 6: id: expected an id of its own, or the same event again, found 'e3'",
    )
    expect(await historiesOf(path, { skipBadRows: true })).toEqual(HISTORIES)
  })

  it('finds a key that stands only in late lines of NDJSON', async () => {
    const lines = Array.from({ length: 12_000 }, (_, index) => ({
      id: `e${index}`,
      type: 'search',
      userId: 'u',
      occurredAt: 1700000000000 + index,
      ...(index === 11_999 && { device: 'phone' }),
    }))
    const { users } = await folder.read(
      write('late.ndjson', lines.map((line) => JSON.stringify(line)).join('\n')),
    )
    expect(users[0]?.events.at(-1)?.properties).toEqual({ device: 'phone' })
  })

  it('says how many there are of everything, and when it begins and ends', async () => {
    const path = write('counts.csv', [CSV, 'e9,search,u0,,,1700000000007,'].join('\n'))
    expect(await folder.read(path)).toMatchObject({
      eventCount: 4,
      userCount: 3,
      questionCount: 0,
      skippedCount: 0,
      span: { startMs: 1700000000007, endMs: AT },
      undated: [],
      notes: [],
    })
  })
})

describe('openDataSet on bad rows', () => {
  const bad: [string, string, string][] = [
    ['too few cells', 'x,search,u', "line: expected 7 cells, found '3 cells'"],
    ['too many cells', 'x,search,u,,,1700000000001,,9', "line: expected 7 cells, found '8 cells'"],
    ['no id', ',search,u,,,1700000000001,', 'id: expected an id, found nothing'],
    ['no user', 'x,search,,,,1700000000001,', 'userId: expected an id, found nothing'],
    ['an unknown type', 'x,jump,u,,,1700000000001,', "type: expected one of view, buy, search, found 'jump'"],
    ['no item', 'x,view,u,,,1700000000001,', 'itemId: expected an item, found nothing'],
    [
      'no value',
      'x,buy,u,i,,1700000000001,',
      'value: expected a number of at most 1000000000000, either way, found nothing',
    ],
    [
      'a value that is too large',
      'x,buy,u,i,-1e13,1700000000001,',
      "value: expected a number of at most 1000000000000, either way, found '-1e13'",
    ],
    [
      'a value that is not finite',
      'x,buy,u,i,NaN,1700000000001,',
      "value: expected a number of at most 1000000000000, either way, found 'NaN'",
    ],
    ['no time', 'x,search,u,,,soon,', `occurredAt: expected ${ISO}, found 'soon'`],
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
    const text = [HEADER, 'q,search,u,,,1700000000001,"two\nlines"', '', row, ...ROWS].join('\n')
    const path = write(`bad-${name.replaceAll(' ', '-')}.csv`, text)
    expect(await folder.faultOf(path)).toBe(
      `${path}: 1 bad row (--skip-bad-rows reads the others)\n  line 5: ${message}`,
    )
    expect((await historiesOf(path, { skipBadRows: true })).slice(1)).toEqual(HISTORIES)
  })

  it.each(['hello\nworld\n', '{}\n'])(
    'says what a file is not in which no line says anything: %j',
    async (text) => {
      const path = folder.write('no-lines.ndjson', text)
      expect(await folder.faultOf(path)).toContain('no line is a JSON object with a member in it')
    },
  )

  it('names the line of text that is not JSON', async () => {
    const path = write('bad.ndjson', `${asNdjson()}\n{"id":`)
    expect(await folder.faultOf(path)).toContain(`line 6: line: expected a JSON object, found '{"id":'`)
  })

  it('counts them all and lists ten', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => `x${index},jump,u,,,1700000000001,`)
    const path = write('many.csv', [CSV, ...rows].join('\n'))
    const lines = (await folder.faultOf(path)).split('\n')
    expect(lines).toHaveLength(13)
    expect(lines[0]).toContain('25 bad rows')
    expect(lines[1]).toContain('line 5:')
    expect(lines[11]).toBe('  and 15 more; in all')
    expect(lines[12]).toMatch(/^ {2}25 × /)
    expect((await folder.read(path, { skipBadRows: true })).skippedCount).toBe(25)
  })
})

describe('openDataSet on the wrong file', () => {
  it('says that it is not there', async () => {
    expect(await folder.faultOf('nowhere.csv')).toContain('no such file')
  })
  it.each(['', '\n', `${HEADER}\n`])('says that it is empty: %j', async (text) => {
    expect(await folder.faultOf(write('empty.csv', text))).toContain('no rows')
  })
  it('says which formats there are', async () => {
    expect(await folder.faultOf(write('log.doc', 'x'))).toContain('expected .csv, .tsv')
    expect(await folder.faultOf(write('log.xlsx', 'PK'))).toContain('save the sheet as .csv')
    expect(await folder.faultOf(write('log.csv.zip', 'PK'))).toContain('unpack it')
  })
  it('names the missing column and those there are', async () => {
    const path = write('column.csv', 'id,type,user,occurredAt\n1,search,u,1')
    expect(await folder.faultOf(path)).toBe(
      `${path}: no column 'userId'; there are 'id', 'type', 'user', 'occurredAt'; is it 'user'?`,
    )
  })
  it('suspects the delimiter where there is one column', async () => {
    expect(await folder.faultOf(write('tildes.csv', 'id~type~userId\n1|search|u'))).toContain(
      "The source's reading names it: { delimiter",
    )
  })
  it('says that a Parquet or gzip file is broken', async () => {
    expect(await folder.faultOf(write('broken.parquet', 'not Parquet'))).toContain('cannot be read')
    expect(await folder.faultOf(write('broken.csv.gz', gzipSync(CSV).subarray(0, 60)))).toMatch(
      /cannot be read|bad row/,
    )
  })
})

describe('openDataSet on a table', () => {
  const table = 'result;pages;month\nyes;3;May\nno;NA;\nyes;4.5;June\n'

  it('gives rows as users without events, asked about once, in the order of the file', async () => {
    const row = (place: number, attributes: object, bought: string) => ({
      userId: String(place + 1),
      versions: [{ knownAt: 0, attributes }],
      events: [],
      questions: [{ atMs: null, place, labels: { bought } }],
    })
    const data = await folder.read(write('visits.csv', table), { project: visits })
    expect(data.users).toEqual([
      row(0, { pages: 3, month: 'May' }, 'yes'),
      row(1, { pages: null, month: null }, 'no'),
      row(2, { pages: 4.5, month: 'June' }, 'yes'),
    ])
    const counts = { eventCount: 0, userCount: 3, questionCount: 3, span: undefined, undated: [] }
    expect(data).toMatchObject(counts)
  })

  it('reads when a row is about where the mapping says so, and refuses one without', async () => {
    const dated = 'result;pages;month;when\nyes;3;May;20\nno;1;;10.5\n'
    const data = await folder.read(write('dated.csv', dated), { project: datedVisits })
    expect(data.users.map(({ questions }) => questions[0]?.atMs)).toEqual([20_000, 10_500])
    expect(data.span).toEqual({ startMs: 10_500, endMs: 20_000 })
    const undatedRow = write('undated-row.csv', `${dated}no;1;;\nno;1;;9e9\n`)
    const message = await folder.faultOf(undatedRow, { project: datedVisits })
    expect(message).toContain('line 4: at: expected seconds since 1970, found nothing')
    expect(message).toContain("line 5: at: expected a time that is not in the future, found '9e9'")
  })

  it('refuses an unknown label and an attribute that is no number; skipping keeps the numbering', async () => {
    const path = write('labels.csv', table.replace('no;NA;', 'maybe;1;May\nno;1\nno;few;May\n;1;May'))
    const message = await folder.faultOf(path, { project: visits })
    expect(message).toContain("line 3: bought: expected one of yes, no, found 'maybe'")
    expect(message).toContain("line 4: line: expected 3 cells, found '2 cells'")
    expect(message).toContain("line 5: pages: expected a number, found 'few'")
    const { users } = await folder.read(path, { project: visits, skipBadRows: true })
    expect(users.map(({ questions }) => questions[0]?.place)).toEqual([0, undefined, 5])
  })

  it('keeps a row whose label is not known yet to be served, learns nothing from it and counts it', async () => {
    const path = write('open.csv', 'result;pages;month\nyes;3;May\n;4;\nNULL;5;June\nno;6;May\n')
    const { users, report, questionCount } = await folder.read(path, { project: visits })
    expect(questionCount).toBe(2)
    expect(
      users.map(({ versions, questions }) => [versions[0]?.attributes['pages'], questions.length]),
    ).toEqual([
      [3, 1],
      [4, 0],
      [5, 0],
      [6, 1],
    ])
    expect(report.files[0]).toMatchObject({ rows: 4, stored: 2, unlabelled: 2, skipped: [] })
    expect(describeReport(report)[0]).toBe('open.csv: 4 rows, 2 labelled rows, 2 unlabelled')
  })

  it('is found in a folder as rows.*, and says so where it is not', async () => {
    const whole = folder.writeAll('table', { 'rows.csv': table })
    expect((await folder.read(whole, { project: visits })).userCount).toBe(3)
    const message = await folder.faultOf(folder.writeAll('no-table', { 'events.csv': CSV }), {
      project: visits,
    })
    expect(message).toContain('nor a folder with a file named rows.*')
  })
})

describe('openDataSet on a log that does not fit in memory', () => {
  it('streams every history, and takes hardly more memory for a log four times as large', async () => {
    const small = await measureReading(100_000)
    const large = await measureReading(400_000)
    expect(large.peakBytes - small.peakBytes).toBeLessThan((large.fileBytes - small.fileBytes) / 2)
  })
})

describe('openDataSet on one user of 100,000 events', () => {
  it('takes hardly more time than over as many events of a thousand users', async () => {
    const timeOf = async (userCount: number): Promise<number> => {
      const lines = Array.from(
        { length: 100_000 },
        (_, n) => `e${n},search,u${n % userCount},,,${1_700_000_000_000 + n},phone`,
      )
      const opened = await folder.open(write(`heavy-${userCount}.csv`, [HEADER, ...lines].join('\n')))
      if (!opened.ok) throw new Error(describeDataFault(opened.reason))
      const startMs = performance.now()
      const users = await Array.fromAsync(opened.value.users())
      const tookMs = performance.now() - startMs
      opened.value.close()
      expect(users.map(({ events }) => events.length)).toEqual(
        Array.from({ length: userCount }, () => 100_000 / userCount),
      )
      return tookMs
    }
    const spreadMs = await timeOf(1000)
    expect(await timeOf(1)).toBeLessThan(5 * spreadMs)
  })
})

/** Reads a log of that many events in a process of its own, within DuckDB's 100 MB and as much heap. */
async function measureReading(count: number): Promise<{ fileBytes: number; peakBytes: number }> {
  const path = join(folder.path, `${count}.csv`)
  const connection = await (await DuckDBInstance.create()).connect()
  // Rows come in no order: the multiplier has no factor in common with the count.
  await connection.run(`copy (select 'event-' || lpad(n::varchar, 12, '0') || repeat('-', 40) as id,
    'search' as type, 'user-' || (n * 7919 % 5000) as "userId", 1700000000000 + n * 104729 % ${count} as "occurredAt",
    'desk' as device,
    repeat(md5(n::varchar), 30) as padding from range(${count}) t(n)) to '${path}' (header)`)
  connection.closeSync()
  const script = join(import.meta.dirname, 'read-log.ts')
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=100', script, path])
  const { peakBytes, ...counts } = JSON.parse(stdout)
  expect(counts).toEqual({ events: count, users: 5000, outOfOrder: 0 })
  return { fileBytes: statSync(path).size, peakBytes }
}
