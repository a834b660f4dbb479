import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashText } from '../../features/hash.ts'
import type { TextFeature } from '../../features/manifest.ts'
import { wordIdCount, wordsOf, writeWords } from '../../features/text.ts'

function buildText(overrides: Partial<TextFeature> = {}): TextFeature {
  return { name: 'title', origin: 'item', buckets: 1_000, wordsMax: 4, ...overrides }
}

function idsOf(text: unknown, feature = buildText(), firstId = 1): number[] {
  const output = new Int32Array(feature.wordsMax)
  writeWords(output, 0, { feature, text, firstId })
  return Array.from(output)
}

describe('wordsOf', () => {
  it.each([
    ['A red shoe, size 42!', ['a', 'red', 'shoe', 'size', '42']],
    ['Größe: 42,5', ['größe', '42', '5']],
    ['ﬁne ＦＵＬＬ１２', ['fine', 'full12']],
    ['日本語 テスト', ['日本語', 'テスト']],
    ['हिन्दी', ['हिन्दी']],
    ['ΟΔΟΣ', ['οδος']],
    ['\u{1F600}👟', []],
    ['snake_case e-mail', ['snake', 'case', 'e', 'mail']],
    ['', []],
  ])('reads %j as %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  it('reads a letter alike, whether its accent is part of it or follows', () => {
    expect(wordsOf('cafe\u0301')).toEqual(wordsOf('caf\u00e9'))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(wordsOf(text.normalize('NFD'))).toEqual(wordsOf(text.normalize('NFC')))
      }),
    )
  })

  it('gives words without a space, of any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(wordsOf(text).every((word) => word.length > 0 && !/[\s\p{P}\p{S}]/u.test(word))).toBe(true)
      }),
    )
  })
})

describe('writeWords', () => {
  it('writes the hashed words in order, and padding after them', () => {
    expect(idsOf('red shoe')).toEqual([1 + (hashText('red') % 1_000), 1 + (hashText('shoe') % 1_000), 0, 0])
  })

  it('writes a word once, and no more words than there is room for', () => {
    expect(idsOf('red Red RED')).toEqual(idsOf('red'))
    expect(idsOf('one two three four five six')).toEqual(idsOf('one two three four'))
  })

  it('stays inside its own place and its own ids', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 50 }), (text, firstId) => {
        const feature = buildText({ buckets: 8, wordsMax: 3 })
        const output = new Int32Array(7).fill(-1)
        output.fill(0, 2, 5)
        writeWords(output, 2, { feature, text, firstId })
        expect([output[0], output[1], output[5], output[6]]).toEqual([-1, -1, -1, -1])
        const ids = Array.from(output.subarray(2, 5)).filter((id) => id !== 0)
        expect(ids.every((id) => id >= firstId && id < firstId + 8)).toBe(true)
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })

  it('reads what is no text as no words', () => {
    for (const text of [null, undefined, 42, '', '!?']) expect(idsOf(text)).toEqual([0, 0, 0, 0])
  })
})

describe('wordIdCount', () => {
  it('counts padding once and the buckets of every text', () => {
    expect(wordIdCount([])).toBe(1)
    expect(wordIdCount([buildText({ buckets: 8 }), buildText({ buckets: 5 })])).toBe(14)
  })
})
