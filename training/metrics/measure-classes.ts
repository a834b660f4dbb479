// The metrics of probabilities of classes. For two classes what is ranked is the second, the "yes"; for more,
// auc and averagePrecision are means over the classes that occur, each against the rest (macro).
import { calibrationError } from './calibration-error.ts'
import { scoreClasses, scoreHits } from './confusion.ts'
import type { ClassScores } from './confusion.ts'
import type { Measure, Measured } from './measure.ts'
import { brierScores, calibrationRanking, likeliest, logLosses } from './probability.ts'
import { averagePrecisionOf, cutAt, gainsAt, rankingOf, rocAucOf, weightsByPlace } from './ranking.ts'
import type { Ranking } from './ranking.ts'
import { weightedMean } from './weights.ts'

/** What is judged of n examples, n not 0. */
export interface JudgedClasses {
  /** [n, classes] row-major. */
  readonly probabilities: Float64Array
  readonly targets: Int32Array
  readonly classCount: number
  /** From which probability of "yes" on it is said, by what the metrics at it are called: 'Best', '0.3'. */
  readonly thresholds?: Readonly<Record<string, number>> | undefined
}

/** Which shares of the examples gain and lift are told of, in percent. */
export const GAIN_PERCENTS = [1, 5, 10, 20] as const

/** With `ranked` false, what needs no order of the examples: it costs the less the more classes there are. */
export function measureClasses(judged: JudgedClasses, { ranked = true } = {}): Measure {
  const { targets, classCount } = judged
  const [losses, squares] = [logLosses(judged), brierScores(judged)]
  const chosen = chosenClasses(judged)
  const ofRanks = ranked ? measureRanks(judged) : () => ({})
  return (weights) => ({
    logLoss: weightedMean(losses, weights),
    brier: weightedMean(squares, weights),
    ...scoresOf(scoreClasses({ chosen, targets, weights, classCount })),
    ...ofRanks(weights),
  })
}

/** The likeliest class of each example. */
export function chosenClasses({ probabilities, targets, classCount }: JudgedClasses): Int32Array {
  return Int32Array.from(targets, (_, row) => likeliest(probabilities, { row, classCount }))
}

/** One of each class, against the rest. */
export function classRankings({ probabilities, targets, classCount }: JudgedClasses): Ranking[] {
  return Array.from({ length: classCount }, (_, index) => {
    const scores = Float64Array.from(targets, (_target, row) => probabilities[row * classCount + index] ?? 0)
    return rankingOf(scores, (row) => targets[row] === index)
  })
}

function scoresOf(scores: readonly ClassScores[]): Measured {
  const occurring = scores.filter(({ support }) => support > 0)
  const total = scores.reduce((sum, { support }) => sum + support, 0)
  const second = scores.length === 2 ? scores[1] : undefined
  const macro = (name: 'precision' | 'recall' | 'f1'): number =>
    occurring.reduce((sum, score) => sum + score[name], 0) / occurring.length
  const weighted = (name: 'precision' | 'recall' | 'f1'): number =>
    scores.reduce((sum, score) => sum + score[name] * score.support, 0) / total
  return {
    // What is recalled of each class, together: micro precision, recall and F1 are the same.
    accuracy: weighted('recall'),
    precision: second?.precision ?? macro('precision'),
    recall: second?.recall ?? macro('recall'),
    f1: second?.f1 ?? macro('f1'),
    precisionMacro: macro('precision'),
    recallMacro: macro('recall'),
    f1Macro: macro('f1'),
    precisionWeighted: weighted('precision'),
    recallWeighted: weighted('recall'),
    f1Weighted: weighted('f1'),
  }
}

function measureRanks(judged: JudgedClasses): Measure {
  const { targets, classCount } = judged
  const byPlace: Float64Array = new Float64Array(targets.length)
  if (classCount === 2) return measureYes(calibrationRanking(judged), { judged, byPlace })
  const [calibration, rankings] = [calibrationRanking(judged), classRankings(judged)]
  const meanOver = (
    metric: (ranking: Ranking, byPlace: Float64Array) => number | null,
    weights: Float64Array,
  ): number | null => {
    const values = rankings.flatMap(
      (ranking) => metric(ranking, weightsByPlace(ranking, weights, byPlace)) ?? [],
    )
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  }
  return (weights) => ({
    auc: meanOver(rocAucOf, weights),
    averagePrecision: meanOver(averagePrecisionOf, weights),
    ece: calibrationError(calibration, weightsByPlace(calibration, weights, byPlace)),
  })
}

/** Of two classes: one order serves all. */
function measureYes(
  ranking: Ranking,
  { judged, byPlace }: { readonly judged: JudgedClasses; readonly byPlace: Float64Array },
): Measure {
  const shares = GAIN_PERCENTS.map((percent) => percent / 100)
  const thresholds = Object.entries(judged.thresholds ?? {})
  return (weights) => {
    weightsByPlace(ranking, weights, byPlace)
    const gains = gainsAt(ranking, { byPlace, shares })
    const [told, came] = sumsOf(ranking, byPlace)
    return {
      auc: rocAucOf(ranking, byPlace),
      averagePrecision: averagePrecisionOf(ranking, byPlace),
      ece: calibrationError(ranking, byPlace),
      predictedMean: told,
      actualMean: came,
      predictedOverActual: came === 0 ? null : told / came,
      ...byName(GAIN_PERCENTS, (percent, at) => [`gainAt${percent}`, gains?.[at] ?? null]),
      ...byName(shares, (share, at) => {
        const gain = gains?.[at] ?? null
        return [`liftAt${GAIN_PERCENTS[at]}`, gain === null ? null : gain / share]
      }),
      ...Object.assign(
        {},
        ...thresholds.map(([name, threshold]) => atThreshold(name, cutAt(ranking, { byPlace, threshold }))),
      ),
    }
  }
}

function atThreshold(name: string, cut: ReturnType<typeof cutAt>): Measured {
  const { hits, taken, positives, total } = cut
  const { precision, recall, f1 } = scoreHits(cut)
  return {
    [`precisionAt${name}`]: precision,
    [`recallAt${name}`]: recall,
    [`f1At${name}`]: f1,
    [`accuracyAt${name}`]: (total - taken - positives + 2 * hits) / total,
    [`takenAt${name}`]: taken / total,
  }
}

/** Mean of what was given and of what came. */
function sumsOf({ scores, positive }: Ranking, byPlace: Float64Array): readonly [number, number] {
  let [told, came, total] = [0, 0, 0]
  for (let place = 0; place < byPlace.length; place += 1) {
    const weight = byPlace[place] ?? 0
    total += weight
    told += weight * (scores[place] ?? 0)
    if (positive[place] === 1) came += weight
  }
  return [told / total, came / total]
}

function byName<Value>(
  values: readonly Value[],
  entryOf: (value: Value, at: number) => [string, number | null],
): Measured {
  return Object.fromEntries(values.map(entryOf))
}
