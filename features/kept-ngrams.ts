// The n-grams of a text attribute that count, learned in training, with how rare each is: four bytes each in the
// manifest. What is not among them is not told, so that two n-grams hardly ever share a place.
import { NGRAM_HASH_BITS } from './ngrams.ts'
import { fail, succeed } from './result.ts'
import type { Result } from './result.ts'

export interface KeptNgrams {
  /**
   * In base64, little-endian numbers of 32 bits that rise: above, the hash in 24 bits; below, in 8 bits, its inverse
   * document frequency in sixteenths.
   */
  readonly packed: string
  /** How many different ones of a text are encoded, at the most. */
  readonly placesMax: number
}

/** Of all texts of a project together, at the most. */
export const KEPT_NGRAMS_MAX = 65_536
/** What a byte of inverse document frequency counts. */
export const IDF_UNIT = 1 / 16
const IDF_BITS = 32 - NGRAM_HASH_BITS
const IDF_BYTE_MAX = 2 ** IDF_BITS - 1

/** ln((1 + documents) / (1 + those with it)) + 1, as a byte from 1 to 255. */
export function idfByte(withIt: number, documents: number): number {
  const idf = Math.log((1 + documents) / (1 + withIt)) + 1
  return Math.max(1, Math.min(IDF_BYTE_MAX, Math.round(idf / IDF_UNIT)))
}

export function packNgram(hash: number, idf: number): number {
  return hash * 2 ** IDF_BITS + idf
}

export function hashOfPacked(packed: number): number {
  return packed >>> IDF_BITS
}

export function idfOfPacked(packed: number): number {
  return (packed & IDF_BYTE_MAX) * IDF_UNIT
}

/** Rising, or a reason in one line. */
export function unpackNgrams({ packed }: KeptNgrams): Result<Uint32Array, string> {
  let text: string
  try {
    text = atob(packed)
  } catch {
    return fail('Must be base64')
  }
  const count = text.length / 4
  if (!Number.isInteger(count) || count > KEPT_NGRAMS_MAX) return fail('Must be numbers of four bytes')
  const numbers = Uint32Array.from({ length: count }, (_, place) => {
    return [3, 2, 1, 0].reduce((sum, byte) => sum * 256 + text.charCodeAt(4 * place + byte), 0)
  })
  const isRising = numbers.every((number, place) => {
    return (
      idfOfPacked(number) > 0 && (place === 0 || hashOfPacked(numbers[place - 1] ?? 0) < hashOfPacked(number))
    )
  })
  return isRising ? succeed(numbers) : fail('Must rise')
}

/** How many there are, without reading them. */
export function keptCount({ packed }: KeptNgrams): number {
  return Math.floor((packed.replace(/=+$/, '').length * 3) / 16)
}

/** The place of a hash among those that are kept, or −1. */
export function createLookUp(kept: Uint32Array): (hash: number) => number {
  // Open addressing in twice the room, at least.
  const size = 2 ** Math.ceil(Math.log2(2 * kept.length + 2))
  const slots = new Int32Array(size)
  for (const [place, packed] of kept.entries()) {
    let slot = hashOfPacked(packed) & (size - 1)
    while (slots[slot] !== 0) slot = (slot + 1) & (size - 1)
    slots[slot] = place + 1
  }
  return (hash) => {
    for (let slot = hash & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const place = (slots[slot] ?? 0) - 1
      if (place < 0 || hashOfPacked(kept[place] ?? 0) === hash) return place
    }
  }
}
