// What trees are grown on: columns of numbers and of categories, read as small whole numbers, the bins.
// A number falls between rising thresholds; a category is one of its vocabulary's most frequent values, or
// with all the others. How features become columns is for training/models/tree-columns.ts.

/** A column of numbers, NaN where it is missing. */
export interface NumberColumn {
  readonly kind: 'number'
  readonly values: Float32Array // [n]
}

/** A column of codes below `size`. Columns of one vocabulary name it alike: their bins are the same. */
export interface CategoryColumn {
  readonly kind: 'category'
  readonly values: Int32Array // [n]
  readonly vocabulary: string
  readonly size: number
}

export type Column = NumberColumn | CategoryColumn

/** n rows: each column is read when it is asked for, so that not all need lie in memory at once. */
export interface Table {
  readonly count: number
  readonly columns: readonly (() => Column)[]
}

/** Bin b holds the numbers above threshold b − 1 up to threshold b; the bin after the last those that miss. */
export interface NumberBins {
  readonly kind: 'number'
  readonly thresholds: Float32Array
  readonly count: number
}

/** Bin 0 is shared by all that have none of their own. */
export interface CategoryBins {
  readonly kind: 'category'
  readonly vocabulary: string
  /** By code. */
  readonly binOf: Uint8Array
  readonly count: number
}

export type Bins = NumberBins | CategoryBins

/** The bin of every row of every column, a column after the other, shared between threads. */
export interface BinnedTable {
  readonly count: number
  readonly bins: readonly Bins[]
  readonly cells: Uint8Array<SharedArrayBuffer> // [columns, n]
}

/** Where the rows of a column that miss it fall. */
export function missingBin({ thresholds }: NumberBins): number {
  return thresholds.length + 1
}
