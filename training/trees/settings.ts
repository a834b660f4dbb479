// The settings of boosting, the same for every data set; what a small one takes less of, by rule.
import type { SplitRules } from './split-rules.ts'

export const boostDefaults = {
  /** How much of what a tree says is added. */
  learningRate: 0.03,
  leavesMax: 15,
  /** Of fewer rows a tree has fewer leaves, so that so many rows come on each. */
  rowsALeaf: 150,
  minRows: 20,
  minHessian: 0.001,
  l2: 1,
  /** Share of the columns and of the rows that a tree looks at, drawn anew for each. */
  columnShare: 0.7,
  rowShare: 0.8,
  categorySmooth: 10,
  categoryL2: 10,
  categoriesMax: 32,
  /** Power of the Tweedie deviance of amounts above zero. */
  tweediePower: 1.3,
  /** Growing ends after so many rounds without a better validation loss… */
  patienceRounds: 100,
  /** …or here though it may still learn. */
  roundsMax: 2000,
  minutesMax: 30,
}

export type BoostSettings = typeof boostDefaults & SplitRules

/** The fewest leaves that still tell two columns together. */
const LEAVES_MIN = 4

export function leavesFor(rows: number, { leavesMax, rowsALeaf }: BoostSettings): number {
  return Math.min(leavesMax, Math.max(LEAVES_MIN, Math.floor(rows / rowsALeaf)))
}
