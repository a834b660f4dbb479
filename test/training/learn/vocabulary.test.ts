import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseVocabulary } from '../../../training/learn/vocabulary.ts'
import type { VocabularyLimits } from '../../../training/learn/vocabulary.ts'

const counts = { shoe: 9, hat: 3, sock: 3, wig: 1, glove: 3 }

function choose(limits: Partial<VocabularyLimits> = {}): string[] {
  return chooseVocabulary(new Map(Object.entries(counts)), { countMin: 1, sizeMax: 100, ...limits })
}

describe('chooseVocabulary', () => {
  it('orders names by falling count, and as they were first counted where counts are equal', () => {
    expect(choose()).toEqual(['shoe', 'hat', 'sock', 'glove', 'wig'])
  })

  it('leaves out what was seen too seldom, and the rarest beyond its size', () => {
    expect(choose({ countMin: 3 })).toEqual(['shoe', 'hat', 'sock', 'glove'])
    expect(choose({ sizeMax: 2 })).toEqual(['shoe', 'hat'])
    expect(choose({ sizeMax: 0 })).toEqual([])
  })

  it('does not depend on how names are spelt', () => {
    const anyCounts = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 2 }), fc.nat(4)), {
      selector: ([name]) => name,
      maxLength: 20,
    })
    fc.assert(
      fc.property(anyCounts, fc.nat(20), (counted, sizeMax) => {
        const limits = { countMin: 1, sizeMax }
        const renamed = counted.map(([, count], place): [string, number] => [`${100 - place}`, count])
        const nameOf = new Map(renamed.map(([name], place) => [name, counted[place]?.[0]]))
        expect(chooseVocabulary(new Map(renamed), limits).map((name) => nameOf.get(name))).toEqual(
          chooseVocabulary(new Map(counted), limits),
        )
      }),
    )
  })
})
