// Vectors of files: whatever form holds them gives the same, and what is none is refused by its line.
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, describe, expect, it } from 'vitest'
import { defineProject, label, vector } from '../../../features/project.ts'
import type { TableSource } from '../../../features/source.ts'
import { packVector } from '../../../features/vectors.ts'
import { createDataFolder } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const tableOf = (source: Partial<TableSource> = {}) =>
  defineProject({
    name: 'table',
    user: { taste: vector(3) },
    tasks: { bought: label(['yes', 'no']) },
    source: { kind: 'table', labels: { bought: 'bought' }, ...source },
  })

async function tastesOf(path: string, source?: Partial<TableSource>): Promise<unknown[]> {
  const { users } = await folder.read(path, { project: tableOf(source) })
  return users.map(({ versions }) => versions[0]?.attributes['taste'])
}

async function parquetOf(taste: string): Promise<string> {
  const path = join(folder.path, 'tastes.parquet')
  const connection = await (await DuckDBInstance.create()).connect()
  await connection.run(`copy (select ${taste} as taste, 'yes' as bought) to '${path}'`)
  connection.closeSync()
  return path
}

const packed = packVector([0.5, -1, 2])

describe('a vector', () => {
  it.each([
    ['a list', '[0.5, -1, 2]::float[]'],
    ['a list of fixed length', '[0.5, -1, 2]::double[3]'],
    ['a text', `'[0.5,-1,2]'`],
    ['what was packed', `'${packed}'`],
  ])('is %s in Parquet', async (_, taste) => {
    expect(await tastesOf(await parquetOf(taste))).toEqual([packed])
  })

  it('is a list in a cell or in an object a line, and missing where nothing is', async () => {
    const csv = folder.write('tastes.csv', 'taste,bought\n"[0.5, -1, 2]",yes\n,no\nNA,no\n')
    expect(await tastesOf(csv)).toEqual([packed, null, null])
    const lines = [{ taste: [0.5, -1, 2], bought: 'yes' }, { taste: null, bought: 'no' }, { bought: 'no' }]
    const json = folder.write('tastes.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'))
    expect(await tastesOf(json)).toEqual([packed, null, null])
  })

  it('is several columns that an expression makes a list of', async () => {
    const csv = folder.write('columns.csv', 'v0,v1,v2,bought\n0.5,-1,2,yes\n,,,no\n')
    expect(await tastesOf(csv, { user: { taste: '[v0, v1, v2]' } })).toEqual([packed, null])
  })

  it.each([
    ['[1, 2]', '2 numbers'],
    ['[1, 2, NaN]', '"NaN" in place 3'],
    ['[1, inf, 2]', '"inf" in place 2'],
    ['[1, , 2]', 'null in place 2'],
    ['1 2 3', '1 2 3'],
  ])('is refused by its line and column where it is %s', async (cell, found) => {
    const csv = folder.write('bad.csv', `taste,bought\n"[1, 2, 3]",yes\n"${cell}",no\n`)
    const fault = await folder.faultOf(csv, { project: tableOf() })
    expect(fault).toContain(`line 3: taste: expected a list of 3 finite numbers, found '${found}'`)
  })
})
