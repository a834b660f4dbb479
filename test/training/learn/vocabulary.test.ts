import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseVocabulary } from '../../../training/learn/vocabulary.ts'
import type { VocabularyLimits } from '../../../training/learn/vocabulary.ts'

const counts = { shoe: 9, hat: 3, sock: 3, wig: 1, glove: 3 }

function choose(limits: Partial<VocabularyLimits> = {}): string[] {
  return chooseVocabulary(new Map(Object.entries(counts)), { countMin: 1, sizeMax: 100, ...limits })
}

describe('chooseVocabulary', () => {
  it('orders names by falling count, and by name where counts are equal', () => {
    expect(choose()).toEqual(['shoe', 'glove', 'hat', 'sock', 'wig'])
  })

  it('leaves out what was seen too seldom, and the rarest beyond its size', () => {
    expect(choose({ countMin: 3 })).toEqual(['shoe', 'glove', 'hat', 'sock'])
    expect(choose({ sizeMax: 2 })).toEqual(['shoe', 'glove'])
    expect(choose({ sizeMax: 0 })).toEqual([])
  })

  it('does not depend on the order in which names were counted', () => {
    const anyCounts = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 2 }), fc.nat(4)), {
      selector: ([name]) => name,
      maxLength: 20,
    })
    fc.assert(
      fc.property(anyCounts, fc.nat(20), (counted, sizeMax) => {
        const limits = { countMin: 1, sizeMax }
        expect(chooseVocabulary(new Map(counted.toReversed()), limits)).toEqual(
          chooseVocabulary(new Map(counted), limits),
        )
      }),
    )
  })
})
