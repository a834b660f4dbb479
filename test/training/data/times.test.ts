import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTime } from '../../../features/read-time.ts'
import { defineProject, occurs } from '../../../features/project.ts'
import type { Reading, TimeUnit } from '../../../features/source.ts'
import { cellsOf } from '../../../training/data/cells/cells.ts'
import { openDatabase } from '../../../training/data/database.ts'
import type { Database } from '../../../training/data/database.ts'
import { createDataFolder } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

interface Mapped {
  readonly reading?: Reading
  readonly timeUnit?: TimeUnit
  readonly occurredAt?: string
}

function projectOf({ reading = {}, timeUnit = 'iso', occurredAt = '"time"' }: Mapped = {}) {
  return defineProject({
    name: 'log',
    events: { search: {} },
    tasks: { searches: occurs('search', { withinDays: 7 }) },
    source: {
      kind: 'events',
      reading,
      events: [{ type: `'search'`, userId: '"user"', occurredAt, timeUnit }],
    },
  })
}

/** The moments of the rows, in their order, as ISO 8601. */
async function momentsOf(path: string, mapped?: Mapped): Promise<string[]> {
  const { users } = await folder.read(path, { project: projectOf(mapped) })
  return users.map(({ events }) => new Date(events[0]?.occurredAt ?? Number.NaN).toISOString())
}

function asCsv(times: readonly string[]): string {
  return ['user,time', ...times.map((time, row) => `u${row},"${time}"`)].join('\n')
}

function asNdjson(times: readonly (string | number)[]): string {
  return times.map((time, row) => JSON.stringify({ user: `u${row}`, time })).join('\n')
}

const T = '2024-01-31T10:00:00.000Z'
const TEXTS: readonly (readonly [text: string, moment: string])[] = [
  ['2024-01-31T10:00:00Z', T],
  ['2024-01-31T10:00:00z', T],
  ['2024-01-31t10:00z', T],
  ['2024-01-31T10:00Z', T],
  ['2024-01-31T10:00', T],
  ['2024-01-31 10:00', T],
  ['  2024-01-31 10:00:00  ', T],
  ['20240131T100000Z', T],
  ['20240131T1000', T],
  ['20240131', '2024-01-31T00:00:00.000Z'],
  ['20240131100000', T],
  ['2024-01-31', '2024-01-31T00:00:00.000Z'],
  ['2024/01/31 10:00:00', T],
  ['2024-1-31 9:05', '2024-01-31T09:05:00.000Z'],
  ['2024-01-31T10:00:00,5Z', '2024-01-31T10:00:00.500Z'],
  ['2024-01-31T10:00:00.123456789Z', '2024-01-31T10:00:00.123Z'],
  ['2024-01-31 10:00:00 -0500', '2024-01-31T15:00:00.000Z'],
  ['2024-01-31 10:00:00-05', '2024-01-31T15:00:00.000Z'],
  ['2024-01-31 10:00:00+0100', '2024-01-31T09:00:00.000Z'],
  ['2024-01-31T10:00:00+05:30', '2024-01-31T04:30:00.000Z'],
  ['2024-01-31T10:00:00 UTC+01:00', '2024-01-31T09:00:00.000Z'],
  ['2024-01-31 10:00:00 UTC', T],
  ['2024-01-31 10:00:00 GMT', T],
  ['2024-01-31 10:00:00 Europe/Berlin', '2024-01-31T09:00:00.000Z'],
  ['2024-01-31T10:00:00+01:00[Europe/Berlin]', '2024-01-31T09:00:00.000Z'],
  ['2024-02-29T24:00:00Z', '2024-03-01T00:00:00.000Z'],
  ['1706695200', T],
  ['1706695200.25', '2024-01-31T10:00:00.250Z'],
  ['1706695200000', T],
  ['1706695200000000', T],
  ['1706695200000000000', T],
  ['1.7066952e+18', T],
]

