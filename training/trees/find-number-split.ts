// The best threshold of a number, with the side on which rows fall that miss it: the one of more rows where the
// leaf has seen none.
import { isUnseen, leafGain, leafValue } from './split-rules.ts'
import type { Bounds, Direction, FoundSplit, LeafSums, SplitRules } from './split-rules.ts'

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
  const missingHessian = sums[2 * numbers + 1]!
  const { l2 } = rules
  const hessianMin = Math.max(rules.minHessian, (rules.minRows * leaf.hessian) / leaf.rows)
  const gainOf = gainWith(leaf.bounds, direction)
  const own = ownGain(leaf, l2)
  let [bestBin, bestMissingLeft, bestGradient, bestHessian, highest] = [-1, false, 0, 0, own]
  // Without missing rows both sides are the same, and the left one is not looked at.
  for (const missingLeft of missingHessian > 0 ? [false, true] : [false]) {
    let gradient = missingLeft ? sums[2 * numbers]! : 0
    let hessian = missingLeft ? missingHessian : 0
    // Where those that miss go right, all others may go left.
    const last = missingLeft || missingHessian <= 0 ? numbers - 1 : numbers
    for (let bin = 0; bin < last; bin += 1) {
      const more = sums[2 * bin + 1]!
      if (more === 0) continue
      gradient += sums[2 * bin]!
      hessian += more
      if (hessian < hessianMin) continue
      const restHessian = leaf.hessian - hessian
      if (restHessian < hessianMin) break
      const gain = gainOf(gradient, hessian + l2, leaf.gradient - gradient, restHessian + l2)
      if (!(gain > highest)) continue
      highest = gain
      bestBin = bin
      bestMissingLeft = missingLeft
      bestGradient = gradient
      bestHessian = hessian
    }
  }
  if (bestBin < 0) return undefined
  const rest = { gradient: leaf.gradient - bestGradient, hessian: leaf.hessian - bestHessian }
  return {
    split: {
      bin: bestBin,
      missingLeft: isUnseen(missingHessian, leaf) ? bestHessian > rest.hessian : bestMissingLeft,
    },
    gain: highest - own,
    left: {
      gradient: bestGradient,
      hessian: bestHessian,
      value: leafValue(bestGradient, bestHessian + l2, leaf.bounds),
    },
    right: { ...rest, value: leafValue(rest.gradient, rest.hessian + l2, leaf.bounds) },
  }
}

/** How much two leaves lower the loss; hessians include l2. */
type GainOf = (leftG: number, leftH: number, rightG: number, rightH: number) => number

function gainWith(bounds: Bounds, direction: Direction): GainOf {
  if (direction === 0 && bounds.low === -Infinity && bounds.high === Infinity) return freeGain
  return (leftG, leftH, rightG, rightH) => {
    const left = leafValue(leftG, leftH, bounds)
    const right = leafValue(rightG, rightH, bounds)
    if (direction * (right - left) < 0) return -Infinity
    return leafGain(leftG, leftH, left) + leafGain(rightG, rightH, right)
  }
}

function freeGain(leftG: number, leftH: number, rightG: number, rightH: number): number {
  return (leftG * leftG) / leftH + (rightG * rightG) / rightH
}

/** What the leaf is worth as it is; a split must beat it by more than rounding. */
export function ownGain({ gradient, hessian, bounds }: LeafSums, l2: number): number {
  const own = leafGain(gradient, hessian + l2, leafValue(gradient, hessian + l2, bounds))
  return own + 1e-9 * Math.abs(own) + 1e-12
}
