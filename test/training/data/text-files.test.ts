import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { category, defineProject, label, number } from '../../../features/project.ts'
import type { Project } from '../../../features/project.ts'
import type { Reading } from '../../../features/source.ts'
import { createDataFolder } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

function table(reading: Reading = {}): Project {
  return defineProject({
    name: 'table',
    user: { age: number(), plan: category() },
    tasks: { churned: label(['yes', 'no']) },
    source: { kind: 'table', labels: { churned: 'churned' }, reading },
  })
}

interface Options {
  readonly reading?: Reading
  readonly name?: string
}

async function rowsOf(
  content: string | Uint8Array,
  { reading, name = 'rows.csv' }: Options = {},
): Promise<unknown> {
  const { users } = await folder.read(folder.write(name, content), { project: table(reading) })
  return users.map(({ versions }) => versions[0]?.attributes)
}

async function faultOf(
  content: string | Uint8Array,
  { reading, name = 'rows.csv' }: Options = {},
): Promise<string> {
  return folder.faultOf(folder.write(name, content), { project: table(reading) })
}

const ROWS = 'age,plan,churned\n30,café,yes\n31,free,no\n'
const WANTED = [
  { age: 30, plan: 'café' },
  { age: 31, plan: 'free' },
]
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le')

/** Of more than is looked at for the header. */
function brokenGzip(): Uint8Array {
  const rows = Array.from({ length: 100_000 }, (_, index) => `${index},${(index * 7919) % 100_003},yes`)
  const packed = gzipSync(`age,plan,churned\n${rows.join('\n')}\n`)
  return packed.subarray(0, packed.length - 2000)
}

