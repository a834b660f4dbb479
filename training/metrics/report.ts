// All metrics of a task of classes by name. For two classes auc, precision, recall and f1 are of the second, the
// "yes"; for more they are means over the classes that occur (macro).
import { accuracy, scoreClasses } from './confusion.ts'
import type { ClassScores } from './confusion.ts'
import { brier, expectedCalibrationError, likeliest, logLoss } from './probability.ts'
import { averagePrecision, overClasses, rocAuc } from './ranking.ts'

export interface ClassReport {
  readonly auc: number | null
  readonly averagePrecision: number | null
  readonly logLoss: number
  readonly brier: number
  readonly ece: number
  readonly accuracy: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
  readonly precisionMacro: number
  readonly recallMacro: number
  readonly f1Macro: number
  readonly precisionWeighted: number
  readonly recallWeighted: number
  readonly f1Weighted: number
  readonly perClass: Readonly<Record<string, ClassScores>>
}

/** probabilities [n, classes] row-major; null where there are no examples. */
export function classReport(request: {
  readonly probabilities: Float64Array
  readonly targets: Int32Array
  readonly classes: readonly string[]
}): ClassReport | null {
  const { probabilities, targets, classes } = request
  if (targets.length === 0) return null
  const classCount = classes.length
  const forecasts = { probabilities, targets, classCount }
  const chosen = Int32Array.from(targets, (_, row) => likeliest(probabilities, { row, classCount }))
  const scores = scoreClasses(chosen, { targets, classCount })
  const occurring = scores.filter(({ support }) => support > 0)
  const [second] = classCount === 2 ? scores.slice(1) : []
  const macro = (name: 'precision' | 'recall' | 'f1'): number =>
    occurring.reduce((sum, score) => sum + score[name], 0) / occurring.length
  const weighted = (name: 'precision' | 'recall' | 'f1'): number =>
    scores.reduce((sum, score) => sum + score[name] * score.support, 0) / targets.length
  return {
    auc: overClasses(rocAuc, forecasts),
    averagePrecision: overClasses(averagePrecision, forecasts),
    logLoss: logLoss(forecasts),
    brier: brier(forecasts),
    ece: expectedCalibrationError(forecasts),
    accuracy: accuracy(chosen, targets),
    precision: second?.precision ?? macro('precision'),
    recall: second?.recall ?? macro('recall'),
    f1: second?.f1 ?? macro('f1'),
    precisionMacro: macro('precision'),
    recallMacro: macro('recall'),
    f1Macro: macro('f1'),
    precisionWeighted: weighted('precision'),
    recallWeighted: weighted('recall'),
    f1Weighted: weighted('f1'),
    perClass: Object.fromEntries(classes.map((name, index) => [name, scores[index] as ClassScores])),
  }
}
