import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRowClasses, stratifiedParts } from '../../../training/moments/row-labels.ts'
import type { RowClass } from '../../../training/moments/row-labels.ts'
import { buildRows, buildTable, kindsOf, smallTable } from '../build-table.ts'

/** Rows of three classes in these numbers; every third place of the file was skipped. */
function rowsOf(counts: readonly number[]): RowClass[] {
  return counts
    .flatMap((count, own) => Array.from({ length: count }, () => own))
    .map((own, index) => ({
      place: index + Math.floor(index / 2),
      userId: `row-${index}`,
      class: own,
    }))
}

describe('stratifiedParts', () => {
  it('puts each row into one part, and of each class the same share into each', () => {
    const anyCounts = fc.tuple(fc.nat(80), fc.nat(80), fc.nat(80))
    fc.assert(
      fc.property(anyCounts, fc.nat(), (counts, seed) => {
        const rows = rowsOf(counts)
        const parts = stratifiedParts(rows, { seed, shares: { validation: 0.2, test: 0.1 } })
        const placed = parts.flatMap((part, place) => (part === undefined ? [] : [place]))
        expect(placed).toEqual(rows.map(({ place }) => place))
        for (const [own, count] of counts.entries()) {
          const inPart = (wanted: string): number =>
            rows.filter((row) => row.class === own && parts[row.place] === wanted).length
          expect(Math.abs(inPart('validation') - 0.2 * count)).toBeLessThanOrEqual(0.5)
          expect(Math.abs(inPart('test') - 0.1 * count)).toBeLessThanOrEqual(0.5)
        }
      }),
    )
  })

  it('takes each part from all over the table, by the seed alone', () => {
    const rows = rowsOf([200])
    const testOf = (seed: number): number[] =>
      stratifiedParts(rows, { seed }).flatMap((part, place) => (part === 'test' ? [place] : []))
    expect(testOf(1)).toEqual(testOf(1))
    expect(testOf(1)).not.toEqual(testOf(2))
    expect(Math.min(...testOf(1))).toBeLessThan(75)
    expect(Math.max(...testOf(1))).toBeGreaterThan(225)
  })
})

describe('readRowClasses', () => {
  it('gives the declared place of each label in the order of the file, and −1 where there is none', async () => {
    const table = buildTable(buildRows(kindsOf({ c: 1, a: 1, unheard: 1 })).toReversed())
    expect(await readRowClasses(smallTable, table)).toEqual([
      { place: 0, userId: 'row-0', class: 2 },
      { place: 1, userId: 'row-1', class: 0 },
      { place: 2, userId: 'row-2', class: -1 },
    ])
  })
})
