import { describe, expect, it } from 'vitest'
import { normalBelow, normalQuantile } from '../../../features/statistics/normal.ts'

describe('the normal distribution', () => {
  // scipy 1.17.1: scipy.stats.norm.cdf and ppf.
  it('gives the probabilities that scipy gives, into the tails', () => {
    for (const [x, below] of [
      [-20, 2.7536241186061556e-89],
      [-6.5, 4.016000583859088e-11],
      [-3, 0.0013498980316300933],
      [-1, 0.15865525393145707],
      [0, 0.5],
      [1.5, 0.9331927987311419],
      [4, 0.9999683287581669],
    ] as const) {
      expect(normalBelow(x) / below, `at ${x}`).toBeCloseTo(1, 10)
    }
  })

  it('gives the quantiles that scipy gives', () => {
    for (const [share, x] of [
      [1e-12, -7.034483825301131],
      [0.001, -3.090232306167813],
      [0.025, -1.9599639845400545],
      [0.3, -0.5244005127080409],
      [0.5, 0],
      [0.975, 1.959963984540054],
    ] as const) {
      expect(normalQuantile(share), `of ${share}`).toBeCloseTo(x, 9)
    }
  })
})
