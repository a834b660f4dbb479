// How far answers are from what came true: log loss of probabilities, root mean squared error of amounts.
import type { Head } from '../features/heads/head.ts'
import { logLoss } from '../training/metrics/probability.ts'

export interface Answered {
  /** Row-major [n, width]. */
  readonly numbers: ArrayLike<number>
  /** [n]. */
  readonly targets: readonly number[]
}

export function lossOf(kind: Head['kind'], { numbers, targets }: Answered): number {
  if (targets.length === 0) return Number.NaN
  if (kind === 'amount') {
    const sum = targets.reduce((total, value, row) => total + ((numbers[row] ?? Number.NaN) - value) ** 2, 0)
    return Math.sqrt(sum / targets.length)
  }
  return logLoss({ probabilities: numbers, targets, classCount: numbers.length / targets.length })
}

/** Sum of what was predicted over the sum of what came; null where nothing came. */
export function predictedOverActual({ numbers, targets }: Answered): number | null {
  const actual = targets.reduce((sum, value) => sum + value, 0)
  const predicted = Array.from(numbers).reduce((sum, value) => sum + value, 0)
  return actual === 0 ? null : predicted / actual
}

/** How much more, in percent. */
export function excess(loss: number, least: number): number {
  return 100 * (loss / least - 1)
}
