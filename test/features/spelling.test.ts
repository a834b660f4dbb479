import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spellCategory } from '../../features/spelling.ts'

describe('spellCategory', () => {
  it.each([
    [1, '1'],
    ['1', '1'],
    ['1.0', '1'],
    ['1.', '1'],
    ['-3.000', '-3'],
    ['-0.0', '0'],
    [1e21, '1000000000000000000000'],
    ['1e+16', '10000000000000000'],
    ['1e-05', '0.00001'],
    [0.00001, '0.00001'],
    ['1.50', '1.50'],
    ['007', '007'],
    ['007.0', '007.0'],
    ['12e4', '12e4'],
    ['1e5', '1e5'],
    [true, 'true'],
    ['TRUE', 'true'],
    ['False', 'false'],
    ['Yes', 'Yes'],
    ['  red ', 'red'],
    ['', ''],
  ])('spells %j as %j', (value, spelt) => {
    expect(spellCategory(value)).toBe(spelt)
  })

  it('changes nothing the second time', () => {
    const written = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.stringMatching(/^-?\d{1,3}(?:\.0{0,2})?(?:e[+-]\d\d?)?$/),
    )
    fc.assert(
      fc.property(written, (text) => {
        expect(spellCategory(spellCategory(text))).toBe(spellCategory(text))
      }),
    )
  })

  it('spells a whole number as a file with a point behind it does', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(spellCategory(`${number}.0`)).toBe(spellCategory(number))
      }),
    )
  })
})
