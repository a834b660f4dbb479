// What follows from which class is chosen: accuracy, precision, recall and F1.
// Definitions as in scikit-learn; what has no examples counts 0 where a division by zero would arise.

export interface ClassScores {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Examples of this class, by their weights. */
  readonly support: number
}

/** The chosen and the true class of each example, and how much it weighs, [n]. */
export interface Choices {
  readonly chosen: Int32Array
  readonly targets: Int32Array
  readonly weights: Float64Array
  readonly classCount: number
}

/** Per class. */
export function scoreClasses({ chosen, targets, weights, classCount }: Choices): ClassScores[] {
  const hits = new Float64Array(classCount)
  const choices = new Float64Array(classCount)
  const supports = new Float64Array(classCount)
  for (let row = 0; row < targets.length; row += 1) {
    const [choice, target, weight] = [chosen[row] ?? 0, targets[row] ?? 0, weights[row] ?? 0]
    choices[choice] = (choices[choice] ?? 0) + weight
    supports[target] = (supports[target] ?? 0) + weight
    if (choice === target) hits[target] = (hits[target] ?? 0) + weight
  }
  return Array.from({ length: classCount }, (_, index) =>
    scoreHits({ hits: hits[index] ?? 0, taken: choices[index] ?? 0, positives: supports[index] ?? 0 }),
  )
}

/** Of one class: how many of it were chosen rightly, were chosen, and are. */
export function scoreHits({
  hits,
  taken,
  positives,
}: {
  readonly hits: number
  readonly taken: number
  readonly positives: number
}): ClassScores {
  const precision = ratio(hits, taken)
  const recall = ratio(hits, positives)
  return { precision, recall, f1: ratio(2 * precision * recall, precision + recall), support: positives }
}

/** [classes, classes] row-major: how much of each true class was taken for which. */
export function confusionMatrix({ chosen, targets, weights, classCount }: Choices): Float64Array {
  const matrix = new Float64Array(classCount * classCount)
  for (let row = 0; row < targets.length; row += 1) {
    const cell = (targets[row] ?? 0) * classCount + (chosen[row] ?? 0)
    matrix[cell] = (matrix[cell] ?? 0) + (weights[row] ?? 0)
  }
  return matrix
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
