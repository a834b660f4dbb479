// The metrics of probabilities of classes. For two classes what is ranked is the second, the "yes"; for more,
// auc and averagePrecision are means over the classes that occur, each against the rest (macro).
import { calibrationError } from './calibration-error.ts'
import { createConfusion, scoreClasses, scoreHits } from './confusion.ts'
import type { ClassScores } from './confusion.ts'
import type { Measure, Measured } from './measure.ts'
import { brierScores, calibrationRanking, likeliest, logLosses } from './probability.ts'
import { averagePrecisionOf, createTally, cutAt, gainsAt, rankingOf, rocAucOf } from './ranking.ts'
import type { Cut, Ranking, Tally } from './ranking.ts'
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
  const confusion = createConfusion({ targets, classCount, chosen: chosenClasses(judged) })
  const ofRanks = ranked ? measureRanks(judged) : () => ({})
  return (weights) => ({
    logLoss: weightedMean(losses, weights),
    brier: weightedMean(squares, weights),
    ...scoresOf(scoreClasses(confusion(weights))),
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
  const ranking = calibrationRanking(judged)
  const tallyOf = createTally(ranking)
  if (judged.classCount === 2) {
    return (weights) => {
      const tally = tallyOf(weights)
      return { ...measureYes(tally, judged), ece: calibrationError(ranking, { tally, weights }) }
    }
  }
  const byClass = classRankings(judged).map(createTally)
  return (weights) => {
    const tallies = byClass.map((ofClass) => ofClass(weights))
    return {
      auc: meanOver(tallies, rocAucOf),
      averagePrecision: meanOver(tallies, averagePrecisionOf),
      ece: calibrationError(ranking, { tally: tallyOf(weights), weights }),
    }
  }
}

/** Over those that define it; null where none does. */
function meanOver(tallies: readonly Tally[], metric: (tally: Tally) => number | null): number | null {
  const values = tallies.flatMap((tally) => metric(tally) ?? [])
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of two classes: one order serves all. */
function measureYes(tally: Tally, { thresholds = {} }: JudgedClasses): Measured {
  const gains = gainsAt(
    tally,
    GAIN_PERCENTS.map((percent) => percent / 100),
  )
  const told = weightedMean(tally.scores, tally.all)
  const came = tally.positives / tally.total
  return {
    auc: rocAucOf(tally),
    averagePrecision: averagePrecisionOf(tally),
    predictedMean: told,
    actualMean: came,
    predictedOverActual: came === 0 ? null : told / came,
    ...Object.fromEntries(
      GAIN_PERCENTS.flatMap((percent, at) => {
        const gain = gains?.[at] ?? null
        return [
          [`gainAt${percent}`, gain],
          [`liftAt${percent}`, gain === null ? null : (gain * 100) / percent],
        ]
      }),
    ),
    ...Object.assign(
      {},
      ...Object.entries(thresholds).map(([name, threshold]) => atThreshold(name, cutAt(tally, threshold))),
    ),
  }
}

function atThreshold(name: string, cut: Cut): Measured {
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
