// An export of a table: each labelled row with what was known of its user at its moment.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { linesPath } from '../../../cli/exports/state.ts'
import { writeParquet } from '../../../cli/exports/parquet.ts'
import { newState, writeState } from '../../../cli/exports/state.ts'
import type { Table } from '../../../cli/exports/state.ts'
import { openData } from '../../../cli/storage/open-data.ts'
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

/** Writes what a service would give, and reads it back as training does. */
async function read(lines: Readonly<Partial<Record<Table, readonly object[]>>>) {
  for (const table of ['events', 'users', 'items', 'labels'] as const) {
    writeFileSync(
      linesPath(folder, table),
      (lines[table] ?? []).map((line) => JSON.stringify(line)).join('\n'),
    )
  }
  const { undeclared, isDated } = await writeParquet(folder, project)
  writeState(folder, { ...newState('visits', 'http://x'), isWhole: true, isDated })
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
