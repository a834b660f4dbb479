import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countValue } from '../../../training/learn/count-values.ts'
import { chooseVocabularies, shareVocabulary } from '../../../training/learn/share-vocabulary.ts'

describe('shareVocabulary', () => {
  it('gives the small what they want, and the rest to the large', () => {
    expect(shareVocabulary([3000, 10, 2], 20_000)).toEqual([3000, 10, 2])
    expect(shareVocabulary([50_000, 10, 40_000], 20_000)).toEqual([9995, 10, 9995])
  })

  it('gives no more than there is, nobody more than wanted, and nothing away', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100)), fc.nat(500), (wanted, total) => {
        const given = shareVocabulary(wanted, total)
        const sum = given.reduce((a, b) => a + b, 0)
        const wants = wanted.reduce((a, b) => a + b, 0)
        expect(given.every((share, index) => share <= (wanted[index] ?? 0))).toBe(true)
        expect(sum).toBe(Math.min(total, wants))
      }),
    )
  })
})

describe('chooseVocabularies', () => {
  it('knows three thousand values that are known of five users each', () => {
    const students = new Map(Array.from({ length: 3000 }, (_, index) => [`class ${index}`, 5]))
    const rare = new Map([['once', 1]])
    const [values, none] = chooseVocabularies([students, rare], { countMin: 5, sizeMax: 20_000 })
    expect(values).toHaveLength(3000)
    expect(none).toEqual([])
  })
})

describe('countValue', () => {
  it('keeps within its bound, and what is frequent', () => {
    const counts = new Map<string, number>()
    for (let index = 0; index < 1000; index += 1) {
      countValue(counts, `once ${index}`, 100)
      countValue(counts, `often ${index % 10}`, 100)
      expect(counts.size).toBeLessThanOrEqual(100)
    }
    for (let often = 0; often < 10; often += 1) expect(counts.get(`often ${often}`)).toBe(100)
  })
})
