import * as fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { attributesAt, undated } from '../../features/attributes.ts'
import { createEncoder, inputSpecs } from '../../features/encode.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import { gapId } from '../../features/sequence.ts'
import {
  NOW_MS,
  anyAttributes,
  anyEvent,
  anyHistory,
  anyVersions,
  buildEvent,
  buildFeatures,
  buildRequest,
  hashOfEncoded,
} from './generated.ts'
import { hashOfBaskets, version2Text } from './version-2.ts'

const features = buildFeatures()
const encode = createEncoder(features)

describe('encode', () => {
  it('gives a model of version 2 the bytes that code of version 2 gave it', async () => {
    const parsed = parseManifest(version2Text)
    if (!parsed.ok) throw new Error(parsed.reason)
    // Made by the code as it was before lines of one moment became one visit.
    const hash = '87c854e57e9194ba0704fd8fc0c3ce1899f8a62eb61c092f75ba0579618a6c4e'
    expect(await hashOfBaskets(createEncoder(parsed.value.features))).toBe(hash)
    const counted = ['moments'] as const
    expect(await hashOfBaskets(createEncoder({ ...parsed.value.features, counted }))).not.toBe(hash)
  })

  it('gives the same bytes in every runtime', async () => {
    expect(await hashOfEncoded()).toBe(inject('hashOfEncodedInNode'))
  })

  it('ignores events that occurred after the cutoff or were received after it', () => {
    fc.assert(
      fc.property(anyHistory, anyAttributes, (history, attributes) => {
        const known = history.filter((event) => event.occurredAt <= NOW_MS && event.receivedAt <= NOW_MS)
        expect(encode(buildRequest({ history, user: undated(attributes) }))).toEqual(
          encode(buildRequest({ history: known, user: undated(attributes) })),
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

  it('keeps the order in which the events of one moment came in, however their ids are spelt', () => {
    const latestTypes = (ids: readonly [string, string]) => {
      const tied = [
        buildEvent({ id: ids[0], type: 'purchase', value: 1, place: 0 }),
        buildEvent({ id: ids[1], type: 'cart', place: 1 }),
      ]
      return Array.from(encode(buildRequest({ history: tied }))['types'] ?? []).slice(-2)
    }
    expect(latestTypes(['9', '10'])).toEqual([4, 3])
    expect(latestTypes(['10', '9'])).toEqual([4, 3])
  })

  it('does not change with the spelling of ids where places differ', () => {
    fc.assert(
      fc.property(anyHistory, fc.func(fc.string()), (history, rename) => {
        const placed = history.map((event, place) => ({ ...event, place }))
        const renamed = placed.map((event) => ({ ...event, id: rename(event.id) }))
        expect(encode(buildRequest({ history: renamed }))).toEqual(encode(buildRequest({ history: placed })))
      }),
    )
  })

  it('knows of a user and of items what was known at the moment, and nothing that came later', () => {
    fc.assert(
      fc.property(anyHistory, anyVersions, anyVersions, (history, user, shoe) => {
        const asItWas = (versions: typeof user) => undated(attributesAt(versions, NOW_MS))
        expect(encode(buildRequest({ history, user, items: new Map([['shoe', shoe]]) }))).toEqual(
          encode(buildRequest({ history, user: asItWas(user), items: new Map([['shoe', asItWas(shoe)]]) })),
        )
      }),
    )
  })

  it('gives finite numbers of the declared shapes, whatever is missing or unknown', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), anyAttributes, (history, attributes) => {
        const encoded = encode(buildRequest({ history, user: undated(attributes) }))
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
    expect(encode(buildRequest({ history }))).toEqual(encode(buildRequest({ history: history.slice(-256) })))
    expect(encode(buildRequest({ history }))).not.toEqual(
      encode(buildRequest({ history: history.slice(-255) })),
    )
  })

  it('tells unknown from missing and known from both', () => {
    const planOf = (plan: string | null) =>
      encode(buildRequest({ user: undated({ plan }) }))['categories']?.[0]
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

  it('says the types of a moment once each, however many lines they take', () => {
    const history = [
      buildEvent({ id: 'a', type: 'cart', occurredAt: NOW_MS - 90_000 }),
      ...['purchase', 'view', 'purchase', 'purchase'].map((type, place) =>
        buildEvent({ id: `b${place}`, type, place }),
      ),
    ]
    const recentOf = (own: typeof history) =>
      Array.from(encode(buildRequest({ history: own }))['categories'] ?? []).slice(2)
    // recent1 has the ids 7 to 11, recent2 from 12 on: missing, unknown, view, cart, purchase.
    expect(recentOf(history)).toEqual([11, 14])
    expect(recentOf(history.filter(({ type }) => type !== 'view'))).toEqual([11, 15])
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
    const encoded = createEncoder(table)(
      buildRequest({ history: [buildEvent()], user: undated({ age: 30 }) }),
    )
    expect(Object.keys(encoded)).toEqual(['numbers', 'categories'])
    // age: standardised, present, first interval passed, the others not
    expect(Array.from(encoded['numbers'] ?? []).slice(0, 5)).toEqual([Math.fround(-10 / 12), 0, 1, 0, 0])
  })
})
