// How many values each category may have. Together they have a bound, which keeps the tables of a model and its
// manifest small; how it is shared follows the data.

/**
 * Shares `total` places: who wants less than an even share gets what it wants, and the others share the rest
 * evenly. So one category of ten thousand cities is known whole where the others are small.
 * @param wanted how many values each has
 */
export function shareVocabulary(wanted: readonly number[], total: number): number[] {
  const given = wanted.map(() => 0)
  let left = total
  const byWant = wanted.map((want, index) => ({ want, index })).toSorted((a, b) => a.want - b.want)
  for (const [place, { want, index }] of byWant.entries()) {
    const share = Math.min(want, Math.floor(left / (byWant.length - place)))
    given[index] = share
    left -= share
  }
  return given
}
