import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import { confidenceSequence, sequentialPValue } from '../../../features/statistics/confidence-sequence.ts'

// Made with gbstats 0.8.0: SequentialTwoSidedTTest of n 1200, sum 3600, sum of squares 14200, against n 1300,
// sum 4095, sum of squares 16400, absolute difference.
const estimate = { difference: 0.1499999999999999, variance: 0.004436124698376537, count: 2_500 }

describe('confidenceSequence', () => {
  it('gives the intervals and p-values that gbstats gives', () => {
    for (const [alpha, tunedFor, low, high, p] of [
      [0.05, 5_000, -0.055378748680453005, 0.3553787486804528, 0.2940450480102609],
      [0.05, 600, -0.05858608728004189, 0.3585860872800417, 0.4978844229147072],
      [0.01, 5_000, -0.09061602732685026, 0.3906160273268501, 0.29962869615259674],
      [0.01, 600, -0.09359301353725571, 0.3935930135372555, 0.5840267153407622],
    ] as const) {
      const found = confidenceSequence(estimate, { alpha, tunedFor })
      expect(found.low).toBeCloseTo(low, 12)
      expect(found.high).toBeCloseTo(high, 12)
      expect(sequentialPValue(estimate, { alpha, tunedFor })).toBeCloseTo(p, 12)
    }
  })

  it('lies around zero just where the p-value is above alpha', () => {
    for (const difference of [0.1, 0.18, 0.2053, 0.2054, 0.3]) {
      const { low } = confidenceSequence({ ...estimate, difference })
      expect(low > 0).toBe(sequentialPValue({ ...estimate, difference }) < 0.05)
    }
  })

  it('is wide without end where nothing is known', () => {
    expect(confidenceSequence({ difference: 0, variance: 1, count: 0 }).halfWidth).toBe(Infinity)
    expect(sequentialPValue({ difference: 1, variance: 0, count: 0 })).toBe(1)
  })

  it('leaves zero out at any of thirty daily looks in one of twenty equal experiments at most', () => {
    const random = createRandom(8)
    const runs = 1_000
    let [wrong, wrongOnce] = [0, 0]
    for (let run = 0; run < runs; run += 1) {
      let [sum, squares, count] = [0, 0, 0]
      let [isWrong, isWrongOnce] = [false, false]
      for (let day = 0; day < 30; day += 1) {
        for (let user = 0; user < 60; user += 1) {
          // Skewed, and of mean zero.
          const value = random.exponential(1) - 1
          sum += value
          squares += value * value
          count += 1
        }
        if (count < 200) continue
        const difference = sum / count
        const variance = (squares / count - difference ** 2) / count
        const { halfWidth } = confidenceSequence({ difference, variance, count })
        isWrong ||= Math.abs(difference) > halfWidth
        isWrongOnce ||= Math.abs(difference) > 1.96 * Math.sqrt(variance)
      }
      wrong += Number(isWrong)
      wrongOnce += Number(isWrongOnce)
    }
    expect(wrong / runs).toBeLessThanOrEqual(0.05)
    // An interval for one look would be wrong in every fifth: the looks are what is tested here.
    expect(wrongOnce / runs).toBeGreaterThan(0.15)
  })
})
