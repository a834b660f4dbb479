// Parts of one table whose columns have other types: writers choose them by what they happen to see in a part.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, describe, expect, it } from 'vitest'
import { category, defineProject, label, number } from '../../../features/project.ts'
import { createDataFolder } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const project = defineProject({
  name: 'parts',
  user: { size: number(), kind: category() },
  tasks: { bought: label(['yes', 'no']) },
  source: { kind: 'table', id: 'key', labels: { bought: 'bought' } },
})

let count = 0

async function read(
  parts: readonly { readonly key: string; readonly size: string; readonly kind: string }[],
) {
  const path = join(folder.path, `parts-${(count += 1)}`)
  mkdirSync(path)
  const connection = await (await DuckDBInstance.create()).connect()
  for (const [index, { key, size, kind }] of parts.entries()) {
    const row = `${key} as key, ${size} as size, ${kind} as kind, 'yes' as bought`
    await connection.run(`copy (select ${row}) to '${path}/${index}.parquet' (format parquet)`)
  }
  connection.closeSync()
  const { users } = await folder.read(path, { project })
  return users.map(({ userId, versions }) => [userId, versions[0]?.attributes])
}

describe('parts of a table', () => {
  it('keep what each says where the next has another type', async () => {
    const rows = await read([
      { key: '1::bigint', size: '1::integer', kind: 'null::integer' },
      { key: '2::double', size: '2.5::double', kind: "'red'" },
      { key: "'c'", size: "'3'", kind: 'true' },
      { key: '9007199254740993::bigint', size: '4::decimal(9, 2)', kind: '5.0::double' },
    ])
    expect(rows).toEqual([
      ['1', { size: 1, kind: null }],
      ['2', { size: 2.5, kind: 'red' }],
      ['c', { size: 3, kind: 'true' }],
      ['9007199254740993', { size: 4, kind: '5' }],
    ])
  })

  it('are refused where one has rounded what another has as text', async () => {
    const text = { key: "'c'", size: "'3'", kind: "'red'" }
    const rounded = { key: '9007199254740993::double', size: "'nan'::double", kind: '1' }
    await expect(read([text, rounded])).rejects.toThrow(
      'the column "key" is DOUBLE in one file, which rounds',
    )
    await expect(read([rounded, text])).rejects.toThrow('write it as text in all')
    expect(await read([text, { ...rounded, key: '1::double' }])).toHaveLength(2)
  })
})
