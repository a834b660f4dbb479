// One tree, grown leaf by leaf: the leaf whose split lowers the loss most is split next. Only the smaller of
// two children is summed; the other is its parent less that (LightGBM, Ke et al., 2017).
import { missingBin } from './columns.ts'
import type { Bins } from './columns.ts'
import { findSplit } from './find-split.ts'
import type { SplitSearch } from './find-split.ts'
import { subtractHistogram } from './histogram.ts'
import type { LeafRows } from './histogram.ts'
import { createPartition } from './partition.ts'
import { leafValue } from './split-rules.ts'
import type { Bounds, FoundSplit, LeafSums } from './split-rules.ts'
import type { SumColumns } from './threads.ts'
import { goesLeftOf } from './tree.ts'
import type { Split, Tree } from './tree.ts'

export interface GrowRequest extends SplitSearch {
  readonly sum: SumColumns
  /** How many of memory.rows the tree is grown on. */
  readonly rowCount: number
  readonly leavesMax: number
  /** Values of leaves are multiplied by it. */
  readonly learningRate: number
}

export interface GrownTree {
  readonly tree: Tree
  /** Where in memory.rows the rows of each leaf are, by leaf. */
  readonly leaves: readonly { readonly from: number; readonly to: number }[]
}

interface Leaf extends LeafRows {
  readonly sums: LeafSums
  readonly value: number
  readonly found: FoundSplit<Split> | undefined
  /** The node that it hangs on, and on which side; of the root none. */
  readonly parent: { readonly node: number; readonly side: 'left' | 'right' } | undefined
}

/** memory.rows and memory.derivatives are brought into the order of the leaves. */
export async function growTree(request: GrowRequest): Promise<GrownTree> {
  const { memory, bins, columns, rules, sum, rowCount, leavesMax, learningRate } = request
  const partition = createPartition(memory)
  const splits: Split[] = []
  const children: { left: number; right: number }[] = []
  const tables: Uint8Array[] = []
  const leaves: Leaf[] = [await rootLeaf()]

  while (leaves.length < leavesMax) {
    const place = bestLeaf(leaves)
    const leaf = leaves[place]
    const found = leaf?.found
    if (leaf === undefined || found === undefined) break
    const node = splits.length
    splits.push(found.split)
    children.push({ left: -1, right: -1 })
    if (leaf.parent !== undefined) children[leaf.parent.node]![leaf.parent.side] = node
    const goes = goesLeftOf(found.split, missingOf(bins[found.split.column]!))
    tables.push(goes)
    const middle = partition(leaf, { column: found.split.column, goes })
    const [left, right] = await splitLeaf(leaf, found, { node, middle })
    leaves[place] = left
    leaves.push(right)
  }
  for (const [place, { parent }] of leaves.entries()) {
    if (parent !== undefined) children[parent.node]![parent.side] = ~place
  }
  return { tree: treeOf(), leaves }

  async function rootLeaf(): Promise<Leaf> {
    let [gradient, hessian] = [0, 0]
    for (let at = 0; at < rowCount; at += 1) {
      gradient += memory.derivatives[2 * at]!
      hessian += memory.derivatives[2 * at + 1]!
    }
    const bounds = { low: -Infinity, high: Infinity }
    const sums = { gradient, hessian, rows: rowCount, bounds }
    const rows = { from: 0, to: rowCount, slot: 0 }
    await sum(rows, columns)
    const value = hessian > 0 ? leafValue(gradient, hessian + rules.l2, bounds) : 0
    return { ...rows, sums, value, parent: undefined, found: findSplit(request, { leaf: sums, slot: 0 }) }
  }

  async function splitLeaf(
    leaf: Leaf,
    found: FoundSplit<Split>,
    { node, middle }: { readonly node: number; readonly middle: number },
  ): Promise<[Leaf, Leaf]> {
    const { from, to, slot } = leaf
    const leftIsSmaller = middle - from <= to - middle
    const fresh = leaves.length
    const slots = leftIsSmaller ? { left: fresh, right: slot } : { left: slot, right: fresh }
    const isLast = leaves.length + 1 === leavesMax
    if (!isLast) {
      const smaller = leftIsSmaller ? { from, to: middle } : { from: middle, to }
      await sum({ ...smaller, slot: fresh }, columns)
      subtractHistogram(memory, { parent: slot, child: fresh })
    }
    const [leftBounds, rightBounds] = boundsBelow(leaf.sums.bounds, found)
    return [
      childOf({ from, to: middle, slot: slots.left }, { side: 'left', bounds: leftBounds }),
      childOf({ from: middle, to, slot: slots.right }, { side: 'right', bounds: rightBounds }),
    ]

    function childOf(
      rows: LeafRows,
      { side, bounds }: { readonly side: 'left' | 'right'; readonly bounds: Bounds },
    ): Leaf {
      const { gradient, hessian, value } = found[side]
      const sums = { gradient, hessian, rows: rows.to - rows.from, bounds }
      const next = isLast ? undefined : findSplit(request, { leaf: sums, slot: rows.slot })
      return { ...rows, sums, value, parent: { node, side }, found: next }
    }
  }

  /** What lies on one side of a constrained split must not pass the middle between both. */
  function boundsBelow(bounds: Bounds, { split, left, right }: FoundSplit<Split>): [Bounds, Bounds] {
    const direction = request.directions[split.column] ?? 0
    if (direction === 0) return [bounds, bounds]
    const middle = (left.value + right.value) / 2
    const lower = { low: bounds.low, high: Math.min(bounds.high, middle) }
    const upper = { low: Math.max(bounds.low, middle), high: bounds.high }
    return direction === 1 ? [lower, upper] : [upper, lower]
  }

  function treeOf(): Tree {
    const goesLeft = new Uint8Array(256 * splits.length)
    for (const [node, table] of tables.entries()) goesLeft.set(table, 256 * node)
    return {
      splits,
      left: Int32Array.from(children, ({ left }) => left),
      right: Int32Array.from(children, ({ right }) => right),
      values: Float32Array.from(leaves, ({ value }) => value * learningRate),
      goesLeft,
    }
  }
}

/** The first of equal ones. */
function bestLeaf(leaves: readonly Leaf[]): number {
  let best = -1
  for (const [place, { found }] of leaves.entries()) {
    if (found !== undefined && found.gain > (leaves[best]?.found?.gain ?? 0)) best = place
  }
  return best
}

function missingOf(bins: Bins): number {
  return bins.kind === 'number' ? missingBin(bins) : 0
}
