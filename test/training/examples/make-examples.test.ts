import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { examplesOfRows, makeExamples, stratifiedParts } from '../../../training/examples/make-examples.ts'
import { partNames } from '../../../training/examples/parts.ts'
import { buildRows, buildTable, kindsOf, smallTable } from '../build-table.ts'
import { buildLog, smallShop } from './build-log.ts'

describe('stratifiedParts', () => {
  it('puts each row into one part, and of each class the same share into each', () => {
    const anyCounts = fc.record({ a: fc.nat(80), b: fc.nat(80), c: fc.nat(80) })
    fc.assert(
      fc.property(anyCounts, fc.nat(), (counts, seed) => {
        const rows = buildRows(kindsOf(counts))
        const parts = stratifiedParts(smallTable, { rows, seed, shares: { validation: 0.2, test: 0.1 } })
        const indices = partNames.flatMap((part) => parts[part].map(({ index }) => index))
        expect(indices.toSorted((a, b) => a - b)).toEqual(rows.map(({ index }) => index))
        for (const [kind, count] of Object.entries(counts)) {
          const inPart = (part: 'validation' | 'test'): number =>
            parts[part].filter(({ labels }) => labels['kind'] === kind).length
          expect(Math.abs(inPart('validation') - 0.2 * count)).toBeLessThanOrEqual(0.5)
          expect(Math.abs(inPart('test') - 0.1 * count)).toBeLessThanOrEqual(0.5)
        }
      }),
    )
  })

  it('takes each part from all over the table, by the seed alone', () => {
    const rows = buildRows(kindsOf({ a: 200 }))
    const testOf = (seed: number): number[] =>
      stratifiedParts(smallTable, { rows, seed }).test.map(({ index }) => index)
    expect(testOf(1)).toEqual(testOf(1))
    expect(testOf(1)).not.toEqual(testOf(2))
    expect(Math.min(...testOf(1))).toBeLessThan(50)
    expect(Math.max(...testOf(1))).toBeGreaterThan(150)
  })
})

describe('examplesOfRows', () => {
  it('learns from the train rows alone: whatever the others are, the inputs of training stay', () => {
    const rows = buildRows(kindsOf({ a: 50, b: 50 }))
    const parts = { train: rows.slice(0, 60), validation: rows.slice(60, 80), test: rows.slice(80) }
    const strange = rows.map((row) => ({ ...row, attributes: { size: 1e6, colour: 'never seen' } }))
    const learned = examplesOfRows(smallTable, parts)
    const others = examplesOfRows(smallTable, { ...parts, validation: strange, test: strange })
    expect(others.features).toEqual(learned.features)
    expect(others.train).toEqual(learned.train)
    expect(examplesOfRows(smallTable, { ...parts, train: strange }).features).not.toEqual(learned.features)
  })
})

describe('makeExamples', () => {
  it('refuses a log where a table was declared, and a table where a log was', async () => {
    const [log, table] = [buildLog({ userCount: 2, days: 2 }), buildTable(buildRows(['a', 'b']))]
    expect(await makeExamples({ project: smallTable, data: log, seed: 1 })).toEqual({
      ok: false,
      reason: { kind: 'wrongKind', expected: 'table', got: 'events' },
    })
    expect(await makeExamples({ project: smallShop, data: table, seed: 1 })).toEqual({
      ok: false,
      reason: { kind: 'wrongKind', expected: 'events', got: 'table' },
    })
  })

  it('has no row in two parts, and no example of a log asked in two', async () => {
    const rows = buildRows(kindsOf({ a: 60, b: 60, c: 60 }))
    const [table, log] = await Promise.all([
      makeExamples({ project: smallTable, data: buildTable(rows), seed: 1 }),
      makeExamples({ project: smallShop, data: buildLog({ userCount: 30, days: 20 }), seed: 1 }),
    ])
    if (!table.ok || !log.ok) throw new Error('Expected examples')
    const ids = partNames.flatMap((part) => table.value[part].userIds)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toHaveLength(180)
    const ends = partNames.map((part) => [
      Math.min(...log.value[part].atMs),
      Math.max(...log.value[part].atMs),
    ])
    const inOrder = ends.flat()
    expect(inOrder.toSorted((a, b) => a - b)).toEqual(inOrder)
  })
})
