// What follows from which class is chosen: accuracy, precision, recall and F1.
// Definitions as in scikit-learn; what has no examples counts 0 where a division by zero would arise.

export interface ClassScores {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Examples of this class, by their weights. */
  readonly support: number
}

/** The chosen and the true class of each example, [n]. */
export interface Choices {
  readonly chosen: Int32Array
  readonly targets: Int32Array
  readonly classCount: number
}

/** [classes, classes] row-major, for any weights of the examples: how much of a true class was taken for which. */
export function createConfusion({
  chosen,
  targets,
  classCount,
}: Choices): (weights: Float64Array) => Float64Array {
  const cells = Int32Array.from(targets, (target, row) => target * classCount + (chosen[row] ?? 0))
  return (weights) => {
    const matrix = new Float64Array(classCount * classCount)
    for (let row = 0; row < cells.length; row += 1) {
      const cell = cells[row] ?? 0
      matrix[cell] = (matrix[cell] ?? 0) + (weights[row] ?? 0)
    }
    return matrix
  }
}

/** Per class, from a confusion matrix. */
export function scoreClasses(matrix: Float64Array): ClassScores[] {
  const classCount = Math.sqrt(matrix.length)
  const [taken, positives] = [new Float64Array(classCount), new Float64Array(classCount)]
  for (let cell = 0; cell < matrix.length; cell += 1) {
    const [target, choice] = [Math.floor(cell / classCount), cell % classCount]
    positives[target] = (positives[target] ?? 0) + (matrix[cell] ?? 0)
    taken[choice] = (taken[choice] ?? 0) + (matrix[cell] ?? 0)
  }
  return Array.from({ length: classCount }, (_, index) =>
    scoreHits({
      hits: matrix[index * classCount + index] ?? 0,
      taken: taken[index] ?? 0,
      positives: positives[index] ?? 0,
    }),
  )
}

interface Hits {
  readonly hits: number
  readonly taken: number
  readonly positives: number
}

/** Of one class: how many of it were chosen rightly, were chosen, and are. */
export function scoreHits({ hits, taken, positives }: Hits): ClassScores {
  const precision = ratio(hits, taken)
  const recall = ratio(hits, positives)
  return { precision, recall, f1: ratio(2 * precision * recall, precision + recall), support: positives }
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
