import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NGRAM_HASH_BITS, readNgrams, TEXT_READ_MAX } from '../../features/ngrams.ts'
import type { NgramKind } from '../../features/ngrams.ts'

/** The hashes of each kind, in order. */
function read(text: string, known: readonly string[] = []): Record<NgramKind, number[]> {
  const told: Record<NgramKind, number[]> = { word: [], pair: [], piece: [] }
  const hashes = new Set(known.flatMap((word) => read(word).word))
  readNgrams(text, { isKnown: (hash) => hashes.has(hash), tell: (hash, kind) => told[kind].push(hash) })
  return told
}

const lengthsOf = (text: string, known?: readonly string[]) =>
  Object.values(read(text, known)).map(({ length }) => length)

describe('readNgrams', () => {
  it.each([
    // words, pairs, pieces
    ['', [0, 0, 0]],
    [' .,;!? \n', [0, 0, 0]],
    ['a', [1, 0, 1]],
    ['red shoe', [2, 1, 3 + 2 + 1 + (4 + 3 + 2)]],
    ['\u{1F600}\u{1F600}', [2, 1, 2]],
    ['日本語', [3, 2, 3]],
    ['ภาษา', [4, 3, 4]],
    ['हिन्दी', [1, 0, 6 + 5 + 4]],
  ])('finds in %j so many words, pairs and pieces', (text, expected) => {
    expect(lengthsOf(text)).toEqual(expected)
  })

  it('reads a word alike in any letter case and width', () => {
    expect(read('ＳＨＯＥ')).toEqual(read('shoe'))
    expect(read('GRÖSSE ÉTÉ')).toEqual(read('grösse e\u0301te\u0301'))
  })

  it('tells pieces of words that are not known, and of no others', () => {
    expect(lengthsOf('red shoe', ['red', 'shoe'])).toEqual([2, 1, 0])
    expect(read('red shoes', ['red']).piece).toEqual(read('shoes').piece)
  })

  it('shares pieces between forms of a word', () => {
    const [one, other] = [new Set(read('schuhe').piece), new Set(read('schuhen').piece)]
    expect([...one].filter((piece) => other.has(piece)).length).toBeGreaterThan(one.size / 2)
    expect([...one].filter((piece) => read('xyzq').piece.includes(piece))).toEqual([])
  })

  it('gives hashes within their bits, the same for the same text, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const told = Object.values(read(text)).flat()
        expect(told.every((hash) => Number.isInteger(hash) && hash >= 0 && hash < 2 ** NGRAM_HASH_BITS)).toBe(
          true,
        )
        expect(Object.values(read(text)).flat()).toEqual(told)
      }),
    )
  })

  it('reads no further than its bound of a huge text', () => {
    const huge = 'abc '.repeat(1_000_000)
    expect(read(huge)).toEqual(read(huge.slice(0, TEXT_READ_MAX)))
  })
})
