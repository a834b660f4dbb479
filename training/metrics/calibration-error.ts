// Expected calibration error over bins of equal mass (adaptive bins), from sorted examples under any weights.
import type { Ranking } from './ranking.ts'

/** How many bins of equal mass the calibration error is told over. */
export const BIN_COUNT = 15

/**
 * Mean difference between what was given and what came, over bins of equal mass by rising probability.
 * Examples of the same probability share what came true, so that it does not matter in which order they
 * come, nor where a bin cuts between them. The scores are the probabilities given; NaN of no weight.
 */
export function calibrationError({ scores, positive, ends }: Ranking, byPlace: Float64Array): number {
  let total = 0
  for (let place = 0; place < byPlace.length; place += 1) total += byPlace[place] ?? 0
  let [sum, difference, passed, bin] = [0, 0, 0, 1]
  let start = 0
  for (const end of ends) {
    let [came, here] = [0, 0]
    for (let place = start; place < end; place += 1) {
      const weight = byPlace[place] ?? 0
      here += weight
      if (positive[place] === 1) came += weight
    }
    const away = here === 0 ? 0 : (scores[start] ?? 0) - came / here
    for (let place = start; place < end; place += 1) {
      const weight = byPlace[place] ?? 0
      passed += weight
      while (bin < BIN_COUNT && BIN_COUNT * passed > bin * total) {
        sum += Math.abs(difference)
        difference = 0
        bin += 1
      }
      difference += weight * away
    }
    start = end
  }
  return (sum + Math.abs(difference)) / total
}
