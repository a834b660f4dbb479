// Parts the rows of a leaf: those that go left first, each side in its old order.
import type { HistogramMemory, LeafRows } from './histogram.ts'

/** Gives where the right side begins. */
export type Partition = (
  leaf: LeafRows,
  split: { readonly column: number; readonly goes: Uint8Array },
) => number

export function createPartition({ cells, count, rows, derivatives }: HistogramMemory): Partition {
  const rowsRight = new Int32Array(rows.length)
  const derivativesRight = new Float32Array(derivatives.length)
  return ({ from, to }, { column, goes }) => {
    const values = cells.subarray(column * count, (column + 1) * count)
    let [left, right] = [from, 0]
    for (let at = from; at < to; at += 1) {
      const row = rows[at]!
      const gradient = derivatives[2 * at]!
      const hessian = derivatives[2 * at + 1]!
      const isLeft = goes[values[row]!]!
      if (isLeft === 1) {
        rows[left] = row
        derivatives[2 * left] = gradient
        derivatives[2 * left + 1] = hessian
        left += 1
      } else {
        rowsRight[right] = row
        derivativesRight[2 * right] = gradient
        derivativesRight[2 * right + 1] = hessian
        right += 1
      }
    }
    rows.set(rowsRight.subarray(0, right), left)
    derivatives.set(derivativesRight.subarray(0, 2 * right), 2 * left)
    return left
  }
}
