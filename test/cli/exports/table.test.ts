// An export of a table: each labelled row with what was known of its user at its moment.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { writeParquet } from '../../../cli/exports/parquet.ts'
import {
  linesPath,
  newState,
  parquetPath,
  TABLES,
  wholeState,
  writeState,
} from '../../../cli/exports/state.ts'
import type { ExportState, Table } from '../../../cli/exports/state.ts'
import { openData } from '../../../cli/storage/open-data.ts'
import { openDatabase } from '../../../training/data/database.ts'
import { packPredictions } from '../../../features/prediction-pack.ts'
import { category, defineProject, label, number } from '../../../features/project.ts'

const project = defineProject({
  name: 'visits',
  user: { plan: category(), age: number() },
  tasks: { buys: label(['no', 'yes']), grade: label(['1', '2']) },
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  return () => rmSync(folder, { recursive: true })
})

/** Writes what a service would give. */
async function write(lines: Readonly<Partial<Record<Table, readonly object[]>>>) {
  for (const table of TABLES) {
    writeFileSync(
      linesPath(folder, table),
      (lines[table] ?? []).map((line) => JSON.stringify(line)).join('\n'),
    )
  }
  const begun = newState('visits', 'http://x')
  const tables = TABLES.map((table) => [table, { ...begun.tables[table], next: null }])
  const state = { ...begun, tables: Object.fromEntries(tables) as ExportState['tables'] }
  const written = await writeParquet({ folder, project, state })
  writeState(folder, wholeState(state, written.isDated))
  return written
}

/** Writes it, and reads it back as training does. */
async function read(lines: Readonly<Partial<Record<Table, readonly object[]>>>) {
  const { undeclared } = await write(lines)
  const data = await openData({ project, path: folder, skipBadRows: false })
  try {
    const users = await Array.fromAsync(data.users())
    return {
      undeclared,
      rows: users.map(({ userId, versions, questions }) => ({
        userId,
        attributes: versions[0]?.attributes,
        labels: questions[0]?.labels,
        atMs: questions[0]?.atMs,
      })),
    }
  } finally {
    data.close()
  }
}

const user = (id: string, plan: string, knownAt = 0, storedAt = 1) => ({
  id,
  knownAt,
  attributes: { plan, age: 3.5 },
  storedAt,
})
const labelled = (userId: string, task: string, value: string, at = 0, storedAt = 1) => ({
  userId,
  task,
  value,
  at,
  knownAt: 0,
  storedAt,
})

describe('an export of a table', () => {
  it('takes of labels and attributes what was stored last, and leaves out what is no longer declared', async () => {
    const { rows, undeclared } = await read({
      users: [user('a', 'free'), user('a', 'NA', 0, 2), user('b', 'pro')],
      labels: [
        labelled('a', 'buys', 'no'),
        labelled('a', 'buys', 'yes', 0, 2),
        labelled('a', 'grade', '2'),
        labelled('b', 'buys', 'no'),
        labelled('b', 'grade', '9'),
        labelled('b', 'gone', 'x'),
      ],
    })
    expect(undeclared).toBe(2)
    expect(rows).toEqual([
      { userId: 'a', attributes: { plan: 'NA', age: 3.5 }, labels: { buys: 'yes', grade: '2' }, atMs: null },
      { userId: 'b', attributes: { plan: 'pro', age: 3.5 }, labels: { buys: 'no' }, atMs: null },
    ])
  })

  it('tells of a moment no more than was known then', async () => {
    const T = Date.UTC(2026, 0, 1)
    const { rows } = await read({
      users: [user('a', 'free', T), user('a', 'pro', T + 100)],
      labels: [labelled('a', 'buys', 'no', T + 50), labelled('b', 'buys', 'yes', T + 200)],
    })
    expect(rows.map(({ attributes, atMs }) => [attributes?.['plan'] ?? null, atMs])).toEqual([
      ['free', T + 50],
      [null, T + 200],
    ])
  })
})

describe('an export of the log', () => {
  it('has a row for each answer and task, and finds what came of it by pack and place', async () => {
    const answer = (userId: string, atMs: number, context: { device: string } | null) => ({
      id: `r-${userId}`,
      userId,
      atMs,
      propensity: 0.5,
      fallback: null,
      context,
      numbers: { buys: [0.25], grade: [0.5, 0.5] },
    })
    const pack = packPredictions([answer('a', 7, { device: 'phone' }), answer('b', 9, null)])
    const { rows } = await write({
      predictions: [{ id: 3, bundleId: 'b-1', role: 'champion', pack: JSON.parse(pack), storedAt: 1 }],
      outcomes: [{ predictionId: 3, task: 'buys', targets: [null, 1], storedAt: 2 }],
    })
    expect(rows).toMatchObject({ predictions: 4, outcomes: 2 })
    const database = await openDatabase('128MB')
    const joined =
      await database.all(`select "requestId", "userId", "at"::double, role, task, numbers::varchar,
        propensity, fallback, context::varchar, target
      from '${parquetPath(folder, 'predictions')}' left join '${parquetPath(folder, 'outcomes')}'
      using (pack, place, task) order by place, task`)
    database.close()
    const of = (asked: string, at: number) => [`r-${asked}`, asked, at, 'champion']
    expect(joined).toEqual([
      [...of('a', 7), 'buys', '[0.25]', 0.5, null, '{"device":"phone"}', null],
      [...of('a', 7), 'grade', '[0.5, 0.5]', 0.5, null, '{"device":"phone"}', null],
      [...of('b', 9), 'buys', '[0.25]', 0.5, null, null, 1],
      [...of('b', 9), 'grade', '[0.5, 0.5]', 0.5, null, null, null],
    ])
  })

  it('leaves no file where nothing was logged, and keeps since when a label is known', async () => {
    await write({ labels: [{ ...labelled('a', 'buys', 'no', 5), knownAt: 8 }, labelled('b', 'buys', 'yes')] })
    const database = await openDatabase('128MB')
    const labels = await database.all(
      `select "userId", "at"::double, "knownAt"::double from '${parquetPath(folder, 'labels')}' order by "userId"`,
    )
    database.close()
    expect(labels).toEqual([
      ['a', 5, 8],
      ['b', null, null],
    ])
    expect(existsSync(parquetPath(folder, 'predictions'))).toBe(false)
  })
})
