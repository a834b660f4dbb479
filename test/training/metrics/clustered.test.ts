import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import { clusteredMean, designEffect } from '../../../training/metrics/clustered.ts'

const anyValues = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2, maxLength: 50 })

describe('clusteredMean', () => {
  it('is as sure of a user told ten times as of one told once', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const ids = values.map((_, row) => String(row))
        const ten = <Value>(all: readonly Value[]): Value[] => Array.from({ length: 10 }, () => all).flat()
        const once = clusteredMean(values, ids)
        const often = clusteredMean(ten(values), ten(ids))
        expect(often.mean).toBeCloseTo(once.mean, 8)
        expect(often.standardError).toBeCloseTo(once.standardError, 8)
      }),
    )
  })

  it('varies from draw to draw by its standard error', () => {
    const random = createRandom(1)
    const draws = Array.from({ length: 400 }, () => {
      const users = Array.from({ length: 50 }, () => random.normal())
      const values = Array.from({ length: 500 }, (_, row) => (users[row % 50] ?? 0) + random.normal())
      return clusteredMean(
        values,
        values.map((_, row) => String(row % 50)),
      )
    })
    const spread = Math.sqrt(draws.reduce((sum, { mean }) => sum + mean ** 2, 0) / draws.length)
    const told = draws.reduce((sum, { standardError }) => sum + standardError, 0) / draws.length
    expect(told / spread).toBeGreaterThan(0.9)
    expect(told / spread).toBeLessThan(1.1)
  })
})

describe('designEffect', () => {
  it('is the number of moments of a user where all are the same, and 1 where each is of its own', () => {
    const values = [1, -1, 2, -2].flatMap((value) => [value, value, value])
    expect(
      designEffect(
        values,
        values.map((_, row) => String(Math.floor(row / 3))),
      ),
    ).toBeCloseTo(3, 12)
    expect(
      designEffect(
        values,
        values.map((_, row) => String(row)),
      ),
    ).toBe(1)
    expect(designEffect([0, 0], ['a', 'a'])).toBe(1)
  })
})
