// What makes a split good and allowed, by sums of derivatives alone.

export interface SplitRules {
  /** Holds values of leaves near zero. */
  readonly l2: number
  /** A leaf has about so many rows at the least… */
  readonly minRows: number
  /** …and so large a sum of second derivatives. */
  readonly minHessian: number
  /** Pulls the order of categories with few rows to the middle. */
  readonly categorySmooth: number
  /** More of l2 where more than a few categories are told apart. */
  readonly categoryL2: number
  /** A split picks out so many categories at the most. */
  readonly categoriesMax: number
}

/** Values between which a leaf's value must lie: what splits by constrained columns above it leave. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

/** -1 where answers never rise with the column, 1 where they never fall, 0 where they may do both. */
export type Direction = -1 | 0 | 1

/** A leaf with its sums. */
export interface LeafSums {
  readonly gradient: number
  readonly hessian: number
  readonly rows: number
  readonly bounds: Bounds
}

export interface FoundSplit<S> {
  readonly split: S
  readonly gain: number
  readonly left: { readonly gradient: number; readonly hessian: number; readonly value: number }
  readonly right: { readonly gradient: number; readonly hessian: number; readonly value: number }
}

/** The value that makes the loss least, within bounds. */
export function leafValue(gradient: number, hessian: number, { low, high }: Bounds): number {
  return Math.min(high, Math.max(low, -gradient / hessian))
}

/** How much a leaf of this value lowers the loss, doubled; the hessian includes l2. */
export function leafGain(gradient: number, hessian: number, value: number): number {
  return -(2 * gradient + hessian * value) * value
}

/** Whether a bin of a leaf is empty: sums that are differences leave a rest of rounding. */
export function isUnseen(hessian: number, leaf: LeafSums): boolean {
  return hessian <= 1e-9 * leaf.hessian
}
