// Kept n-grams for tests, as training packs them.
import { packNgram } from '../../features/kept-ngrams.ts'
import type { KeptNgrams } from '../../features/kept-ngrams.ts'
import { readNgrams } from '../../features/ngrams.ts'

/** All words and pairs of a text, each with this inverse document frequency in sixteenths. */
export function keptOf(text: string, { placesMax = 8, idf = 32 } = {}): KeptNgrams {
  const hashes = new Set<number>()
  readNgrams(text, { isKnown: () => true, tell: (hash) => hashes.add(hash) })
  return { packed: packedOf(Array.from(hashes, (hash) => packNgram(hash, idf))), placesMax }
}

/** Numbers of four bytes in base64, rising. */
export function packedOf(numbers: readonly number[]): string {
  const bytes = Uint32Array.from(numbers)
    .toSorted()
    .reduce<number[]>((all, number) => [...all, number, number >>> 8, number >>> 16, number >>> 24], [])
  return btoa(String.fromCharCode(...bytes.map((byte) => byte & 255)))
}