const REFUSED = [
  'soon',
  '2024-02-30',
  '2024-13-01',
  '2024-01-31T25:00',
  '2024-01-31T10:00:60Z',
  '2024-01-31T10:61',
  '2024-01-31-10',
  '2024-01-31 10',
  '2024-01-31 10:00:00 PM',
  '2024-01-31 10:00:00 EST',
  '2024-01-31 10:00:00 Nowhere/Atall',
  '31/01/2024',
  '01/31/2024 10:00',
  '31.01.2024',
  '10:00',
  '45322',
  '45322.4375',
  '20241301',
  '202401311000',
  '202401',
  '2024',
  '0',
  '-1706695200',
  '1',
  '1e20',
  'infinity',
  'NULL',
  '1_706_695_200',
]

describe('times of the forms that people write', () => {
  it('are read from CSV', async () => {
    expect(await momentsOf(folder.write('forms.csv', asCsv(TEXTS.map(([text]) => text))))).toEqual(
      TEXTS.map(([, moment]) => moment),
    )
  })

  it('are read from NDJSON, numbers as numbers too', async () => {
    const values = TEXTS.flatMap(([text]) => [text, ...(Number.isFinite(Number(text)) ? [Number(text)] : [])])
    const moments = TEXTS.flatMap(([text, moment]) =>
      Number.isFinite(Number(text)) ? [moment, moment] : [moment],
    )
    expect(await momentsOf(folder.write('forms.ndjson', asNdjson(values)))).toEqual(moments)
  })

  it.each(REFUSED)(
    'are refused with the text that failed where it can be none, or more than one: %s',
    async (text) => {
      const path = folder.write('refused.csv', asCsv(['2024-01-31', text]))
      expect(await folder.faultOf(path, { project: projectOf() })).toMatch(
        new RegExp(
          `line 3: occurredAt: expected a.* time.*, found '${text.replaceAll(/[.+]/g, String.raw`\$&`)}'$`,
        ),
      )
    },
  )

  it('says what to write where no size tells the unit', async () => {
    const path = folder.write('serial.csv', asCsv(['45322.4375']))
    const fault = await folder.faultOf(path, { project: projectOf() })
    expect(fault).toContain('write timeUnit')
    const occurredAt = '("time"::double - 25569) * 86400'
    expect(fault).toContain('(column::double - 25569) * 86400')
    expect(await momentsOf(path, { occurredAt, timeUnit: 's' })).toEqual(['2024-01-31T10:30:00.000Z'])
  })
})

describe('times without a zone', () => {
  const zoned = [
    '2024-07-01 12:00',
    '2024-07-01 12:00:00Z',
    '2024-07-01 12:00 America/New_York',
    '2024-07-01 12:00+03',
  ]
  const moments = ['10', '12', '16', '09'].map((hour) => `2024-07-01T${hour}:00:00.000Z`)

  it('are in the zone of the source, whatever zones other rows name and in whichever order', async () => {
    const reading = { timeZone: 'Europe/Berlin' }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 30 }), async (rows) => {
        const path = folder.write('zones.csv', asCsv(rows.map((row) => zoned[row] ?? '')))
        expect(await momentsOf(path, { reading })).toEqual(rows.map((row) => moments[row]))
      }),
      { numRuns: 10 },
    )
  })

  it('are in UTC where the source names none', async () => {
    const path = folder.write('utc.csv', asCsv([zoned[2] ?? '', zoned[0] ?? '']))
    expect((await momentsOf(path))[1]).toBe('2024-07-01T12:00:00.000Z')
  })

  it('of days and of digits likewise', async () => {
    const path = folder.write('days.csv', asCsv(['20240701', '2024-07-01', '20240701120000', '1719828000']))
    expect(await momentsOf(path, { reading: { timeZone: 'Europe/Berlin' } })).toEqual([
      '2024-06-30T22:00:00.000Z',
      '2024-06-30T22:00:00.000Z',
      '2024-07-01T10:00:00.000Z',
      '2024-07-01T10:00:00.000Z',
    ])
  })

  it('count from before the hour that clocks skip, and are the second of the hour that comes twice', async () => {
    const path = folder.write('saving.csv', asCsv(['2024-03-31 02:30', '2024-10-27 02:30']))
    expect(await momentsOf(path, { reading: { timeZone: 'Europe/Berlin' } })).toEqual([
      '2024-03-31T01:30:00.000Z',
      '2024-10-27T01:30:00.000Z',
    ])
  })
})

