// What must be said of a file for it to be read as it is meant: nothing where the readers see it by themselves.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../../training/data/database.ts'
import { inspectFile } from '../../../training/inspect/inspect-file.ts'
import type { InspectedFile } from '../../../training/inspect/inspect-file.ts'

const people = Array.from({ length: 30 }, (_, row) => [`u${row}`, 20 + (row % 9), row % 2 ? 'Köln' : 'Bern'])
const rows = (delimiter: string): string[] => people.map((row) => row.join(delimiter))
const header = ['user_id', 'age', 'city']

async function look(name: string, text: string | Buffer): Promise<InspectedFile> {
  const folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  const database = await openDatabase('200MB')
  onTestFinished(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })
  const path = join(folder, name)
  writeFileSync(path, text)
  const inspected = await inspectFile(database, { path, table: 'own' })
  if (!inspected.ok) throw new Error(JSON.stringify(inspected.reason))
  return inspected.value
}

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`

it.each([
  ['commas', 'a.csv', lines([header.join(','), ...rows(',')]), {}],
  ['semicolons', 'a.csv', lines([header.join(';'), ...rows(';')]), {}],
  ['a word of its delimiter', 'a.csv', lines(['sep=|', header.join('|'), ...rows('|')]), {}],
  [
    'a mark of UTF-16',
    'a.csv',
    Buffer.from(`\uFEFF${lines([header.join('\t'), ...rows('\t')])}`, 'utf16le'),
    {},
  ],
  [
    'Latin-1',
    'a.csv',
    Buffer.from(lines([header.join(';'), ...rows(';')]), 'latin1'),
    { encoding: 'latin-1' },
  ],
  [
    'lines before the header',
    'a.csv',
    lines(['Report of May', 'made by hand', header.join(','), ...rows(',')]),
    { delimiter: ',', skipLines: 2 },
  ],
])('reads a file with %s, and says no more than it must', async (_, name, text, reading) => {
  const found = await look(name, text)
  expect(found.reading).toEqual(reading)
  expect(found.columns.map((column) => [column.name, column.kind])).toEqual([
    ['user_id', 'id'],
    ['age', 'number'],
    ['city', 'category'],
  ])
  expect(found.rowCount).toBe(30)
})

it('names the columns of a file without a header', async () => {
  const found = await look('a.csv', lines(rows(',')))
  expect(found.reading).toEqual({ columns: ['column1', 'column2', 'column3'] })
  expect(found.rowCount).toBe(30)
})

it('takes lines of a user and items for sequences', async () => {
  const sequences = people.map(([user], row) => [user, ...Array(2 + (row % 4)).fill(`i${row}`)].join(' '))
  expect((await look('a.txt', lines(sequences))).sequences).toBe(' ')
})

it('gives every column of a header, or says why it cannot be asked for', async () => {
  const text = lines([
    'user_id,Plan,plan,,city',
    ...people.map(([id, age, city]) => `${id},a,${age},7,${city}`),
  ])
  const found = await look('a.csv', text)
  expect(found.columns.map(({ name }) => name)).toEqual(['user_id', 'city'])
  expect(found.unaskable.map(({ column, kind, text: said }) => [column, kind, said.split(':')[0]])).toEqual([
    ['Plan', 'name', 'column 2 shares its name with another, letter case aside'],
    ['plan', 'name', 'column 3 shares its name with another, letter case aside'],
    ['', 'name', 'column 4 has no name'],
  ])
})
