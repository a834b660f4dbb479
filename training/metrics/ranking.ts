// How well scores order the examples: ROC AUC and average precision. Ties count half, or as one step.
import type { Forecasts } from './probability.ts'

/** What a metric is about: a score a row, whether it came true, and how much a row weighs: 1 unless told. */
export interface Ranked {
  readonly scores: ArrayLike<number>
  readonly positive: ArrayLike<boolean>
  readonly weights?: ArrayLike<number>
}

/** ROC AUC of one class against the rest; null unless both occur. Mann–Whitney with mid-ranks. */
export function rocAuc(ranked: Ranked): number | null {
  const steps = descendingSteps(ranked)
  const positives = steps.reduce((sum, step) => sum + step.positives, 0)
  const negatives = steps.reduce((sum, step) => sum + step.negatives, 0)
  if (positives === 0 || negatives === 0) return null
  let above = 0
  let area = 0
  for (const step of steps) {
    area += step.negatives * (above + step.positives / 2)
    above += step.positives
  }
  return area / (positives * negatives)
}

/** Σ (recall step × precision there), as scikit-learn has it; null without positives. */
export function averagePrecision(ranked: Ranked): number | null {
  const steps = descendingSteps(ranked)
  const positives = steps.reduce((sum, step) => sum + step.positives, 0)
  if (positives === 0) return null
  let hits = 0
  let taken = 0
  let sum = 0
  for (const step of steps) {
    hits += step.positives
    taken += step.positives + step.negatives
    sum += (step.positives / positives) * (hits / taken)
  }
  return sum
}

/** Of the second class for two; for more, the mean over the classes against the rest; null for none. */
export function overClasses(
  metric: (ranked: Ranked) => number | null,
  { probabilities, targets, classCount, weights }: Forecasts,
): number | null {
  const indices = classCount === 2 ? [1] : Array.from({ length: classCount }, (_, index) => index)
  const values = indices.flatMap((index) => {
    const ranked = {
      scores: Float64Array.from(targets, (_, row) => probabilities[row * classCount + index] ?? 0),
      positive: Array.from(targets, (target) => target === index),
    }
    return metric(weights === undefined ? ranked : { ...ranked, weights }) ?? []
  })
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Weights of the rows where the score falls to the next. */
interface Step {
  positives: number
  negatives: number
}

/** Groups of equal score, highest first. */
function descendingSteps({ scores, positive, weights }: Ranked): Step[] {
  const order = Array.from({ length: scores.length }, (_, row) => row).toSorted(
    (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0),
  )
  const steps: Step[] = []
  let last = Number.NaN
  for (const row of order) {
    const score = scores[row] ?? 0
    if (score !== last) steps.push({ positives: 0, negatives: 0 })
    last = score
    const step = steps.at(-1)
    if (step === undefined) continue
    const weight = weights?.[row] ?? 1
    if (positive[row]) step.positives += weight
    else step.negatives += weight
  }
  return steps
}