describe('a source', () => {
  it.each([
    [
      { timeZone: 'Europe/Berlim' },
      'reading.timeZone is Europe/Berlim: expected a zone of the IANA database',
    ],
    [{ timeFormat: '%d.%Q' }, 'reading.timeFormat is %d.%Q: expected a form that strptime knows'],
  ])('that names what is none is told so: %o', async (reading, message) => {
    const path = folder.write('reading.csv', asCsv(['2024-01-31']))
    expect(await folder.faultOf(path, { project: projectOf({ reading }) })).toContain(message)
  })
})

describe('a mapped time that fails', () => {
  it('shows the text that it failed on', async () => {
    const path = folder.write('mapped.csv', asCsv(['31.01.2024', 'in spring']))
    const occurredAt = "strptime(TIME, '%d.%m.%Y')"
    expect(await folder.faultOf(path, { project: projectOf({ occurredAt }) })).toMatch(
      /line 3: occurredAt: expected .*, found 'in spring'/,
    )
  })
})

describe('times by a timeFormat', () => {
  it('are read in the zone of the source, and ISO 8601 beside them', async () => {
    const path = folder.write('format.csv', asCsv(['31/01/2024 10:00', '2024-01-31T10:00:00Z']))
    const reading = { timeFormat: '%d/%m/%Y %H:%M', timeZone: 'Europe/Berlin' }
    expect(await momentsOf(path, { reading })).toEqual(['2024-01-31T09:00:00.000Z', T])
  })

  it('are in the zone that the text names where the form has one', async () => {
    const path = folder.write('apache.csv', asCsv(['31/Jan/2024:10:00:00 +0100']))
    const reading = { timeFormat: '%d/%b/%Y:%H:%M:%S %z', timeZone: 'Asia/Tokyo' }
    expect(await momentsOf(path, { reading })).toEqual(['2024-01-31T09:00:00.000Z'])
  })

  it('are refused in another form, with the form and the text', async () => {
    const path = folder.write('other.csv', asCsv(['01/31/2024 10:00']))
    const project = projectOf({ reading: { timeFormat: '%d/%m/%Y %H:%M' } })
    expect(await folder.faultOf(path, { project })).toContain(
      "expected a time as %d/%m/%Y %H:%M says, found '01/31/2024 10:00'",
    )
  })
})

describe('times of a declared unit', () => {
  it.each([
    ['s', '1706695200'],
    ['ms', '1706695200000'],
    ['us', '1706695200000000'],
    ['ns', '1706695200000000000'],
  ] as const)('are %s, however large', async (timeUnit, text) => {
    const path = folder.write('unit.csv', asCsv([text, text.slice(0, -3)]))
    expect((await momentsOf(path, { timeUnit }))[0]).toBe(T)
  })
})

