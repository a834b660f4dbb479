// Shares of one as log-odds, in which no end is reached, and back.

/** From 0 to 1, for any log-odds (the logistic function). */
export function shareOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}

/** Infinite at 0 and 1. */
export function logOddsOf(share: number): number {
  return Math.log(share / (1 - share))
}
