import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEncoder, inputSpecs } from '../../features/encode.ts'
import { layoutOf } from '../../features/layout.ts'
import { historyNumberNames } from '../../features/windows.ts'
import { buildFeatures, buildRequest } from './generated.ts'
import { keptOf } from './pack-ngrams.ts'

const features = buildFeatures({
  texts: [
    { name: 'about', origin: 'user', buckets: 32, wordsMax: 4, ngrams: keptOf('a b') },
    { name: 'title', origin: 'item', buckets: 32, wordsMax: 3 },
  ],
})
const layout = layoutOf(features)

describe('layoutOf', () => {
  it('covers every number of every input once', () => {
    for (const { name, shape } of inputSpecs(features)) {
      const length = shape.reduce((product, size) => product * size, 1)
      const covered = layout
        .filter((span) => span.input === name)
        .flatMap((span) => Array.from({ length: span.length }, (_, place) => span.from + place))
      expect(covered, name).toEqual([...Array(length).keys()])
    }
  })

  it('names each feature once, with a baseline as long as its span', () => {
    expect(new Set(layout.map(({ name }) => name)).size).toBe(layout.length)
    for (const { name, length, baseline } of layout) expect(baseline, name).toHaveLength(length)
  })

  it('makes one part of what is counted of one type of event, whatever its name', () => {
    const named = fc.uniqueArray(
      fc.oneof(fc.string(), fc.constantFrom('page:view', 'page:leave', ':', '7d')),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    fc.assert(
      fc.property(named, (eventTypes) => {
        const reserved = ['any', 'age', 'calendar']
        fc.pre(!eventTypes.some((type) => reserved.includes(type)))
        const spec = { ...features, eventTypes, valueTypes: eventTypes }
        const historyNumbers = historyNumberNames(spec).map((name) => ({ name, mean: 0, deviation: 1 }))
        const groups = layoutOf({ ...spec, historyNumbers }).flatMap(({ group }) =>
          group.startsWith('history.') ? [group.slice('history.'.length)] : [],
        )
        expect([...new Set(groups)].toSorted()).toEqual([...reserved, ...eventTypes].toSorted())
      }),
    )
  })

  it('finds an attribute where encode writes it, and nothing else there', () => {
    const encode = createEncoder(features)
    const plain = encode(buildRequest())
    for (const [attribute, value] of [
      ['age', 30] as const,
      ['plan', 'paid'] as const,
      ['about', 'a b'] as const,
    ]) {
      const changed = encode(buildRequest({ user: [{ knownAt: 0, attributes: { [attribute]: value } }] }))
      for (const { name, group, input, from, length } of layout) {
        const part = (encoded: typeof plain) => Array.from(encoded[input] ?? []).slice(from, from + length)
        const differs = JSON.stringify(part(changed)) !== JSON.stringify(part(plain))
        expect(differs, `${attribute} in ${name}`).toBe(group === `user.${attribute}`)
      }
    }
  })

  it('gives as baseline what encode writes for a missing attribute', () => {
    const plain = createEncoder(features)(buildRequest())
    for (const { name, input, from, length, baseline } of layout) {
      if (name.startsWith('history.')) continue
      expect(Array.from(plain[input] ?? []).slice(from, from + length), name).toEqual(baseline)
    }
  })
})
