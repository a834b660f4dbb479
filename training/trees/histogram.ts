// Histograms: for every bin of a column, the sums of first and second derivatives of a leaf's rows. They
// are what splits are found in, and nearly all the time of growing goes into them.
import type { Bins } from './columns.ts'

/** Where a column's sums begin in a histogram: of each bin two, gradient and hessian. */
export function histogramOffsets(bins: readonly Bins[]): { offsets: Int32Array; length: number } {
  const offsets = new Int32Array(bins.length)
  let length = 0
  for (const [column, { count }] of bins.entries()) {
    offsets[column] = length
    length += 2 * count
  }
  return { offsets, length }
}

/** What a histogram is summed from: memory that all threads see. */
export interface HistogramMemory {
  /** [columns, n] */
  readonly cells: Uint8Array
  readonly count: number
  /** Rows in the order of their leaves. */
  readonly rows: Int32Array
  /** In the order of `rows`: gradient, hessian. [2n] */
  readonly derivatives: Float32Array
  /** One histogram a leaf, [leaves, length]. */
  readonly histograms: Float64Array
  readonly offsets: Int32Array
  readonly length: number
}

/** A leaf's rows, and which histogram to write. */
export interface LeafRows {
  readonly from: number
  readonly to: number
  readonly slot: number
}

/** Sums these columns. A column is summed by one thread in the order of the rows, whoever does it. */
export function sumColumns(
  memory: HistogramMemory,
  { from, to, slot }: LeafRows,
  { columns, bins }: { readonly columns: ArrayLike<number>; readonly bins: readonly number[] },
): void {
  const { cells, count, rows, derivatives, histograms, offsets, length } = memory
  for (let place = 0; place < columns.length; place += 1) {
    const column = columns[place]!
    const start = slot * length + offsets[column]!
    const sums = histograms.subarray(start, start + 2 * bins[column]!)
    const values = cells.subarray(column * count, (column + 1) * count)
    sums.fill(0)
    for (let at = from; at < to; at += 1) {
      const sum = values[rows[at]!]! << 1
      sums[sum]! += derivatives[at << 1]!
      sums[sum + 1]! += derivatives[(at << 1) + 1]!
    }
  }
}

/** Turns the histogram of a parent into that of one child by taking away the other's. */
export function subtractHistogram(
  { histograms, length }: HistogramMemory,
  { parent, child }: { readonly parent: number; readonly child: number },
): void {
  const from = histograms.subarray(parent * length, (parent + 1) * length)
  const taken = histograms.subarray(child * length, (child + 1) * length)
  for (let place = 0; place < length; place += 1) from[place]! -= taken[place]!
}
