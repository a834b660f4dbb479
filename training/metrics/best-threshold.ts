// From which probability of "yes" on it is best said, where precision and recall count alike.
import { scoreHits } from './confusion.ts'
import type { Tally } from './ranking.ts'

/**
 * The score from which on F1 is highest, of equals the highest; undefined where nothing came true. Chosen on
 * examples that the metrics at it are not told of, else they flatter.
 */
export function bestThreshold({ scores, all, came, positives }: Tally): number | undefined {
  if (!(positives > 0)) return undefined
  let [best, threshold, hits, taken] = [-1, 0, 0, 0]
  for (let step = scores.length - 1; step >= 0; step -= 1) {
    hits += came[step] ?? 0
    taken += all[step] ?? 0
    const { f1 } = scoreHits({ hits, taken, positives })
    if (f1 <= best) continue
    best = f1
    threshold = scores[step] ?? 0
  }
  return threshold
}