describe('a text file', () => {
  it.each([',', ';', '\t', '|', ' '])(
    'is read whatever stands between its cells: "%s"',
    async (delimiter) => {
      expect(await rowsOf(ROWS.replaceAll(',', delimiter))).toEqual(WANTED)
    },
  )

  it.each([
    ['line ends of Windows', ROWS.replaceAll('\n', '\r\n')],
    ['line ends of old Macs', ROWS.replaceAll('\n', '\r')],
    ['a mark of UTF-8', `\uFEFF${ROWS}`],
    ['a mark of UTF-16', utf16(ROWS)],
    ['a mark of UTF-16, packed', gzipSync(utf16(ROWS))],
    ['a mark of UTF-16 with the higher byte first', utf16(ROWS).swap16()],
    ["Excel's word for the delimiter", `sep=;\r\n${ROWS.replaceAll(',', ';').replaceAll('\n', '\r\n')}`],
  ])('may have %s', async (_, content) => {
    expect(await rowsOf(content)).toEqual(WANTED)
  })

  it('is of another encoding, delimiter or header by the word of the source', async () => {
    expect(await rowsOf(Buffer.from(ROWS, 'latin1'), { reading: { encoding: 'latin-1' } })).toEqual(WANTED)
    expect(await rowsOf(ROWS.replaceAll(',', '~'), { reading: { delimiter: '~' } })).toEqual(WANTED)
    const [, ...rows] = ROWS.split('\n')
    const columns = ['age', 'plan', 'churned']
    expect(await rowsOf(rows.join('\n'), { reading: { columns } })).toEqual(WANTED)
    expect(await rowsOf(`Report\n\n${ROWS}`, { reading: { skipLines: 2 } })).toEqual(WANTED)
    expect(await rowsOf(`Report;of "May\n${ROWS}`, { reading: { skipLines: 2, columns } })).toEqual(WANTED)
  })

  it.each([
    ['\n', 'a\r\nb'],
    ['\n', '\r'],
    ['\r\n', 'a\nb'],
    ['\r', 'a\nb\r\nc'],
  ])('whose lines end in %j may have other breaks within quotes: %j', async (newline, plan) => {
    const content = ['age,plan,churned', `30,"${plan}",yes`, '31,free,no', ''].join(newline)
    const plans = (await rowsOf(content, { reading: { missing: [] } })) as { plan: string }[]
    expect(plans.map((row) => row.plan)).toEqual([plan.trim() === '' ? null : plan, 'free'])
  })

  it('shows its delimiter where its first row goes on within quotes', async () => {
    const columns = ['plan', 'age', 'churned']
    const wanted = [{ plan: 'a\nb', age: 30 }]
    expect(await rowsOf('"a\nb";30;yes\n', { reading: { columns } })).toEqual(wanted)
    expect(await rowsOf('"made\non";plan;age;churned\n1;"a\nb";30;yes\n')).toEqual(wanted)
  })

  it('of UTF-16 may hold every character, as CSV and as JSON', async () => {
    const wanted = [{ age: 30, plan: '🙂𐀀' }]
    expect(await rowsOf(utf16('age,plan,churned\n30,🙂𐀀,yes\n'))).toEqual(wanted)
    const json = '{"age":30,"plan":"🙂𐀀","churned":"yes"}'
    expect(await rowsOf(utf16(json), { name: 'rows.ndjson' })).toEqual(wanted)
    expect(await rowsOf(utf16(`[${json}]`), { name: 'rows.json' })).toEqual(wanted)
  })

  it('of JSON with numbers is refused where the source says that numbers have other marks', async () => {
    const content = '{"age":1.234,"plan":"a","churned":"yes"}'
    const reading = { decimal: ',', thousands: '.' } as const
    expect(await faultOf(content, { reading, name: 'rows.ndjson' })).toContain('its numbers have a point')
    const asText = content.replace('1.234', '"1.234"')
    expect(await rowsOf(asText, { reading, name: 'rows.ndjson' })).toEqual([{ age: 1234, plan: 'a' }])
  })

  it('of JSON may be an empty array where it is a part', async () => {
    const content = '[{"age":1,"plan":"a","churned":"yes"}]'
    for (const files of [
      { 'a.json': '[]', 'b.json': content },
      { 'a.json': content, 'b.json': '[]\n' },
    ]) {
      const path = folder.writeAll(`empty-${Object.values(files).indexOf(content)}`, files)
      const { users } = await folder.read(path, { project: table() })
      expect(users.map(({ versions }) => versions[0]?.attributes)).toEqual([{ age: 1, plan: 'a' }])
    }
    expect(await faultOf('[]', { name: 'rows.json' })).toContain('there are no rows')
  })

  it('of JSON may have bad lines alone where it is a part, which are named', async () => {
    const content = '{"age":1,"plan":"a","churned":"yes"}'
    const path = folder.writeAll('bad-part', { 'a.ndjson': '{"age":\n', 'b.ndjson': content })
    const said = await folder.faultOf(path, { project: table() })
    expect(said).toContain('a.ndjson, line 1: line: expected a JSON object')
    const { users } = await folder.read(path, { project: table(), skipBadRows: true })
    expect(users.map(({ versions }) => versions[0]?.attributes)).toEqual([{ age: 1, plan: 'a' }])
    expect(await faultOf('{"age":\n', { name: 'rows.ndjson' })).toContain('no line is a JSON object')
    const twins = '{"A":1,"a":2}'
    expect(await faultOf(twins, { name: 'rows.ndjson' })).toContain("no column 'churned'; there are 'A', 'a'")
  })

  it.each(['rows.ndjson', 'rows.json'])(
    'of JSON that names a member twice is bad there, for readers of JSON differ in which they take: %s',
    async (name) => {
      const twice = '{"age":2,"plan":"b","churned":"no","age":3}'
      const rows = ['{"age":1,"plan":"a","churned":"yes"}', twice, '{"age":4,"plan":"c","churned":"no"}']
      const content = name.endsWith('.json') ? `[${rows.join(',')}]` : rows.join('\n')
      expect(await faultOf(content, { name })).toContain(
        `2: line: expected a JSON object that names each member once, found '${twice}'`,
      )
      const read = await folder.read(folder.write(name, content), { project: table(), skipBadRows: true })
      expect(read.users.map(({ versions }) => versions[0]?.attributes['age'])).toEqual([1, 4])
    },
  )

  it('of JSON may have blank lines, which are not counted as rows', async () => {
    const content = '\n{"age":1,"plan":"a","churned":"yes"}\n \t\n{"age":2,"plan":"b","churned":"no"}\n'
    const path = folder.writeAll('blank', { 'a.ndjson': content, 'b.ndjson': content })
    const { users } = await folder.read(path, { project: table() })
    expect(users.map(({ userId }) => userId)).toEqual(['1', '2', '3', '4'])
    const bad = folder.writeAll('blank-bad', {
      'a.ndjson': content,
      'b.ndjson': content.replace('2,', '"x",'),
    })
    expect(await folder.faultOf(bad, { project: table() })).toContain('b.ndjson, line 4: age')
  })

  it('keeps quotes in .tsv as text, unless the source says else', async () => {
    const content = 'age\tplan\tchurned\n30\t"5" tv\tyes\n31\t"a b"\tno\n'
    const plans = (rows: unknown): unknown => (rows as { plan: string }[]).map(({ plan }) => plan)
    expect(plans(await rowsOf(content, { name: 'rows.tsv' }))).toEqual(['"5" tv', '"a b"'])
    const quoted = content.replace('"5" tv', '"5"" tv"')
    expect(plans(await rowsOf(quoted, { name: 'rows.tsv', reading: { quote: '"' } }))).toEqual([
      '5" tv',
      'a b',
    ])
  })

  it.each([
    ['text that is no UTF-8', Buffer.from(ROWS, 'latin1'), 'line 2', "{ encoding: 'latin-1' }"],
    ['UTF-16 without its mark', utf16(ROWS).subarray(2), 'NUL characters', "{ encoding: 'utf-16' }"],
    ['UTF-16 that breaks off', utf16(ROWS).subarray(0, -1), 'not UTF-16 to its end', 'save it as UTF-8'],
  ])('is refused with what to do: %s', async (_, content, ...words) => {
    const said = await faultOf(content)
    for (const word of words) expect(said).toContain(word)
  })

  it.each<[string, string | Uint8Array, Reading, string, string?]>([
    ['mixed line ends among rows', `${ROWS}32,free,no\r\n33,free,no\n`, {}, 'end in several ways'],
    [
      'mixed line ends far into a file',
      `${ROWS}${'1,a,no\n'.repeat(400_000)}${'2,b,no\r\n'.repeat(10)}`,
      {},
      'end in several ways',
    ],
    ['JSON whose line ends are mixed', '{"age":1}\r\n{"age":2}\n', {}, 'end in several ways', 'rows.ndjson'],
    ['mixed line ends before the header', `sep=,\r\n${ROWS}`, {}, 'end in several ways'],
    ['a gzip that breaks off', brokenGzip(), {}, 'its gzip breaks off; copy or download it again'],
  ])('is refused, never read in part: %s', async (_, content, reading, words, name = 'rows.csv') => {
    expect(await faultOf(content, { reading, name })).toContain(words)
  })

  it.each<[string, string | Uint8Array, Reading]>([
    ['after lines before the header', `a\nb\n${ROWS}x,free,no\n`, { skipLines: 2 }],
    [
      'without a header',
      `1,a,no\n\n2,b,no\n3,c,no\n4,d,no\nx,free,no\n`,
      { columns: ['age', 'plan', 'churned'] },
    ],
    ['after line ends of old Macs', `${ROWS}\r\r\rx,free,no\r`.replaceAll('\n', '\r'), {}],
    ['in UTF-16', utf16(`${ROWS}\n\nx,free,no\n`), {}],
  ])('names the line of a bad row %s', async (_, content, reading) => {
    const line = (await faultOf(content, { reading })).match(/line (\d+): age/)?.[1]
    const lines = (typeof content === 'string' ? content : Buffer.from(content).toString('utf16le')).split(
      /\r|\n/,
    )
    expect(Number(line)).toBe(lines.findIndex((one) => one.startsWith('x')) + 1)
  })
})

describe('a file of bad rows alone', () => {
  it.each([false, true])('says so and offers no skipping (skipBadRows: %s)', async (skipBadRows) => {
    const path = folder.write('bad.csv', 'age,plan,churned\nx,free,no\ny,free,no\n')
    const said = await folder.faultOf(path, { project: table(), skipBadRows })
    expect(said).toContain(`${path}: all 2 rows are bad`)
    expect(said).toContain('line 2: age')
    expect(said).not.toContain('skip')
  })
})

const REVIEWS = new URL('../../../../shared/data/womens-clothing-reviews/reviews.csv.gz', import.meta.url)
  .pathname

describe.skipIf(!existsSync(REVIEWS))('reviews of clothing (../shared/data, skipped where missing)', () => {
  it('are read, though the first column has no name', async () => {
    const project = defineProject({
      name: 'reviews',
      user: { Age: number(), 'Department Name': category() },
      tasks: { recommended: label(['0', '1']) },
      source: { kind: 'table', labels: { recommended: 'Recommended IND' } },
    })
    const { userCount } = await folder.read(REVIEWS, { project })
    expect(userCount).toBe(23_486)
  }, 60_000)
})
