// What a label of rare classes says of columns: chance tells a class of one row from all others.
import { assert, integer, nat, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Column } from '../../../training/inspect/column.ts'
import { findLeaks } from '../../../training/inspect/find-leaks.ts'

const ROWS = 200
const column: Column = {
  name: 'a',
  index: 0,
  type: 'VARCHAR',
  kind: 'number',
  because: '',
  rowCount: ROWS,
  presentCount: ROWS,
  distinctCount: ROWS,
  numberCount: ROWS,
  wholeCount: 0,
  min: 0,
  max: 1,
  lengthMax: 20,
  sample: [],
  isConstant: false,
  isNearEmpty: false,
  isIdLike: false,
  decimalComma: false,
  isDressed: false,
}

/** Numbers that tell nothing of the label, whatever the seed. */
function cellsOf(seed: number): string[] {
  return Array.from({ length: ROWS }, (_, row) => String(((row + seed) * 0.618_033_988_7) % 1))
}

describe('leaks', () => {
  it('are not found in numbers that know nothing, however rare the classes', () => {
    assert(
      property(nat(1000), integer({ min: 1, max: 4 }), (seed, rare) => {
        const labels = Array.from({ length: ROWS }, (_, row) =>
          row < rare ? 'rare' : row % 2 === 0 ? 'no' : 'yes',
        )
        expect(findLeaks([{ column, cells: cellsOf(seed) }], labels)).toEqual([])
        const ids = labels.map((_, row) => `id${row}`)
        expect(findLeaks([{ column, cells: cellsOf(seed) }], ids)).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it.each([5, 50])('are found in a copy of a label whose rarer class has %i rows', (rare) => {
    const labels = Array.from({ length: ROWS }, (_, row) => (row < rare ? 'yes' : 'no'))
    const copy = { ...column, name: 'copy', kind: 'category' as const }
    expect(findLeaks([{ column: copy, cells: labels }], labels)).toMatchObject([
      { column: 'copy', kind: 'leak', isLeftOut: true },
    ])
  })
})
