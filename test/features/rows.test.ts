import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repeatRow, rowOf, stackRows } from '../../features/rows.ts'

const anyRows = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, ints, floats]) =>
    fc.array(
      fc.record({
        types: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: ints, maxLength: ints }),
        numbers: fc.array(fc.float({ noNaN: true }), { minLength: floats, maxLength: floats }),
      }),
      { minLength: rows, maxLength: rows },
    ),
  )
  .map((rows) =>
    rows.map(({ types, numbers }) => ({
      types: Int32Array.from(types),
      numbers: Float32Array.from(numbers),
    })),
  )

describe('rows', () => {
  it('stand one after another in their own type, and each is found again', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const stacked = stackRows(rows)
        expect(stacked['types']).toBeInstanceOf(Int32Array)
        for (const [row, expected] of rows.entries()) {
          expect(rowOf(stacked, { row, rows: rows.length })).toEqual(expected)
        }
      }),
    )
  })

  it('are the same as often as one is repeated', () => {
    const row = { numbers: Float32Array.of(1, 2) }
    expect(repeatRow(row, 3)).toEqual({ numbers: Float32Array.of(1, 2, 1, 2, 1, 2) })
  })

  it('are wanted: none cannot be stacked', () => {
    expect(() => stackRows([])).toThrow('Expected rows')
  })
})
