// Expected calibration error over bins of equal mass (adaptive bins), from sorted examples under any weights.
import type { Ranking, Tally } from './ranking.ts'

/** How many bins of equal mass the calibration error is told over. */
export const BIN_COUNT = 15

/**
 * Mean difference between what was given and what came, over bins of equal mass by rising probability.
 * Examples of the same probability share what came true, so that it does not matter in which order they
 * come, nor where a bin cuts between them. The scores are the probabilities given; NaN of no weight.
 */
export function calibrationError(
  { rows, ends }: Ranking,
  { tally, weights }: { readonly tally: Tally; readonly weights: Float64Array },
): number {
  const { all, came, scores, total } = tally
  let [sum, difference, passed, bin] = [0, 0, 0, 1]
  let edge = total / BIN_COUNT
  for (let step = 0; step < all.length; step += 1) {
    const here = all[step] ?? 0
    if (here === 0) continue
    const away = (scores[step] ?? 0) - (came[step] ?? 0) / here
    if (passed + here <= edge) {
      passed += here
      difference += here * away
      continue
    }
    // A bin cuts between these: whom it cuts through belongs to the next.
    for (let place = ends[step - 1] ?? 0; place < (ends[step] ?? 0); place += 1) {
      const weight = weights[rows[place] ?? 0] ?? 0
      passed += weight
      while (passed > edge) {
        sum += Math.abs(difference)
        difference = 0
        bin += 1
        edge = bin < BIN_COUNT ? (bin * total) / BIN_COUNT : Infinity
      }
      difference += weight * away
    }
  }
  return (sum + Math.abs(difference)) / total
}
