import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AttributeNumber } from '../../features/manifest.ts'
import { numberWidth, standardise, writeNumber } from '../../features/numbers.ts'

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
})
