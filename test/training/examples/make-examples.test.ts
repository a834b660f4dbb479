import { describe, expect, it } from 'vitest'
import { undated } from '../../../features/attributes.ts'
import { DAY_MS, defineProject, label, occurs } from '../../../features/project.ts'
import type { UserRecord } from '../../../training/data/data-set.ts'
import { examplesOfPlan, makeExamples, makeFinalExamples } from '../../../training/examples/make-examples.ts'
import { partNames } from '../../../training/moments/parts.ts'
import type { PartName } from '../../../training/moments/parts.ts'
import { planRows } from '../../../training/moments/plan-moments.ts'
import { buildRows, buildTable, kindsOf, smallTable } from '../build-table.ts'
import { buildEventData, buildLog, smallShop } from './build-log.ts'

describe('examplesOfPlan', () => {
  it('learns from the train rows alone: whatever the others are, the inputs of training stay', async () => {
    const rows = buildRows(kindsOf({ a: 50, b: 50 }))
    const partOfRow = rows.map((_, place): PartName =>
      place < 60 ? 'train' : place < 80 ? 'validation' : 'test',
    )
    const strange = (row: UserRecord): UserRecord => ({
      ...row,
      versions: undated({ size: 1e6, colour: 'never seen' }),
    })
    const examplesOf = (users: readonly UserRecord[]) =>
      examplesOfPlan({ project: smallTable, data: buildTable(users), plan: planRows(partOfRow, 1) })
    const learned = await examplesOf(rows)
    expect([learned.train.count, learned.validation.count, learned.test.count]).toEqual([60, 20, 20])
    const others = await examplesOf(rows.map((row, place) => (place < 60 ? row : strange(row))))
    expect(others.features).toEqual(learned.features)
    expect(others.train).toEqual(learned.train)
    const taught = await examplesOf(rows.map((row, place) => (place < 60 ? strange(row) : row)))
    expect(taught.features).not.toEqual(learned.features)
  })

  it('leaves out rows that have no part', async () => {
    const rows = buildRows(kindsOf({ a: 10 }))
    const partOfRow = rows.map((_, place): PartName | undefined => (place % 2 === 0 ? 'train' : undefined))
    const { train } = await examplesOfPlan({
      project: smallTable,
      data: buildTable(rows),
      plan: planRows(partOfRow, 1),
    })
    expect(train.userIds).toEqual(['row-0', 'row-2', 'row-4', 'row-6', 'row-8'])
  })
})

describe('makeExamples', () => {
  it('has no row in two parts, and no moment of a log in two', async () => {
    const rows = buildRows(kindsOf({ a: 60, b: 60, c: 60 }))
    const [table, log] = await Promise.all([
      makeExamples({ project: smallTable, data: buildTable(rows), seed: 1 }),
      makeExamples({ project: smallShop, data: buildLog({ userCount: 30, days: 20 }), seed: 1 }),
    ])
    if (!table.ok || !log.ok) throw new Error('Expected examples')
    const ids = partNames.flatMap((part) => table.value[part].userIds)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toHaveLength(180)
    const ends = partNames.flatMap((part) => [
      Math.min(...log.value[part].atMs),
      Math.max(...log.value[part].atMs),
    ])
    expect(ends.toSorted((a, b) => a - b)).toEqual(ends)
  })

  it('gives the same for the same seed, and for events under other ids', async () => {
    const users = await Array.fromAsync(buildLog({ userCount: 40, days: 30 }).users())
    const renamed = users.map((user) => ({
      ...user,
      events: user.events.map((event, place) => ({ ...event, id: `${(place * 7_919) % 1_000}` })),
    }))
    const made = (of: readonly UserRecord[], seed = 1) =>
      makeExamples({ project: smallShop, data: buildEventData(of), seed })
    const first = await made(users)
    expect(first.ok).toBe(true)
    expect(await made(users)).toEqual(first)
    expect(await made(renamed)).toEqual(first)
    expect(await made(users, 2)).not.toEqual(first)
  })

  it('tells labels of rows and what came after of other moments, each task of its own moments', async () => {
    const project = defineProject({
      name: 'both',
      events: { view: {}, cart: {}, purchase: {} },
      tasks: { buys: occurs('purchase', { withinDays: 2 }), churns: label(['no', 'yes']) },
    })
    const log = await Array.fromAsync(buildLog({ userCount: 40, days: 30 }).users())
    const users = log.map((user, place) => ({
      ...user,
      questions: [
        { place, atMs: (user.events[1]?.occurredAt ?? 0) + place * DAY_MS * 0.6, labels: { churns: 'yes' } },
      ],
    }))
    const made = await makeExamples({ project, data: buildEventData(users), seed: 1 })
    if (!made.ok) throw new Error(made.reason.code)
    const { train } = made.value
    const origins = new Set(train.from)
    expect(origins).toEqual(new Set(['event', 'clock', 'row']))
    for (const [row, from] of train.from.entries()) {
      expect(Number.isNaN(train.targets['churns']?.[row])).toBe(from !== 'row')
      if (from === 'row') expect(train.targets['buys']?.[row]).toBeNaN()
    }
    // Rows of users with a history see it.
    const rows = [...train.from.keys()].filter((row) => train.from[row] === 'row')
    expect(rows.every((row) => (train.inputs['types']?.[row * 32 + 31] ?? 0) > 0)).toBe(true)
  })

  it('names the part that has no moment with a known answer', async () => {
    const made = await makeExamples({
      project: smallTable,
      data: buildTable(buildRows(['a', 'b'])),
      seed: 1,
    })
    expect(made).toEqual({ ok: false, reason: { code: 'empty_part', part: 'validation' } })
  })
})

describe('makeFinalExamples', () => {
  it('learns from everything and asks to the end, but counts nothing that is not yet known', async () => {
    const data = buildLog({ userCount: 60, days: 30 })
    const made = await makeFinalExamples({ project: smallShop, data, seed: 1 })
    const rehearsed = await makeExamples({ project: smallShop, data, seed: 1 })
    if (!made.ok || !rehearsed.ok) throw new Error('Expected examples')
    const { all, features } = made.value
    expect(features).not.toEqual(rehearsed.value.features)
    const endMs = made.value.plan.knownUntilMs
    expect(Math.max(...all.atMs)).toBeLessThan(endMs)
    expect(Math.max(...all.atMs)).toBeGreaterThan(endMs - 2.2 * DAY_MS)
    expect(all.count).toBeGreaterThan(rehearsed.value.train.count * 1.3)
  })

  it('takes all rows of a table', async () => {
    const data = buildTable(buildRows(kindsOf({ a: 30, b: 30 })))
    const made = await makeFinalExamples({ project: smallTable, data, seed: 1 })
    expect(made.ok && made.value.all.count).toBe(60)
  })
})