describe('times of the types of Parquet', () => {
  async function writeParquet(select: string): Promise<string> {
    const path = join(folder.path, 'times.parquet')
    const connection = await (await DuckDBInstance.create()).connect()
    await connection.run(`set TimeZone = 'UTC'`)
    await connection.run(`copy (select 'u' as user, ${select} as time) to '${path}'`)
    connection.closeSync()
    return path
  }
  it.each([
    ["date '2024-01-31'", '2024-01-30T23:00:00.000Z'],
    ["timestamp '2024-01-31 10:00:00.5'", '2024-01-31T09:00:00.500Z'],
    ["timestamp_ns '2024-01-31 10:00:00.123456789'", '2024-01-31T09:00:00.123Z'],
    ["timestamptz '2024-01-31 10:00:00+00'", T],
    ['1706695200::integer', T],
    ['1706695200000::bigint', T],
    ['1706695200000::double', T],
    ['1706695200.5::double', '2024-01-31T10:00:00.500Z'],
    ['20240131::integer', '2024-01-30T23:00:00.000Z'],
    ['20240131::double', '2024-01-30T23:00:00.000Z'],
  ])('%s', async (select, moment) => {
    const reading = { timeZone: 'Europe/Berlin' }
    expect(await momentsOf(await writeParquet(select), { reading })).toEqual([moment])
  })
})

describe('files and HTTP', () => {
  let database: Database
  beforeAll(async () => {
    database = await openDatabase('200MB')
    await database.run('create table texts (place integer, text varchar)')
  })
  afterAll(() => database.close())

  const two = fc.nat({ max: 65 }).map((number) => String(number).padStart(2, '0'))
  const built = fc
    .tuple(
      fc.integer({ min: 1960, max: 2110 }),
      fc.nat({ max: 13 }),
      fc.nat({ max: 32 }),
      fc.constantFrom('-', '/', ''),
      fc.constantFrom('T', 't', ' ', '  ', ''),
      fc.tuple(two, two, two),
      fc.constantFrom(':', ''),
      fc.constantFrom('', '.5', ',25', '.123456789', '.'),
      fc.constantFrom(
        '',
        'Z',
        'z',
        ' UTC',
        'gmt',
        '+01',
        '-0530',
        ' +05:45',
        '+16:00',
        '+00:60',
        ' CET',
        '[x]',
      ),
    )
    .map(([year, month, day, mark, gap, clock, colon, fraction, zone]) => {
      const date = [
        year,
        ...[month, day].map((part) => String(part).padStart(mark === '' ? 2 : 1, '0')),
      ].join(mark)
      return gap === '' ? `${date}${zone}` : `${date}${gap}${clock.join(colon)}${fraction}${zone}`
    })
  const digits = fc
    .tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 20 }),
      fc.double({ min: 1, max: 10, noNaN: true }),
    )
    .map(([, power, start]) => String(Math.floor(start * 10 ** power)))
  const mutated = fc.tuple(built, fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, put]) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + put + text.slice(place + 1)
  })
  const written = fc.oneof(
    built,
    digits,
    mutated,
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  )

  /** Of which microseconds are no doubles. */
  const FAR = ['9056-2-27T035620,25', '9999-12-31T23:59:59.999']
  it('read the same texts as the same moments, and refuse the same', async () => {
    const { timeOf } = cellsOf({ missing: [] })
    await fc.assert(
      fc.asyncProperty(fc.array(written, { minLength: 200, maxLength: 200 }), async (all) => {
        const texts = all.filter((text) => !text.includes('\0') && text.isWellFormed())
        const rows = texts.map((text, place) => `(${place}, '${text.replaceAll("'", "''")}')`)
        await database.run(`delete from texts`)
        await database.run(`insert into texts values ${rows.join(', ')}`)
        const read = await database.all(
          `select ${timeOf({ expression: 'text', unit: 'iso' })} from texts order by place`,
        )
        const differing = texts.flatMap((text, place) => {
          const time = readTime(text)
          // Only files know zones by name.
          if (time.kind === 'wallClock' && time.zone !== undefined) return []
          const expected = 'ms' in time ? Math.max(time.ms, -1) : null
          const found = read[place]?.[0] ?? null
          const foundMs = found === null ? null : Math.max(Number(found), -1)
          return foundMs === expected ? [] : [{ text, found, expected }]
        })
        expect(differing).toEqual([])
      }),
      { numRuns: 50, endOnFailure: true, examples: [[FAR]] },
    )
  })
})
