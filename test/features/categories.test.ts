import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  categoryIdCount,
  createCategoryEncoder,
  createIdLookup,
  vocabularyId,
  vocabularyIdCount,
} from '../../features/categories.ts'
import type { CategoryFeature } from '../../features/manifest.ts'

function buildCategory(values: readonly string[]): CategoryFeature {
  return { name: 'plan', origin: 'user', values }
}

describe('createCategoryEncoder', () => {
  const features = [buildCategory(['free', 'paid']), buildCategory([]), buildCategory(['7', '0.5'])]
  const encode = createCategoryEncoder(features)

  it('gives each feature its own ids: missing, unknown, then its values in order', () => {
    const values = [null, 'gold', 'free', 'paid']
    expect(values.map((value) => encode(0, value))).toEqual([0, 1, 2, 3])
    expect([encode(1, undefined), encode(1, 'anything')]).toEqual([4, 5])
    expect([encode(2, null), encode(2, 'free'), encode(2, '7')]).toEqual([6, 7, 8])
  })

  it('reads an empty text as missing and a number as its decimal text', () => {
    expect(encode(0, '')).toBe(0)
    expect([encode(2, 7), encode(2, 7.0), encode(2, 0.5), encode(2, 8)]).toEqual([8, 8, 9, 7])
  })

  it('finds a value however a type spells it, in vocabularies older than the spelling too', () => {
    const old = createCategoryEncoder([buildCategory(['1.0', 'TRUE', '1', 'b ', '2.0'])])
    expect([old(0, '1.0'), old(0, '1'), old(0, 1), old(0, 'TRUE'), old(0, 'true')]).toEqual([2, 4, 4, 3, 3])
    expect([old(0, 'b'), old(0, 'b '), old(0, 2), old(0, '2.00'), old(0, '  ')]).toEqual([5, 5, 6, 6, 0])
  })

  it('tells letters apart that only look alike', () => {
    const [lower, upper] = [encode(0, 'free'), encode(0, 'Free')]
    expect([lower, upper]).toEqual([2, 1])
  })

  it('uses each id once, and all of categoryIdCount', () => {
    const anyValues = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 5 })
    fc.assert(
      fc.property(fc.array(anyValues, { maxLength: 4 }), (vocabularies) => {
        const generated = vocabularies.map(buildCategory)
        const encodeGenerated = createCategoryEncoder(generated)
        const ids = vocabularies.flatMap((values, index) =>
          [null, 'longer than any value', ...values].map((value) => encodeGenerated(index, value)),
        )
        expect(ids).toEqual(Array.from({ length: categoryIdCount(generated) }, (_, id) => id))
      }),
    )
  })

  it('refuses a feature that there is not', () => {
    expect(() => encode(3, 'free')).toThrow('No category feature 3: there are 3')
  })
})

describe('vocabularyId', () => {
  const ids = createIdLookup(['view', 'cart'])

  it('tells no name from an unknown one, and known ones from both', () => {
    const names = [undefined, 'never-declared', 'view', 'cart']
    expect(names.map((name) => vocabularyId(ids, name))).toEqual([0, 1, 2, 3])
    expect(vocabularyIdCount(2)).toBe(names.length)
  })
})
