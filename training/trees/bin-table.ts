// The rows of a table in bins that were learned before.
import type { BinnedTable, Bins, Column, Table } from './columns.ts'
import { missingBin } from './columns.ts'

/** Throws where a column is of another kind than its bins. */
export function binTable({ count, columns }: Table, bins: readonly Bins[]): BinnedTable {
  const cells = new Uint8Array(new SharedArrayBuffer(count * columns.length))
  for (const [place, read] of columns.entries()) {
    writeBins(cells.subarray(place * count, (place + 1) * count), read(), bins[place])
  }
  return { count, bins, cells }
}

/** Some of the rows, in this order. */
export function selectRows({ count, bins, cells }: BinnedTable, rows: Int32Array): BinnedTable {
  const selected = new Uint8Array(new SharedArrayBuffer(rows.length * bins.length))
  for (let column = 0; column < bins.length; column += 1) {
    const [from, to] = [column * count, column * rows.length]
    for (let place = 0; place < rows.length; place += 1) selected[to + place] = cells[from + rows[place]!]!
  }
  return { count: rows.length, bins, cells: selected }
}

function writeBins(cells: Uint8Array, column: Column, bins: Bins | undefined): void {
  if (column.kind === 'number' && bins?.kind === 'number') {
    const missing = missingBin(bins)
    for (const [row, value] of column.values.entries()) {
      cells[row] = Number.isNaN(value) ? missing : placeOf(value, bins.thresholds)
    }
  } else if (column.kind === 'category' && bins?.kind === 'category') {
    for (const [row, code] of column.values.entries()) cells[row] = bins.binOf[code]!
  } else
    throw new Error(`Expected bins of a ${column.kind}, got those of a ${bins?.kind ?? 'missing'} column`)
}

/** How many of the rising thresholds lie below the value. */
function placeOf(value: number, thresholds: Float32Array): number {
  let [low, high] = [0, thresholds.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (value > thresholds[middle]!) low = middle + 1
    else high = middle
  }
  return low
}
