// What follows from which class is chosen: accuracy, precision, recall and F1.
// Definitions as in scikit-learn; what has no examples counts 0 where a division by zero would arise.

export interface ClassScores {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Examples of this class. */
  readonly support: number
}

/** Per class, from the chosen and the true class of each example. */
export function scoreClasses(
  chosen: ArrayLike<number>,
  { targets, classCount }: { readonly targets: ArrayLike<number>; readonly classCount: number },
): ClassScores[] {
  const hits = new Float64Array(classCount)
  const choices = new Float64Array(classCount)
  const supports = new Float64Array(classCount)
  for (let row = 0; row < targets.length; row += 1) {
    const choice = chosen[row] ?? 0
    const target = targets[row] ?? 0
    choices[choice] = (choices[choice] ?? 0) + 1
    supports[target] = (supports[target] ?? 0) + 1
    if (choice === target) hits[target] = (hits[target] ?? 0) + 1
  }
  return Array.from({ length: classCount }, (_, index) => {
    const hit = hits[index] ?? 0
    const support = supports[index] ?? 0
    const precision = ratio(hit, choices[index] ?? 0)
    const recall = ratio(hit, support)
    return { precision, recall, f1: ratio(2 * precision * recall, precision + recall), support }
  })
}

/** Share of the examples whose class was chosen. */
export function accuracy(chosen: ArrayLike<number>, targets: ArrayLike<number>): number {
  let hits = 0
  for (let row = 0; row < targets.length; row += 1) if (chosen[row] === targets[row]) hits += 1
  return ratio(hits, targets.length)
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
