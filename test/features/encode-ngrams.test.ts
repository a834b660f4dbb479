import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNgramWriters, ngramIdCount, ngramPlaces } from '../../features/encode-ngrams.ts'
import { keptCount, unpackNgrams } from '../../features/kept-ngrams.ts'
import type { TextFeature } from '../../features/manifest.ts'
import { keptOf, packedOf } from './pack-ngrams.ts'

const words = 'a red shoe and a blue hat \u{1F600} 日本語 größe'

function textOf(overrides: Partial<TextFeature> = {}): TextFeature {
  return { name: 'title', origin: 'user', buckets: 8, wordsMax: 2, ngrams: keptOf(words), ...overrides }
}

function encoded(text: unknown, texts = [textOf()], which = 0): { ids: number[]; weights: number[] } {
  const places = ngramPlaces(texts)
  const outputs = { ids: new Int32Array(places), weights: new Float32Array(places) }
  createNgramWriters(texts)[which]?.(text, outputs, 0)
  return { ids: [...outputs.ids], weights: [...outputs.weights] }
}

describe('createNgramWriters', () => {
  it('leaves padding where there is no text or nothing in it counts', () => {
    for (const text of [undefined, null, 7, '', '!!', 'unheard of']) {
      expect(encoded(text)).toEqual({ ids: Array(8).fill(0), weights: Array(8).fill(0) })
    }
  })

  it('weighs n-grams by how often they occur, in logarithms, and to length 1 together', () => {
    const { ids, weights } = encoded('shoe hat shoe \u{1F600}')
    const [shoe = 0, hat = 0, smile = 0, none] = weights
    expect(shoe / hat).toBeCloseTo(1 + Math.log(2), 2)
    expect(hat).toBe(smile)
    expect(Math.hypot(shoe, hat, smile)).toBeCloseTo(1, 2)
    expect([none, ids[3]]).toEqual([0, 0])
  })

  it('keeps what weighs most where a text has more than there are places for', () => {
    const texts = [textOf({ ngrams: keptOf(words, { placesMax: 2 }) })]
    const all = encoded('red red hat hat a blue', [textOf()])
    const { ids } = encoded('red red hat hat a blue', texts)
    const heaviest = all.ids.filter((_, at) => all.weights[at] === Math.max(...all.weights))
    expect(ids).toEqual(heaviest)
  })

  it('gives ids of its own to each text, none outside the bound, and lengths of 1, whatever the text', () => {
    const texts = [textOf(), textOf({ name: 'plain', ngrams: undefined }), textOf({ name: 'other' })]
    const first = ngramIdCount(texts.slice(0, 1))
    const anyText = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.array(fc.constantFrom(...words.split(' '), '!'), { maxLength: 40 }).map((parts) => parts.join(' ')),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        const [own, none, other] = [0, 1, 2].map((which) => encoded(text, texts, which))
        const present = own?.ids.filter((id) => id !== 0) ?? []
        expect(new Set(present).size).toBe(present.length)
        expect(present.every((id) => id < first)).toBe(true)
        expect(none?.ids.every((id) => id === 0)).toBe(true)
        expect(other?.ids).toEqual(own?.ids.map((id) => (id === 0 ? 0 : id + first - 1)))
        expect(other?.ids.every((id) => id < ngramIdCount(texts))).toBe(true)
        const length = Math.hypot(...(own?.weights ?? []))
        if (present.length > 0 && present.length < 8) expect(length).toBeCloseTo(1, 2)
      }),
    )
  })
})

describe('unpackNgrams', () => {
  it('counts what it unpacks', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 24 - 1 }), { maxLength: 40 }), (hashes) => {
        const kept = { packed: packedOf(hashes.map((hash) => hash * 256 + 1)), placesMax: 1 }
        const unpacked = unpackNgrams(kept)
        expect(unpacked).toMatchObject({ ok: true, value: { length: hashes.length } })
        expect(keptCount(kept)).toBe(hashes.length)
      }),
    )
  })

  it.each(['*', 'AAA', packedOf([5, 5]), packedOf([256]), packedOf([257, 258])])('refuses %j', (packed) => {
    expect(unpackNgrams({ packed, placesMax: 1 }).ok).toBe(false)
  })
})
