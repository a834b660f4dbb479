import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ATTRIBUTES_BYTES_MAX, attributesBytes, isWithin, textBytes } from '../../features/limits.ts'

describe('isWithin', () => {
  it('counts characters and not code units', () => {
    expect(isWithin('\u{1f600}'.repeat(5), 5)).toBe(true)
    expect(isWithin('\u{1f600}'.repeat(6), 5)).toBe(false)
    expect(isWithin('abcdef', 5)).toBe(false)
  })
})

describe('textBytes', () => {
  it('is what JSON.stringify takes in UTF-8, apostrophes twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(text.isWellFormed())
        const json = new TextEncoder().encode(JSON.stringify(text)).length
        expect(textBytes(text)).toBe(json + text.split("'").length - 1)
      }),
    )
  })
})

describe('attributesBytes', () => {
  it('is never less than the attributes take as JSON, without those that are missing', () => {
    const value = fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constant(null),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), (attributes) => {
        const given = Object.fromEntries(Object.entries(attributes).filter(([, one]) => one !== null))
        expect(attributesBytes(attributes) + 2).toBeGreaterThanOrEqual(
          new TextEncoder().encode(JSON.stringify(given)).length,
        )
      }),
    )
  })

  it('lets the longest text pass, whatever it is made of', () => {
    expect(attributesBytes({ text: '\u0001'.repeat(10_000) })).toBeLessThan(ATTRIBUTES_BYTES_MAX)
  })
})
