// A grown tree and what it says of rows in bins.
import type { BinnedTable } from './columns.ts'

/** How a node parts its rows: which go left. */
export type Split =
  | { readonly kind: 'number'; readonly column: number; readonly bin: number; readonly missingLeft: boolean }
  /** Those of these bins. */
  | { readonly kind: 'category'; readonly column: number; readonly bins: readonly number[] }

/** Nodes by number, the root first. A child is a node, or ~leaf. A tree of one leaf has no node. */
export interface Tree {
  readonly splits: readonly Split[]
  readonly left: Int32Array
  readonly right: Int32Array
  /** By leaf. */
  readonly values: Float32Array
  /** Whether rows of a bin go left, [nodes, 256]. */
  readonly goesLeft: Uint8Array
}

/** Which bins go left, [256]. */
export function goesLeftOf(split: Split, missing: number): Uint8Array {
  const goes = new Uint8Array(256)
  if (split.kind === 'category') for (const bin of split.bins) goes[bin] = 1
  else {
    goes.fill(1, 0, split.bin + 1)
    goes[missing] = split.missingLeft ? 1 : 0
  }
  return goes
}

/** Adds what the tree says of every row to scores[row * stride + offset]. */
export function addTree(
  scores: Float64Array,
  {
    tree,
    table,
    stride,
    offset,
  }: {
    readonly tree: Tree
    readonly table: BinnedTable
    readonly stride: number
    readonly offset: number
  },
): void {
  const { left, right, values, goesLeft } = tree
  const { cells, count } = table
  const starts = Int32Array.from(tree.splits, ({ column }) => column * count)
  const root = starts.length === 0 ? -1 : 0
  for (let row = 0; row < count; row += 1) {
    let node = root
    while (node >= 0) {
      const goes = goesLeft[node * 256 + cells[starts[node]! + row]!]!
      node = goes === 1 ? left[node]! : right[node]!
    }
    scores[row * stride + offset]! += values[~node]!
  }
}
