import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DAY_MS, defineProject, nextEvent, occurs } from '../../features/project.ts'
import type { Task } from '../../features/project.ts'
import type { UserRecord } from '../../training/data/data-set.ts'
import { describeTrainFault } from '../../training/train-fault.ts'
import type { TrainRequest } from '../../training/train.ts'
import { buildRows, buildTable, kindsOf, smallTable } from './build-table.ts'
import { START_MS, buildEventData } from './examples/build-log.ts'
import { newFolder, trainSmall } from './train-small.ts'

const withinDays = 2
const data = buildEventData(everyDay({ days: 20 }))

const refusals: Readonly<Record<string, readonly [Partial<TrainRequest>, RegExp]>> = {
  'a target that never happens': [
    { project: asking(occurs('purchase', { withinDays })), data },
    /^No task can be learned. Task 'asked': 'yes' came true in 0 of \d+ training examples; at least 25 are needed$/,
  ],
  'a target that always happens': [
    { project: asking(occurs('view', { withinDays })), data },
    /^No task can be learned. Task 'asked': 'no' came true in 0 of \d+ training examples; at least 25 are needed$/,
  ],
  'a next event that is always the same': [
    { project: asking(nextEvent()), data },
    /^No task can be learned. Task 'asked': 'purchase' came true in 0 of \d+ training examples; at least 25 are needed$/,
  ],
  'a log too short for its horizons': [
    { project: asking(occurs('view', { withinDays: 10 })), data },
    /^The data spans 19 days; a horizon of 10 days needs 36 days: three horizons and a bit/,
  ],
  'a part without examples': [
    { data: buildEventData([...everyDay({ days: 3 }), ...everyDay({ days: 1, fromDay: 20 })]) },
    /^The \w+ part has no moment whose answer is known: the data is too small to split$/,
  ],
  'a table without rows': [
    { project: smallTable, data: buildTable([]) },
    /^Task 'kind' is a label, but the data holds no labelled rows: give them \(beside events as questions\.\*, with userId, at and kind\), or leave the task out$/,
  ],
  'a label that is too rare': [
    { project: smallTable, data: buildTable(buildRows(kindsOf({ a: 100, b: 20, c: 100 }))) },
    /^No task can be learned. Task 'kind': 'b' came true in 14 of 154 training examples; at least 25 are needed$/,
  ],
  'a label that no row has': [
    { project: smallTable, data: buildTable(buildRows(kindsOf({ a: 100, c: 100 }))) },
    /^No task can be learned. Task 'kind': 'b' came true in 0 of 140 training examples; at least 25 are needed$/,
  ],
  'a family that is not there': [
    { family: 'forest' },
    /^There is no family 'forest'; there are prior, ngrams, softmax, tabular, pooled, transformer, trees, auto/,
  ],
  'a log where a table is declared': [
    { project: smallTable, data },
    /^Task 'kind' is a label, but the data holds no labelled rows: give them \(beside events as questions\.\*, with userId, at and kind\), or leave the task out$/,
  ],
}

describe('train refuses, saying what is needed and writing nothing,', () => {
  it.each(Object.entries(refusals))('%s', async (_, [options, message]) => {
    const bundlesFolder = join(newFolder(), 'bundles')
    const trained = await trainSmall({ ...options, bundlesFolder })
    expect(trained.ok ? 'a bundle' : describeTrainFault(trained.reason)).toMatch(message)
    expect(existsSync(bundlesFolder)).toBe(false)
  })
})

function asking(asked: Task<'view' | 'purchase'>) {
  return defineProject({ name: 'one-task', events: { view: {}, purchase: {} }, tasks: { asked } })
}

/** Ten users who view something once a day, always at the same hour. */
function everyDay({ days, fromDay = 0 }: { readonly days: number; readonly fromDay?: number }): UserRecord[] {
  return Array.from({ length: 10 }, (_, user) => {
    const userId = `user-${fromDay}-${user}`
    const events = Array.from({ length: days }, (__, day) => {
      const occurredAt = START_MS + (fromDay + day) * DAY_MS
      return { id: `${1000 + day}`, type: 'view', userId, occurredAt, receivedAt: occurredAt }
    })
    return { userId, versions: [], events, questions: [] }
  })
}
