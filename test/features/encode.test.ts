import * as fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { createEncoder, inputSpecs } from '../../features/encode.ts'
import { gapId } from '../../features/sequence.ts'
import {
  NOW_MS,
  anyAttributes,
  anyEvent,
  anyHistory,
  buildEvent,
  buildFeatures,
  buildRequest,
  hashOfEncoded,
} from './generated.ts'

const features = buildFeatures()
const encode = createEncoder(features)

describe('encode', () => {
  it('gives the same bytes in every runtime', async () => {
    expect(await hashOfEncoded()).toBe(inject('hashOfEncodedInNode'))
  })

  it('ignores events that occurred after the cutoff or were received after it', () => {
    fc.assert(
      fc.property(anyHistory, anyAttributes, (history, attributes) => {
        const known = history.filter((event) => event.occurredAt <= NOW_MS && event.receivedAt <= NOW_MS)
        expect(encode(buildRequest({ history, attributes }))).toEqual(
          encode(buildRequest({ history: known, attributes })),
        )
      }),
    )
  })

  it('sees the event at the cutoff itself', () => {
    const seen = encode(buildRequest({ history: [buildEvent({ occurredAt: NOW_MS })] }))
    expect(seen).not.toEqual(encode(buildRequest()))
  })

  it('does not depend on the order in which the history is given', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer(), (history, seed) => {
        const mixed = history.toSorted(
          (a, b) => Math.sin(seed + a.id.length + a.occurredAt) - Math.sin(seed + b.id.length + b.occurredAt),
        )
        expect(encode(buildRequest({ history: mixed.toReversed() }))).toEqual(
          encode(buildRequest({ history })),
        )
      }),
    )
  })

  it('orders events of one moment by the bytes of their ids', () => {
    const tied = [
      buildEvent({ id: '\u{1F600}', type: 'purchase', value: 1 }),
      buildEvent({ id: '\uFF5E', type: 'cart' }),
    ]
    const types = encode(buildRequest({ history: tied }))['types']
    // U+FF5E comes before U+1F600 in UTF-8, though not in UTF-16.
    expect(Array.from(types ?? []).slice(-2)).toEqual([3, 4])
  })

  it('gives finite numbers of the declared shapes, whatever is missing or unknown', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), anyAttributes, (history, attributes) => {
        const encoded = encode(buildRequest({ history, attributes }))
        for (const spec of inputSpecs(features)) {
          const values = Array.from(encoded[spec.name] ?? [])
          expect(values).toHaveLength(spec.shape.reduce((a, b) => a * b))
          expect(values.every(Number.isFinite)).toBe(true)
        }
      }),
    )
  })

  it('encodes nothing at all as padding and missing', () => {
    const encoded = encode(buildRequest())
    expect(Array.from(encoded['types'] ?? [])).toEqual(Array.from({ length: 8 }, () => 0))
    // plan missing, device missing, recent1 and recent2 missing: the first id of each run
    expect(Array.from(encoded['categories'] ?? [])).toEqual([0, 4, 7, 12])
    expect(Array.from(encoded['words'] ?? []).every((id) => id === 0)).toBe(true)
  })

  it('looks at the latest events alone of a history of 10,000', () => {
    const history = Array.from({ length: 10_000 }, (_, index) =>
      buildEvent({ id: `e${index}`, occurredAt: NOW_MS - 10_000 + index }),
    )
    expect(encode(buildRequest({ history }))).toEqual(encode(buildRequest({ history: history.slice(-64) })))
  })

  it('tells unknown from missing and known from both', () => {
    const planOf = (plan: string | null) => encode(buildRequest({ attributes: { plan } }))['categories']?.[0]
    expect([planOf(null), planOf('gold'), planOf('free'), planOf('paid')]).toEqual([0, 1, 2, 3])
  })

  it('pads on the left and ends with the latest event and its age', () => {
    const history = [
      buildEvent({ id: 'a', type: 'view', itemId: 'hat', occurredAt: NOW_MS - 100_000 }),
      buildEvent({ id: 'b', type: 'purchase', itemId: 'unheard-of', occurredAt: NOW_MS - 40_000 }),
    ]
    const { types, items, gaps, itemCategories } = encode(buildRequest({ history }))
    expect(Array.from(types ?? [])).toEqual([0, 0, 0, 0, 0, 0, 2, 4])
    expect(Array.from(items ?? [])).toEqual([0, 0, 0, 0, 0, 0, 3, 1])
    expect(Array.from(gaps ?? []).slice(-2)).toEqual([gapId(60_000), gapId(40_000)])
    expect(Array.from(itemCategories ?? []).slice(-2)).toEqual([3, 0])
  })

  it('takes the context of the latest event where the request gives none', () => {
    const history = [buildEvent({ properties: { device: 'phone' } })]
    const deviceOf = (encoded: ReturnType<typeof encode>) => encoded['categories']?.[1]
    expect(deviceOf(encode(buildRequest({ history })))).toBe(6)
    expect(deviceOf(encode(buildRequest({ history, context: { device: 'desk' } })))).toBe(5)
    expect(deviceOf(encode(buildRequest({ history, context: {} })))).toBe(4)
  })

  it('leaves out inputs without a number, as a table has no history', () => {
    const table = buildFeatures({
      sequenceLength: 0,
      historyNumbers: [],
      itemCategories: [],
      texts: [],
      categories: [{ name: 'plan', origin: 'user', values: ['free'] }],
    })
    expect(inputSpecs(table).map((spec) => spec.name)).toEqual(['numbers', 'categories'])
    const encoded = createEncoder(table)(buildRequest({ history: [buildEvent()], attributes: { age: 30 } }))
    expect(Object.keys(encoded)).toEqual(['numbers', 'categories'])
    // age: standardised, present, first interval passed, the others not
    expect(Array.from(encoded['numbers'] ?? []).slice(0, 5)).toEqual([Math.fround(-10 / 12), 0, 1, 0, 0])
  })
})
