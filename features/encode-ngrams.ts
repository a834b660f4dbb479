// A text as its n-grams and their weights: TF-IDF with sublinear counts, of length 1 together, as information
// retrieval has it (Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988).
import { createLookUp, idfOfPacked, keptCount, unpackNgrams } from './kept-ngrams.ts'
import type { TextFeature } from './manifest.ts'
import { readNgrams } from './ngrams.ts'

/**
 * Weights are multiples of one over this. Sums of such numbers, times others of few bits, are exact in 32 bits in
 * any order: so runtimes do not differ.
 */
export const NGRAM_WEIGHT_UNITS = 1_024

export interface NgramOutputs {
  /** Ids of n-grams; what is left is padding, 0. */
  readonly ids: Int32Array
  readonly weights: Float32Array
}

/** Writes what a text tells at `offset`. */
export type WriteNgrams = (text: unknown, outputs: NgramOutputs, offset: number) => void

/** How many ids the texts take together: padding, then what is kept of each. */
export function ngramIdCount(texts: readonly TextFeature[]): number {
  return 1 + texts.reduce((count, { ngrams }) => count + (ngrams === undefined ? 0 : keptCount(ngrams)), 0)
}

/** The most places of any text; 0 where none has n-grams. */
export function ngramPlaces(texts: readonly TextFeature[]): number {
  return Math.max(0, ...texts.map(({ ngrams }) => ngrams?.placesMax ?? 0))
}

/** One a text, in order. Prepares look-ups; throws where what is kept does not unpack. */
export function createNgramWriters(texts: readonly TextFeature[]): WriteNgrams[] {
  return texts.map((feature, place) => createWriter(feature, ngramIdCount(texts.slice(0, place))))
}

function createWriter({ name, ngrams }: TextFeature, firstId: number): WriteNgrams {
  if (ngrams === undefined) return () => {}
  const unpacked = unpackNgrams(ngrams)
  if (!unpacked.ok) throw new Error(`The n-grams of '${name}': ${unpacked.reason}`)
  const kept = unpacked.value
  const { placesMax } = ngrams
  const placeOf = createLookUp(kept)
  return (text, { ids, weights }, offset) => {
    if (typeof text !== 'string') return
    const counts = new Map<number, number>()
    readNgrams(text, {
      isKnown: (hash) => placeOf(hash) >= 0,
      tell(hash) {
        const place = placeOf(hash)
        if (place >= 0) counts.set(place, (counts.get(place) ?? 0) + 1)
      },
    })
    const told = Array.from(counts, ([place, count]) => {
      return { place, weight: (1 + Math.log(count)) * idfOfPacked(kept[place] ?? 0) }
    })
    // The heaviest tell most; of equal ones the order of the text decides.
    if (told.length > placesMax) told.sort((a, b) => b.weight - a.weight)
    const length = Math.sqrt(told.reduce((sum, { weight }) => sum + weight ** 2, 0))
    for (const [at, { place, weight }] of told.slice(0, placesMax).entries()) {
      ids[offset + at] = firstId + place
      weights[offset + at] = Math.round((NGRAM_WEIGHT_UNITS * weight) / length) / NGRAM_WEIGHT_UNITS
    }
  }
}
