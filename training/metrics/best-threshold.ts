// From which probability of "yes" on it is best said, where precision and recall count alike.
import { scoreHits } from './confusion.ts'
import type { Ranking } from './ranking.ts'

/**
 * The score from which on F1 is highest, of equals the highest; undefined where nothing came true. Chosen on
 * examples that the metrics at it are not told of, else they flatter.
 */
export function bestThreshold({ scores, positive, ends }: Ranking): number | undefined {
  const positives = positive.reduce((sum, came) => sum + came, 0)
  if (positives === 0) return undefined
  let [best, threshold, hits] = [-1, 0, 0]
  for (let group = ends.length - 1; group >= 0; group -= 1) {
    const start = ends[group - 1] ?? 0
    for (let place = start; place < (ends[group] ?? 0); place += 1) hits += positive[place] ?? 0
    const { f1 } = scoreHits({ hits, taken: scores.length - start, positives })
    if (f1 <= best) continue
    best = f1
    threshold = scores[start] ?? 0
  }
  return threshold
}
