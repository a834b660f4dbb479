// How well scores order the examples: ROC AUC and average precision. Ties count half, or as one step.

/** ROC AUC of one class against the rest; null unless both occur. Mann–Whitney with mid-ranks. */
export function rocAuc(scores: ArrayLike<number>, positive: ArrayLike<boolean>): number | null {
  const steps = descendingSteps(scores, positive)
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
export function averagePrecision(scores: ArrayLike<number>, positive: ArrayLike<boolean>): number | null {
  const steps = descendingSteps(scores, positive)
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

interface Step {
  positives: number
  negatives: number
}

/** Groups of equal score, highest first. */
function descendingSteps(scores: ArrayLike<number>, positive: ArrayLike<boolean>): Step[] {
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
    if (positive[row]) step.positives += 1
    else step.negatives += 1
  }
  return steps
}
