// The n-grams of a text by their hashes: words, pairs of words, and of words that are not known the pieces, which
// tell forms and misspellings of those that are. In scripts without blanks every character is a word.

import { mixBits } from './hash.ts'

/** So much of a text is read, in UTF-16 code units: it bounds what a request costs. */
export const TEXT_READ_MAX = 4_096
/** Of how many bits hashes are. */
export const NGRAM_HASH_BITS = 24
/** Lengths of pieces in characters, among which both bounds of the word count. */
const PIECE = { min: 3, max: 5 }
const BOUND = 0x20

/** Kinds have starts of their own, so that a piece is not taken for a word. */
const STARTS = { word: 0x811c9dc5, pair: 0x2f0b4c47, piece: 0x5bd1e995 }
export type NgramKind = keyof typeof STARTS

const RUN = /[\p{L}\p{M}\p{N}]+|\p{Extended_Pictographic}/gu
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

export interface NgramReader {
  /** Whether a word of this hash is known: then its pieces are not told. */
  readonly isKnown: (hash: number) => boolean
  /** Each n-gram in order, as often as it occurs. */
  readonly tell: (hash: number, kind: NgramKind) => void
}

/** Reads a text once, lower-case in NFKC: letters and numbers, and pictures as words of their own. */
export function readNgrams(text: string, { isKnown, tell }: NgramReader): void {
  const read = text.slice(0, TEXT_READ_MAX).normalize('NFKC').toLowerCase()
  let before: number | undefined
  for (const run of read.match(RUN) ?? []) {
    for (const word of UNSPACED.test(run) ? run : [run]) {
      const own = hashOf(word)
      const hash = mixed(own)
      tell(hash, 'word')
      if (before !== undefined) tell(mixed(step(step(STARTS.pair, before), own)), 'pair')
      if (!isKnown(hash)) eachPiece(word, tell)
      before = own
    }
  }
}

function eachPiece(word: string, tell: NgramReader['tell']): void {
  const characters = [BOUND, ...Array.from(word, (character) => character.codePointAt(0) ?? 0), BOUND]
  for (let from = 0; from + PIECE.min <= characters.length; from += 1) {
    const until = Math.min(characters.length, from + PIECE.max)
    let hash = STARTS.piece
    for (let place = from; place < until; place += 1) {
      hash = step(hash, characters[place] ?? 0)
      if (place + 1 - from >= PIECE.min) tell(mixed(hash), 'piece')
    }
  }
}

function hashOf(word: string): number {
  let hash = STARTS.word
  for (let place = 0; place < word.length; place += 1) hash = step(hash, word.charCodeAt(place))
  return hash
}

/** FNV-1a, of numbers instead of bytes. */
function step(hash: number, number: number): number {
  return Math.imul(hash ^ number, 0x01000193)
}

/** The highest bits, of which each depends on all. */
function mixed(hash: number): number {
  return mixBits(hash) >>> (32 - NGRAM_HASH_BITS)
}
