import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { undated } from '../../features/attributes.ts'
import { createEncoder } from '../../features/encode.ts'
import { inputBinsOf } from '../../features/input-bins.ts'
import { layoutOf } from '../../features/layout.ts'
import type { VectorFeature } from '../../features/manifest.ts'
import { packVector, packedLength, readVector, unpackVector } from '../../features/vectors.ts'
import { buildFeatures, buildRequest } from './generated.ts'

const numbers = fc.oneof(
  fc.double({ min: -1e30, max: 1e30, noNaN: true }),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.constantFrom(0, -0, 1e-30, 1e-38, 5e-324, 1e30),
)
const anyVector = fc.array(numbers, { minLength: 1, maxLength: 40 })

describe('packVector', () => {
  it('keeps every number to half a step of the greatest, in as many characters as it says', () => {
    fc.assert(
      fc.property(anyVector, (values) => {
        const packed = packVector(values)
        expect(packed).toHaveLength(packedLength(values.length))
        const greatest = Math.max(...values.map(Math.abs))
        const read = unpackVector(packed, values.length)
        for (const [place, value] of values.entries()) {
          expect(Math.abs((read?.[place] ?? NaN) - value)).toBeLessThanOrEqual(greatest / 253 + 1e-30)
        }
      }),
    )
  })

  it('gives the same text for what it gave', () => {
    fc.assert(
      fc.property(anyVector, (values) => {
        const packed = packVector(values)
        expect(packVector(unpackVector(packed, values.length) ?? [])).toBe(packed)
      }),
    )
  })
})

describe('readVector', () => {
  it('reads a list, its text and its packed text alike', () => {
    fc.assert(
      fc.property(anyVector, (values) => {
        const packed = packVector(values)
        for (const given of [values, JSON.stringify(values), ` [ ${values.join(' , ')} ] `, packed]) {
          expect(readVector(given, values.length)).toEqual({ ok: true, value: packed })
        }
      }),
    )
  })

  it.each([null, undefined, '[NULL, null]', '["", \'\']', [null, null]])('takes %j for missing', (given) => {
    expect(readVector(given, 2)).toEqual({ ok: true, value: null })
  })

  it.each([
    ['[1]', '1 number'],
    [[1, 2, 3], '3 numbers'],
    ['[]', '0 numbers'],
    ['[1, nan]', '"nan" in place 2'],
    ['[-inf, 1]', '"-inf" in place 1'],
    ['[1, NULL]', 'null in place 2'],
    ['[1, 1e400]', '"1e400" in place 2'],
    [[1, Infinity], 'null in place 2'],
    [[1e31, 0], '1e+31 in place 1'],
    [[1, '2'], '"2" in place 2'],
    ['1, 2', '1, 2'],
    [7, 'no list'],
    [packVector([1, 2, 3]), packVector([1, 2, 3])],
    ['int8:AAAA', 'int8:AAAA'],
  ])('says of %j that it is %s', (given, reason) => {
    expect(readVector(given, 2)).toEqual({ ok: false, reason })
  })
})

const taste: VectorFeature = {
  name: 'taste',
  origin: 'user',
  length: 3,
  projection: [packVector([1, 0, 0]), packVector([0, 0.5, 0.5])],
  means: [1, 0],
  deviations: [2, 0.5],
}
const features = buildFeatures({ vectors: [taste, { ...taste, origin: 'item', projection: [], length: 2 }] })
const layout = layoutOf(features)
const rowOf = (attributes: Record<string, string | null>) =>
  createEncoder(features)(buildRequest({ user: undated(attributes) }))
const spansOf = (encoded: ReturnType<typeof rowOf>, group: string): (number | undefined)[] =>
  layout.filter((span) => span.group === group).map(({ input, from }) => encoded[input]?.[from])

describe('a vector among the inputs', () => {
  it('is its flag and its numbers, projected and standardised', () => {
    const [flag, first, second, ...others] = spansOf(
      rowOf({ taste: packVector([127, 127, -127]) }),
      'user.taste',
    )
    expect([flag, others]).toEqual([0, []])
    // Far outliers are held at ten deviations.
    expect([first, second]).toEqual([10, 0])
    expect(spansOf(rowOf({ taste: packVector([2, 1, 0]) }), 'user.taste')).toEqual([
      0,
      expect.closeTo(0.5, 1),
      expect.closeTo(1, 1),
    ])
  })

  it.each([{}, { taste: null }, { taste: packVector([1, 2]) }, { taste: 'a text' }])(
    'reads as missing where it is %j',
    (attributes) => expect(spansOf(rowOf(attributes), 'user.taste')).toEqual([1, 0, 0]),
  )

  it('has one group of spans after all other numbers, whose baseline is that it is missing', () => {
    const row = rowOf({})
    for (const { group, input, from, baseline } of layout) {
      if (!group.endsWith('.taste')) continue
      expect(baseline).toEqual([row[input]?.[from]])
    }
    expect(
      layout.filter(({ input }) => input === 'numbers').reduce((sum, { length }) => sum + length, 0),
    ).toBe(row['numbers']?.length)
  })

  it('is watched by its length alone: missing, then from short to long', () => {
    const bins = inputBinsOf(features).filter(({ name }) => name.includes('taste'))
    expect(bins.map(({ name }) => name)).toEqual(['user.taste', 'item.taste'])
    const binOf = (attributes: Record<string, string>) => bins[0]?.binOf(rowOf(attributes))
    const found = [{}, { taste: packVector([1, 0, 0]) }, { taste: packVector([9, 3, 3]) }].map(binOf)
    expect(found).toEqual([0, 1, 10])
  })
})
