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
        const { parts } = stratifiedParts(rows, { seed, shares: { validation: 0.2, test: 0.1 } })
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
      stratifiedParts(rows, { seed }).parts.flatMap((part, place) => (part === 'test' ? [place] : []))
    expect(testOf(1)).toEqual(testOf(1))
    expect(testOf(1)).not.toEqual(testOf(2))
    expect(Math.min(...testOf(1))).toBeLessThan(75)
    expect(Math.max(...testOf(1))).toBeGreaterThan(225)
  })
})

describe('stratifiedParts of users of several rows', () => {
  const anyUsers = fc.array(
    fc.record({ rows: fc.integer({ min: 1, max: 12 }), class: fc.nat(1), isMixed: fc.boolean() }),
    { minLength: 40, maxLength: 80 },
  )
  const rowsOfUsers = (users: readonly { rows: number; class: number; isMixed: boolean }[]): RowClass[] =>
    users
      .flatMap(({ rows, class: own, isMixed }, user) =>
        Array.from({ length: rows }, (_, at) => ({
          userId: `user-${user}`,
          class: isMixed && at === 0 ? 1 - own : own,
        })),
      )
      .map((row, place) => ({ ...row, place }))

  it('puts all rows of a user into one part, none of which gets more rows than its share', () => {
    fc.assert(
      fc.property(anyUsers, fc.nat(), (users, seed) => {
        const rows = rowsOfUsers(users)
        const { parts, together } = stratifiedParts(rows, { seed })
        fc.pre(users.some(({ rows: own }) => own > 1) && together === true)
        for (const [, own] of Map.groupBy(rows, ({ userId }) => userId)) {
          expect(new Set(own.map(({ place }) => parts[place])).size).toBe(1)
        }
        for (const name of ['validation', 'test']) {
          const count = parts.filter((part) => part === name).length
          expect(count).toBeGreaterThan(0)
          expect(count).toBeLessThanOrEqual(0.15 * rows.length + 1)
        }
      }),
    )
  })

  it('learns from one who has most of the rows', () => {
    const many = { rows: 300, class: 0, isMixed: false }
    const others = Array.from({ length: 60 }, (_, user) => ({ rows: 2, class: user % 2, isMixed: false }))
    const { parts } = stratifiedParts(rowsOfUsers([many, ...others]), { seed: 1 })
    expect(new Set(parts.slice(0, 300))).toEqual(new Set(['train']))
    expect(new Set(parts.slice(300))).toEqual(new Set(['train', 'validation', 'test']))
  })

  it('gives each part the same share of a class, though one user has most rows, of all classes', () => {
    const rows = Array.from({ length: 2_600 }, (_, place) => ({
      place,
      userId: place < 2_000 ? 'many' : `user-${place}`,
      class: place % 2,
    }))
    const { parts } = stratifiedParts(rows, { seed: 1 })
    for (const name of ['test', 'validation']) {
      const own = rows.filter(({ place }) => parts[place] === name)
      expect(own.length, name).toBeGreaterThan(200)
      expect(own.filter((row) => row.class === 1).length / own.length, name).toBeCloseTo(0.5, 2)
    }
  })

  it('takes rows by themselves where so few users are there that a part would have none, and says so', () => {
    const rows = rowsOfUsers(Array.from({ length: 2 }, () => ({ rows: 40, class: 0, isMixed: true })))
    const { parts, together } = stratifiedParts(rows, { seed: 1 })
    expect(together).toBe(false)
    expect(parts.filter((part) => part === 'test')).toHaveLength(12)
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
