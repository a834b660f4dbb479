// What cells hold, from real files: one value has one spelling, and what is missing is missing for all kinds.
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { category, defineProject, label, number, text } from '../../../features/project.ts'
import { spellCategory } from '../../../features/spelling.ts'
import type { Reading } from '../../../features/source.ts'
import { createDataFolder, shop } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

function tableOf(reading: Reading = {}, values: readonly string[] = ['yes', 'no']) {
  return defineProject({
    name: 'table',
    user: { count: number(), kind: category(), said: text() },
    tasks: { bought: label(values) },
    source: { kind: 'table', labels: { bought: 'bought' }, reading },
  })
}

interface Cells {
  readonly count?: string
  readonly kind?: string
  readonly said?: string
}

const quoted = (cell = ''): string => `"${cell.replaceAll('"', '""')}"`

function csvOf(rows: readonly Cells[]): string {
  const lines = rows.map(({ count, kind, said }) =>
    [quoted(count), quoted(kind), quoted(said), 'yes'].join(','),
  )
  return folder.write('values.csv', ['count,kind,said,bought', ...lines].join('\n'))
}

async function attributesOf(path: string, reading?: Reading) {
  const { users } = await folder.read(path, { project: tableOf(reading) })
  return users.map(({ versions }) => versions[0]?.attributes)
}

async function parquetOf(columns: string): Promise<string> {
  const path = join(folder.path, 'values.parquet')
  const connection = await (await DuckDBInstance.create()).connect()
  await connection.run(`copy (select ${columns}) to '${path}'`)
  connection.closeSync()
  return path
}

describe('a missing value', () => {
  const marks = [
    '',
    ' ',
    'NaN',
    'nan',
    'None',
    'none',
    String.raw`\N`,
    'NULL',
    'null',
    'NA',
    'n/a',
    '#N/A',
    '-',
    '?',
  ]

  it.each(marks)('is what %j says, for numbers and categories alike', async (mark) => {
    const [read] = await attributesOf(csvOf([{ count: mark, kind: mark, said: 'x' }]))
    expect(read).toEqual({ count: null, kind: null, said: 'x' })
  })

  it.each(['', ' ', '\n', 'NaN', String.raw`\N`, 'NULL\r\n', '#N/A'])(
    'is what %j says of texts',
    async (mark) => {
      expect(await attributesOf(csvOf([{ said: mark }]))).toEqual([{ count: null, kind: null, said: null }])
    },
  )

  it.each(['-', '?', 'None', 'na'])('is not what %j says of texts, which people write', async (said) => {
    expect(await attributesOf(csvOf([{ said }]))).toEqual([{ count: null, kind: null, said }])
  })

  it('is what the source says, and nothing else', async () => {
    const path = csvOf([
      { count: '5', kind: 'NA' },
      { count: '-999', kind: 'Unknown' },
    ])
    expect(await attributesOf(path, { missing: ['-999', 'unknown'] })).toEqual([
      { count: 5, kind: 'NA', said: null },
      { count: null, kind: null, said: null },
    ])
  })

  it('is the NaN of a column of numbers', async () => {
    const path = await parquetOf(
      `'nan'::double as "count", 'nan'::float as kind, '' as said, 'yes' as bought`,
    )
    expect(await attributesOf(path)).toEqual([{ count: null, kind: null, said: null }])
  })
})

describe('a number', () => {
  it.each([
    ['1.234,5', { decimal: ',', thousands: '.' }, 1234.5],
    ['1.234.567', { decimal: ',', thousands: '.' }, 1_234_567],
    ['0,5', { decimal: ',' }, 0.5],
    ['1,234.5', { thousands: ',' }, 1234.5],
    ['12,34,567', { thousands: ',' }, 1_234_567],
    ['1 234 567', { thousands: ' ' }, 1_234_567],
    ['1\u00a0234', { thousands: ' ' }, 1234],
    ["1'234", { thousands: "'" }, 1234],
    ['-1.5e3', {}, -1500],
  ] as const)('%s is read as the source says: %o', async (count, reading, value) => {
    expect((await attributesOf(csvOf([{ count }]), reading))[0]?.['count']).toBe(value)
  })

  it.each([
    ['1.5', { decimal: ',', thousands: '.' }],
    ['1,5', {}],
    ['1,23', { thousands: ',' }],
    ['12%', {}],
    ['inf', {}],
    ['1_000', {}],
    ['1_000', { thousands: ',' }],
  ] as const)('%s is refused where it may be another: %o', async (count, reading) => {
    expect(await folder.faultOf(csvOf([{ count }]), { project: tableOf(reading) })).toContain(
      `count: expected a number, found '${count}'`,
    )
  })

  it('of a column of numbers has a point, whatever texts have', async () => {
    const path = await parquetOf(`1.5::double as "count", '' as kind, '' as said, 'yes' as bought`)
    expect((await attributesOf(path, { decimal: ',', thousands: '.' }))[0]?.['count']).toBe(1.5)
  })
})

