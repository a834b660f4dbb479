// What can be drawn of some kinds of answers.
import type { Curve } from './curves.ts'

export interface KindCurves {
  readonly roc?: Curve
  readonly precisionRecall?: Curve
  readonly gain?: Curve
  /** How many of each true class, by row, were taken for which. */
  readonly confusion?: Confusion
}

export interface Confusion {
  readonly classes: readonly string[]
  readonly counts: readonly (readonly number[])[]
}
