import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberWidth, writeNumber } from '../../../features/numbers.ts'
import { momentsOf, quantileBoundaries } from '../../../training/learn/statistics.ts'

// Without a negative zero, which nobody means.
const anyFinite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)

describe('momentsOf', () => {
  it('gives mean and standard deviation of the values at hand, not of a population they stand for', () => {
    expect(momentsOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, deviation: 2 })
  })

  it('takes what rounding leaves of a constant for a constant', () => {
    for (const value of [0.1, 1e9 + 0.1, -7.3, 1e300]) {
      expect(momentsOf(Array.from({ length: 1001 }, () => value)).deviation).toBe(0)
    }
  })

  it('has nothing to say of no values', () => {
    expect(momentsOf([])).toEqual({ mean: 0, deviation: 0 })
  })

  it('scales with the values, to the largest there are', () => {
    expect(momentsOf([1e308, -1e308])).toEqual({ mean: 0, deviation: expect.closeTo(1e308, -300) })
    expect(momentsOf([1.5e308, 1.5e308, 0]).mean / 1e308).toBeCloseTo(1, 12)
  })
})

describe('quantileBoundaries', () => {
  it('cuts the values into parts of as many', () => {
    const values = [5, 1, 9, 3, 7, 2, 8, 4, 6]
    expect(quantileBoundaries(values, 4)).toEqual([1, 3, 5, 7, 9])
    expect(quantileBoundaries(values, 2)).toEqual([1, 5, 9])
  })

  it('rises from the least to the greatest value, without two of a kind', () => {
    const few = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), anyFinite), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(few, fc.integer({ min: 1, max: 16 }), (values, intervals) => {
        const boundaries = quantileBoundaries(values, intervals)
        const distinct = new Set(values)
        if (distinct.size < 2) {
          expect(boundaries).toEqual([])
          return
        }
        expect(boundaries.length).toBeLessThanOrEqual(intervals + 1)
        expect(boundaries.at(0)).toBe(Math.min(...values))
        expect(boundaries.at(-1)).toBe(Math.max(...values))
        expect(
          boundaries.every((value, index) => index === 0 || value > (boundaries[index - 1] ?? NaN)),
        ).toBe(true)
      }),
    )
  })

  it('has none for a constant or for nothing', () => {
    expect(quantileBoundaries([3, 3, 3], 4)).toEqual([])
    expect(quantileBoundaries([], 4)).toEqual([])
  })
})

describe('what is learned', () => {
  it('gives finite numbers for all finite values, with all that was learned from any', () => {
    fc.assert(
      fc.property(anyFinite, fc.array(anyFinite, { maxLength: 30 }), (value, seen) => {
        const boundaries = quantileBoundaries(seen, 4)
        const feature = { name: 'age', origin: 'user' as const, ...momentsOf(seen), boundaries }
        expect(Number.isFinite(feature.mean) && Number.isFinite(feature.deviation)).toBe(true)
        for (const given of [value, ...seen]) {
          const output = new Float32Array(numberWidth(feature))
          writeNumber(output, 0, { feature, value: given })
          const [standardised = NaN, , ...passed] = output
          expect(Math.abs(standardised)).toBeLessThanOrEqual(10)
          expect(passed.every((share) => share >= 0 && share <= 1)).toBe(true)
        }
      }),
    )
  })
})
