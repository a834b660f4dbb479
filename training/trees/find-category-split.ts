// The best set of categories to go left: in the order of gradient over hessian the best set of two sides is
// one end of it (Fisher, "On grouping for maximum homogeneity", 1958). Smoothing keeps categories of few rows
// from the ends, and a set is bounded in size: else many small categories would tell the noise. Categories that
// nobody has seen go where most rows go.
import { ownGain } from './find-number-split.ts'
import { isUnseen, leafGain, leafValue } from './split-rules.ts'
import type { FoundSplit, LeafSums, SplitRules } from './split-rules.ts'

interface CategorySplit {
  readonly bins: readonly number[]
}

/** Up to so many categories are as a few numbers: no more l2 is needed. */
const FEW = 4

/** @param sums gradient and hessian a bin */
export function findCategorySplit(
  leaf: LeafSums,
  sums: Float64Array,
  rules: SplitRules,
): FoundSplit<CategorySplit> | undefined {
  const rowsAHessian = leaf.rows / leaf.hessian
  const smooth = rules.categorySmooth / rowsAHessian
  const all = Array.from({ length: sums.length / 2 }, (_, bin) => bin).filter((bin) => sums[2 * bin + 1]! > 0)
  // Bins that are too small to be told by themselves stay with the rest.
  const told = all.filter((bin) => all.length <= FEW || sums[2 * bin + 1]! >= smooth)
  const order = (bin: number): number => sums[2 * bin]! / (sums[2 * bin + 1]! + smooth)
  const sorted = told.toSorted((a, b) => order(a) - order(b) || a - b)
  const l2 = rules.l2 + (all.length > FEW ? rules.categoryL2 : 0)
  const hessianMin = Math.max(rules.minHessian, rules.minRows / rowsAHessian)
  const sizeMax = Math.min(rules.categoriesMax, sorted.length)
  let best: FoundSplit<CategorySplit> | undefined
  let highest = ownGain(leaf, rules.l2)
  for (const ordered of [sorted, sorted.toReversed()]) {
    let gradient = 0
    let hessian = 0
    for (let size = 1; size <= sizeMax; size += 1) {
      const bin = ordered[size - 1]!
      gradient += sums[2 * bin]!
      hessian += sums[2 * bin + 1]!
      if (hessian < hessianMin) continue
      const restG = leaf.gradient - gradient
      const restH = leaf.hessian - hessian
      if (restH < hessianMin) break
      const left = leafValue(gradient, hessian + l2, leaf.bounds)
      const right = leafValue(restG, restH + l2, leaf.bounds)
      const gain = leafGain(gradient, hessian + l2, left) + leafGain(restG, restH + l2, right)
      if (!(gain > highest)) continue
      highest = gain
      best = {
        split: { bins: ordered.slice(0, size).toSorted((a, b) => a - b) },
        gain: gain - ownGain(leaf, rules.l2),
        left: { gradient, hessian, value: left },
        right: { gradient: restG, hessian: restH, value: right },
      }
    }
  }
  return best === undefined ? undefined : withUnseen(best, { leaf, sums })
}

/** The same split, with what has no bin of its own on the side of more rows, where the leaf has seen none of it. */
function withUnseen(
  found: FoundSplit<CategorySplit>,
  { leaf, sums }: { readonly leaf: LeafSums; readonly sums: Float64Array },
): FoundSplit<CategorySplit> {
  const { split, left, right } = found
  if (!isUnseen(sums[1]!, leaf)) return found
  const others = split.bins.filter((bin) => bin !== 0)
  return { ...found, split: { bins: left.hessian > right.hessian ? [0, ...others] : others } }
}
