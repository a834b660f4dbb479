// What many tests together allow: where a hundred things are looked at, five differ by chance at 5 %.

/**
 * Which hypotheses are rejected so that the chance of even one false rejection stays below alpha, however the
 * tests hang together (Holm, 1979).
 */
export function rejectedByHolm(pValues: readonly number[], alpha: number): boolean[] {
  const rejected = pValues.map(() => false)
  for (const [rank, place] of byRisingP(pValues).entries()) {
    if (!((pValues[place] ?? 1) <= alpha / (pValues.length - rank))) break
    rejected[place] = true
  }
  return rejected
}

/**
 * Which are rejected so that of the rejections a share of `rate` at most is false, on average, where the tests
 * are independent or hang together positively (Benjamini and Hochberg, 1995).
 */
export function rejectedByFalseDiscovery(pValues: readonly number[], rate: number): boolean[] {
  const order = byRisingP(pValues)
  const last = order.findLastIndex((place, rank) => {
    return (pValues[place] ?? 1) <= (rate * (rank + 1)) / pValues.length
  })
  const rejected = pValues.map(() => false)
  for (const place of order.slice(0, last + 1)) rejected[place] = true
  return rejected
}

function byRisingP(pValues: readonly number[]): number[] {
  return [...pValues.keys()].toSorted((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1))
}
