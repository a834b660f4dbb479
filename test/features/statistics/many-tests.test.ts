import { describe, expect, it } from 'vitest'
import { rejectedByFalseDiscovery, rejectedByHolm } from '../../../features/statistics/many-tests.ts'
import { createRandom } from '../../../features/random.ts'

describe('rejectedByHolm', () => {
  it('tests the least p against alpha over all, the next against alpha over those left', () => {
    expect(rejectedByHolm([0.03, 0.001, 0.02, 0.4], 0.05)).toEqual([false, true, false, false])
    expect(rejectedByHolm([0.013, 0.012, 0.02, 0.04], 0.05)).toEqual([true, true, true, true])
    expect(rejectedByHolm([], 0.05)).toEqual([])
  })

  it('rejects anything at all in one of twenty where nothing is to be found', () => {
    const random = createRandom(3)
    let families = 0
    for (let run = 0; run < 4_000; run += 1) {
      const pValues = Array.from({ length: 20 }, () => random.next())
      if (rejectedByHolm(pValues, 0.05).includes(true)) families += 1
    }
    expect(families / 4_000).toBeGreaterThan(0.04)
    expect(families / 4_000).toBeLessThan(0.06)
  })
})

describe('rejectedByFalseDiscovery', () => {
  it('rejects up to the last p under the line that rises with its rank', () => {
    // The example of Benjamini and Hochberg, 1995: four of fifteen at 5 %.
    const pValues = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ]
    expect(rejectedByFalseDiscovery(pValues, 0.05).filter(Boolean)).toHaveLength(4)
    expect(rejectedByFalseDiscovery(pValues.toReversed(), 0.05).slice(11)).toEqual([true, true, true, true])
  })
})
