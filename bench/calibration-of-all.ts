// How well all answers of a cross-validation are calibrated together, beside what chance alone would show.
import { createRandom } from '../features/random.ts'
import { givenNumbers, knownExamplesOf } from '../training/heads/known-examples.ts'
import { expectedCalibrationError } from '../training/metrics/probability.ts'
import type { FoldAnswers } from '../training/pooled-folds.ts'

const DRAWS = 20

export interface CalibrationOfAll {
  /** Expected calibration error of all rows together. */
  readonly ece: number
  /** The mean of it, fold by fold, were every answer the very probability by which its outcome is drawn. */
  readonly byChance: number
  /** What each fold was calibrated by. */
  readonly kinds: readonly string[]
}

export function calibrationOfAll(
  task: string,
  { answers, seed }: { readonly answers: readonly FoldAnswers[]; readonly seed: number },
): CalibrationOfAll {
  const random = createRandom(seed).fork('chance')
  const folds = answers.flatMap(({ heads, outputs, examples }) => {
    const head = heads.find((one) => one.task === task)
    if (head === undefined || !('classes' in head)) return []
    const { rows, known } = knownExamplesOf(examples, task)
    const classCount = head.classes.length
    const kind = head.basis === 'prior' ? 'prior' : (head.curve?.kind ?? 'temperature')
    return [
      { probabilities: givenNumbers(head, { outputs, rows }), targets: known.targets, classCount, kind },
    ]
  })
  const [{ classCount } = { classCount: 2 }] = folds
  const drawn = folds.flatMap((fold) =>
    Array.from({ length: DRAWS }, () => expectedCalibrationError({ ...fold, targets: drawnOf(fold) })),
  )
  return {
    ece: expectedCalibrationError({
      probabilities: folds.flatMap(({ probabilities }) => [...probabilities]),
      targets: folds.flatMap(({ targets }) => [...targets]),
      classCount,
    }),
    byChance: drawn.reduce((sum, one) => sum + one, 0) / drawn.length,
    kinds: folds.map(({ kind }) => kind),
  }

  function drawnOf(fold: (typeof folds)[number]): number[] {
    return Array.from(fold.targets, (_, row) => {
      let left = random.next()
      for (let index = 0; index < fold.classCount - 1; index += 1) {
        left -= fold.probabilities[row * fold.classCount + index] ?? 0
        if (left < 0) return index
      }
      return fold.classCount - 1
    })
  }
}
