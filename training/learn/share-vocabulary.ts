// How many values each category may have. Together they have a bound, which keeps the tables of a model and its
// manifest small; how it is shared follows the data.
import { chooseVocabulary } from './vocabulary.ts'
import type { VocabularyLimits } from './vocabulary.ts'

/** The values of each category, most frequent first, `sizeMax` together at the most. */
export function chooseVocabularies(
  counted: readonly ReadonlyMap<string, number>[],
  { countMin, sizeMax }: VocabularyLimits,
): string[][] {
  const frequent = counted.map((counts) => chooseVocabulary(counts, { countMin, sizeMax }))
  const sizes = shareVocabulary(
    frequent.map((values) => values.length),
    sizeMax,
  )
  return frequent.map((values, index) => values.slice(0, sizes[index]))
}

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
