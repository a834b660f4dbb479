// The best split of a leaf over its columns.
import type { Bins } from './columns.ts'
import { findCategorySplit } from './find-category-split.ts'
import { findNumberSplit } from './find-number-split.ts'
import type { HistogramMemory } from './histogram.ts'
import type { Direction, FoundSplit, LeafSums, SplitRules } from './split-rules.ts'
import type { Split } from './tree.ts'

export interface SplitSearch {
  readonly memory: HistogramMemory
  readonly bins: readonly Bins[]
  /** Those that this tree may look at. */
  readonly columns: Int32Array
  /** By column. */
  readonly directions: readonly Direction[]
  readonly rules: SplitRules
}

/** The first of equal ones in the order of the columns. */
export function findSplit(
  { memory, bins, columns, directions, rules }: SplitSearch,
  { leaf, slot }: { readonly leaf: LeafSums; readonly slot: number },
): FoundSplit<Split> | undefined {
  if (leaf.rows < 2 * rules.minRows || leaf.hessian <= 0) return undefined
  let best: FoundSplit<Split> | undefined
  for (let place = 0; place < columns.length; place += 1) {
    const column = columns[place]!
    const { kind, count } = bins[column]!
    const start = slot * memory.length + memory.offsets[column]!
    const sums = memory.histograms.subarray(start, start + 2 * count)
    const found =
      kind === 'number'
        ? findNumberSplit(leaf, { sums, direction: directions[column] ?? 0 }, rules)
        : findCategorySplit(leaf, sums, rules)
    if (found === undefined || (best !== undefined && found.gain <= best.gain)) continue
    best = { ...found, split: { kind, column, ...found.split } as Split }
  }
  return best
}