describe('a category', () => {
  it.each([
    ['1::integer', '1'],
    ['1::bigint', '1'],
    ['1::double', '1'],
    ['1::float', '1'],
    ['1::decimal(9, 2)', '1'],
    ['1.5::decimal(9, 2)', '1.5'],
    ['1.5::double', '1.5'],
    ['1e16::double', '10000000000000000'],
    ["'1.0'", '1'],
    ["'-0.0'", '0'],
    ["'007'", '007'],
    ["'1.10'", '1.10'],
    ["'12e4'", '12e4'],
    ["'1.5e+00'", '1.5'],
    ["'1.50e-07'", '0.00000015'],
    ["'0.000e+00'", '0'],
    ['1e-7::double', '0.0000001'],
    ['100::decimal(38, 0)', '100'],
    ["'\u00a0red\u3000'", 'red'],
    ["'1.25e+02'", '125'],
    ["' red '", 'red'],
    ['true', 'true'],
    ["'TRUE'", 'true'],
    ["'False'", 'false'],
    ["'Yes'", 'Yes'],
    ["'caf\\xC3\\xA9'::blob", 'café'],
    ['9007199254740993::bigint', '9007199254740993'],
  ])('%s is %s', async (sql, value) => {
    const path = await parquetOf(`1 as "count", ${sql} as kind, 'x' as said, 'yes' as bought`)
    expect((await attributesOf(path))[0]?.['kind']).toBe(value)
  })

  it('is spelt in files as it is looked up', async () => {
    const kind = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.stringMatching(/^-?\d{1,3}(?:\.\d{0,3})?(?:e[+-]?\d{1,2})?$/),
      fc.constantFrom('TRUE', 'tRuE', 'false', ' False '),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { minLength: 100, maxLength: 100 }), async (kinds) => {
        const written = kinds.filter((each) => !/[\0\r\n]/.test(each) && each.trim() !== '')
        const read = await attributesOf(csvOf(written.map((each) => ({ kind: each }))), { missing: [] })
        expect(read.map((attributes) => attributes?.['kind'])).toEqual(
          written.map((each) => spellCategory(each)),
        )
      }),
      { numRuns: 8, endOnFailure: true, examples: [[['1.5e+00', '-2.5e+1', '9.7e+30', '1e+23', '1e+99']]] },
    )
  })
})

describe('a label', () => {
  it.each([
    ['1::double', ['0', '1'], '1'],
    ['true', ['true', 'false'], 'true'],
    ["'TRUE'", ['True', 'False'], 'True'],
    ["'1.0'", ['0', '1'], '1'],
    ["'-'", ['+', '-'], '-'],
    ["'NA'", ['NA', 'EU'], 'NA'],
  ] as const)('%s is one of the values %j', async (sql, values, expected) => {
    const path = await parquetOf(`1 as "count", 'a' as kind, 'x' as said, ${sql} as bought`)
    const { users } = await folder.read(path, { project: tableOf({}, values) })
    expect(users[0]?.questions[0]?.labels).toEqual({ bought: expected })
  })
})

describe('an id', () => {
  const ids = defineProject({
    ...tableOf(),
    source: { kind: 'table', id: 'key', labels: { bought: 'bought' } },
  })
  const idOf = async (path: string) => (await folder.read(path, { project: ids })).users[0]?.userId
  const columns = `1 as "count", 'a' as kind, 'x' as said, 'yes' as bought`

  it.each([
    ['9007199254740993::bigint', '9007199254740993'],
    ['12345678901234567890::decimal(38, 2)', '12345678901234567890'],
    ['12345::double', '12345'],
    ["'00123'", '00123'],
    ["'12.0'", '12.0'],
    ["'ab'::blob", 'ab'],
  ])('%s is %s', async (sql, id) => {
    expect(await idOf(await parquetOf(`${sql} as key, ${columns}`))).toBe(id)
  })

  it('beyond 2^53 stays exact in NDJSON', async () => {
    const line = '{"key":12345678901234567890123,"count":1,"kind":"a","said":"x","bought":"yes"}'
    expect(await idOf(folder.write('ids.ndjson', line))).toBe('12345678901234567890123')
  })

  it('that its type has rounded is refused', async () => {
    const path = await parquetOf(`9007199254740993::double as key, ${columns}`)
    expect(await folder.faultOf(path, { project: ids })).toContain('expected an id with all its digits')
  })
})

describe('a column of JSON', () => {
  const rowOf = (properties: string) =>
    folder.write(
      'properties.csv',
      `id,type,userId,occurredAt,properties\ne1,search,u,2025-01-01,${quoted('{"device":1.0}')}\ne2,search,u,2025-01-02,${quoted(properties)}`,
    )

  it.each(['not json', '[1]', '"text"', '{"device":'])('that holds %j is a bad row', async (properties) => {
    expect(await folder.faultOf(rowOf(properties), { project: shop })).toContain(
      `line 3: properties: expected a JSON object, found '${properties}'`,
    )
  })

  it('that names a member twice is a bad row, as such a line is and such a request', async () => {
    const twice = '{"device":"a","device":"b"}'
    expect(await folder.faultOf(rowOf(twice), { project: shop })).toContain(
      `line 3: properties: expected a JSON object that names each member once, found '${twice}'`,
    )
  })

  it.each(['', 'NULL', '{}'])('may say nothing: %j', async (properties) => {
    const { users } = await folder.read(rowOf(properties), { project: shop })
    expect(users[0]?.events.map((event) => event.properties)).toEqual([{ device: '1' }, { device: null }])
  })
})
