import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AttributeNumber } from '../../features/manifest.ts'
import {
  momentsOf,
  numberWidth,
  quantileBoundaries,
  standardise,
  writeNumber,
} from '../../features/numbers.ts'

// Without a negative zero, which nobody means.
const anyFinite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)

function buildNumber(overrides: Partial<AttributeNumber> = {}): AttributeNumber {
  return { name: 'age', origin: 'user', mean: 40, deviation: 10, boundaries: [20, 30, 50], ...overrides }
}

/** Standardised value, missing flag and intervals. */
function encodedOf(value: unknown, feature = buildNumber()): number[] {
  const output = new Float32Array(numberWidth(feature))
  writeNumber(output, 0, { feature, value })
  return Array.from(output)
}

describe('standardise', () => {
  it('centres and scales, holds outliers at ten deviations, and gives 0 for a constant', () => {
    expect(standardise(45, { mean: 40, deviation: 10 })).toBe(0.5)
    expect(standardise(1e9, { mean: 40, deviation: 10 })).toBe(10)
    expect(standardise(-1e9, { mean: 40, deviation: 10 })).toBe(-10)
    expect(standardise(41, { mean: 40, deviation: 0 })).toBe(0)
  })
})

describe('writeNumber', () => {
  it('tells how far the value has passed each interval', () => {
    expect(encodedOf(20)).toEqual([-2, 0, 0, 0])
    expect(encodedOf(25)).toEqual([-1.5, 0, 0.5, 0])
    expect(encodedOf(30)).toEqual([-1, 0, 1, 0])
    expect(encodedOf(45)).toEqual([0.5, 0, 1, 0.75])
    expect(encodedOf(50)).toEqual([1, 0, 1, 1])
  })

  it('holds what lies outside the boundaries at none or all', () => {
    expect(encodedOf(-5).slice(2)).toEqual([0, 0])
    expect(encodedOf(500).slice(2)).toEqual([1, 1])
  })

  it('flags what is missing or no number, and writes nothing else of it', () => {
    for (const value of [null, undefined, '40', '', NaN, Infinity, -Infinity]) {
      expect(encodedOf(value)).toEqual([0, 1, 0, 0])
    }
  })

  it('writes at its offset and nowhere else', () => {
    const output = new Float32Array(8).fill(7)
    writeNumber(output, 2, { feature: buildNumber(), value: 45 })
    expect(Array.from(output)).toEqual([7, 7, 0.5, 7, 1, 0.75, 7, 7])
  })

  it('needs no intervals', () => {
    expect(encodedOf(45, buildNumber({ boundaries: [] }))).toEqual([0.5, 0])
  })

  it('passes an interval after the other, and tells the value between the boundaries', () => {
    const between = fc.double({ min: 20, max: 50, noNaN: true })
    fc.assert(
      fc.property(between, (value) => {
        const [first = 0, second = 0] = encodedOf(value).slice(2)
        expect(second === 0 || first === 1).toBe(true)
        expect(20 + 10 * first + 20 * second).toBeCloseTo(value, 4)
      }),
    )
  })

  it('gives finite numbers for all finite values, with all that was learned from any', () => {
    fc.assert(
      fc.property(anyFinite, fc.array(anyFinite, { maxLength: 30 }), (value, seen) => {
        const feature = buildNumber({ ...momentsOf(seen), boundaries: quantileBoundaries(seen, 4) })
        expect(Number.isFinite(feature.mean) && Number.isFinite(feature.deviation)).toBe(true)
        for (const given of [value, ...seen]) {
          const [standardised = NaN, , ...passed] = encodedOf(given, feature)
          expect(Math.abs(standardised)).toBeLessThanOrEqual(10)
          expect(passed.every((share) => share >= 0 && share <= 1)).toBe(true)
        }
      }),
    )
  })
})

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
