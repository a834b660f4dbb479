// Text as a bag of hashed words: no vocabulary to learn or to ship.
import { hashText } from './hash.ts'
import type { TextFeature } from './manifest.ts'

/** Lower-case words and numbers of a text, in order (Unicode letters and digits, NFKC). */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  )
}

/** How many ids the texts take together: padding, then the buckets of each. */
export function wordIdCount(texts: readonly TextFeature[]): number {
  return 1 + texts.reduce((count, feature) => count + feature.buckets, 0)
}

/**
 * Writes the ids of a text's distinct words at `offset`, at most `wordsMax`; the rest stays padding.
 * @param firstId the id of the text's bucket 0
 */
export function writeWords(
  output: Int32Array,
  offset: number,
  {
    feature,
    text,
    firstId,
  }: { readonly feature: TextFeature; readonly text: unknown; readonly firstId: number },
): void {
  if (typeof text !== 'string') return
  const ids = new Set(wordsOf(text).map((word) => firstId + (hashText(word) % feature.buckets)))
  let place = 0
  for (const id of ids) {
    if (place === feature.wordsMax) return
    output[offset + place] = id
    place += 1
  }
}
