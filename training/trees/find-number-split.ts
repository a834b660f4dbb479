// The best threshold of a number, with the side on which rows fall that miss it.
import { leafGain, leafValue } from './split-rules.ts'
import type { Direction, FoundSplit, LeafSums, SplitRules } from './split-rules.ts'

export interface NumberSums {
  /** Gradient and hessian a bin; the last is that of missing numbers. */
  readonly sums: Float64Array
  readonly direction: Direction
}

type NumberSplit = { readonly bin: number; readonly missingLeft: boolean }

/** The split of the highest gain above zero; the first of equal ones. */
export function findNumberSplit(
  leaf: LeafSums,
  { sums, direction }: NumberSums,
  rules: SplitRules,
): FoundSplit<NumberSplit> | undefined {
  const numbers = sums.length / 2 - 1
  const [missingG, missingH] = [sums[2 * numbers]!, sums[2 * numbers + 1]!]
  const { l2, minHessian, minRows } = rules
  const hessianMin = Math.max(minHessian, (minRows * leaf.hessian) / leaf.rows)
  const { bounds } = leaf
  let best: FoundSplit<NumberSplit> | undefined
  let highest = ownGain(leaf, l2)
  // Without missing rows both sides are the same, and the left one is not looked at.
  for (const missingLeft of missingH > 0 ? [false, true] : [false]) {
    let [gradient, hessian] = missingLeft ? [missingG, missingH] : [0, 0]
    // Where those that miss go right, all others may go left.
    const last = missingLeft || missingH <= 0 ? numbers - 1 : numbers
    for (let bin = 0; bin < last; bin += 1) {
      gradient += sums[2 * bin]!
      hessian += sums[2 * bin + 1]!
      if (hessian < hessianMin) continue
      const [restG, restH] = [leaf.gradient - gradient, leaf.hessian - hessian]
      if (restH < hessianMin) break
      const left = leafValue(gradient, hessian + l2, bounds)
      const right = leafValue(restG, restH + l2, bounds)
      if (direction * (right - left) < 0) continue
      const gain = leafGain(gradient, hessian + l2, left) + leafGain(restG, restH + l2, right)
      if (!(gain > highest)) continue
      highest = gain
      best = {
        split: { bin, missingLeft },
        gain: gain - ownGain(leaf, l2),
        left: { gradient, hessian, value: left },
        right: { gradient: restG, hessian: restH, value: right },
      }
    }
  }
  return best
}

/** What the leaf is worth as it is; a split must beat it by more than rounding. */
export function ownGain({ gradient, hessian, bounds }: LeafSums, l2: number): number {
  const own = leafGain(gradient, hessian + l2, leafValue(gradient, hessian + l2, bounds))
  return own + 1e-9 * Math.abs(own) + 1e-12
}
