// What a report of classes gives beside the metrics: the scores of each class, by name.
import { createConfusion, scoreClasses } from './confusion.ts'
import type { ClassScores } from './confusion.ts'
import { chosenClasses, classRankings } from './measure-classes.ts'
import type { JudgedClasses } from './measure-classes.ts'
import { averagePrecisionOf, createTally, rocAucOf } from './ranking.ts'
import { alike } from './weights.ts'

export interface ScoresOfClass extends ClassScores {
  /** Of this class against the rest; null where it never came true, or nothing else. */
  readonly auc: number | null
  readonly averagePrecision: number | null
}

/** In the order of the classes. */
export function scoresByClass(
  judged: JudgedClasses,
  classes: readonly string[],
): Readonly<Record<string, ScoresOfClass>> {
  const { targets, classCount } = judged
  const weights = alike(targets.length)
  const matrix = createConfusion({ chosen: chosenClasses(judged), targets, classCount })(weights)
  const scores = scoreClasses(matrix)
  const rankings = classRankings(judged)
  return Object.fromEntries(
    classes.map((name, index): [string, ScoresOfClass] => {
      const [ranking, own] = [rankings[index], scores[index]]
      if (ranking === undefined || own === undefined) {
        throw new Error(`Expected ${classes.length} classes, got ${classCount}`)
      }
      const tally = createTally(ranking)(weights)
      return [
        name,
        {
          ...own,
          auc: rocAucOf(tally),
          averagePrecision: averagePrecisionOf(tally),
        },
      ]
    }),
  )
}
