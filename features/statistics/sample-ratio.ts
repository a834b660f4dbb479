// Whether users fell into the arms of an experiment as they were meant to. Where they did not, something chose
// them (a redirect that loses some, a bot in one arm, a log that drops), and nothing else of it is to be read.
//
// A Bayes factor of a Dirichlet-multinomial against the intended shares, whose inverse is a p-value that holds
// at any look (Lindon and Malek, "Anytime-valid inference for multinomial count data", 2022).
import { logGamma } from './log-gamma.ts'

/** As small as this before a split counts as broken: it is looked at daily in every experiment. */
export const SAMPLE_RATIO_ALPHA = 0.001
/** How closely shares are thought to lie around the intended, as so many users seen before. */
const CONCENTRATION = 1_000

/** @param counts users in each arm @param shares intended, summing to 1, none 0 */
export function sampleRatioPValue(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let logFactor = logGamma(CONCENTRATION) - logGamma(CONCENTRATION + total)
  for (const [arm, count] of counts.entries()) {
    const share = shares[arm] ?? Number.NaN
    logFactor += logGamma(CONCENTRATION * share + count) - logGamma(CONCENTRATION * share)
    logFactor -= count * Math.log(share)
  }
  return Math.min(1, Math.exp(-logFactor))
}

/** Whether the split is broken, with a false alarm in one of a thousand experiments at most. */
export function isSplitBroken(counts: readonly number[], shares: readonly number[]): boolean {
  return sampleRatioPValue(counts, shares) < SAMPLE_RATIO_ALPHA
}
