import { describe, expect, it } from 'vitest'
import { undated } from '../../../features/attributes.ts'
import { createEncoder } from '../../../features/encode.ts'
import { countInputs, inputBinsOf } from '../../../features/input-bins.ts'
import { layoutOf } from '../../../features/layout.ts'
import type { Attributes } from '../../../features/attributes.ts'
import { typicalSpans } from '../../../features/reasons/typical.ts'
import { buildFeatures, buildRequest } from '../generated.ts'

const features = buildFeatures()
const encode = createEncoder(features)

/** The manifest's reference, of users with these attributes. */
function referenceOf(users: readonly Attributes[]) {
  const rows = users.map((attributes) => encode(buildRequest({ user: undated(attributes) })))
  return { inputs: countInputs(inputBinsOf(features), rows), answers: {}, outcomes: {} }
}

function baselineOf(name: string, users: readonly Attributes[]) {
  return typicalSpans({ features, reference: referenceOf(users) }).find((span) => span.name === name)
    ?.baseline
}

function encodedAs(name: string, attributes: Attributes) {
  const span = layoutOf(features).find((one) => one.name === name)
  const values = encode(buildRequest({ user: undated(attributes) }))[span?.input ?? '']
  return Array.from(values ?? []).slice(span?.from, (span?.from ?? 0) + (span?.length ?? 0))
}

describe('typicalSpans', () => {
  it('takes the commonest value of a category, and none where most have none', () => {
    const paid = [{ plan: 'paid' }, { plan: 'paid' }, { plan: 'free' }]
    expect(baselineOf('user.plan', paid)).toEqual(encodedAs('user.plan', { plan: 'paid' }))
    expect(baselineOf('user.plan', [{}, {}, { plan: 'free' }])).toEqual(encodedAs('user.plan', {}))
  })

  it('takes the commonest value of a category of many, though all the others together are more', () => {
    const values = Array.from({ length: 100 }, (_, place) => `v${place}`)
    const many = buildFeatures({ categories: [{ name: 'plan', origin: 'user', values }] })
    const ofMany = createEncoder(many)
    const encoded = (attributes: Attributes) => ofMany(buildRequest({ user: undated(attributes) }))
    const users = [{}, {}, { plan: 'v0' }, ...values.map((plan) => ({ plan }))]
    const inputs = countInputs(inputBinsOf(many), users.map(encoded))
    const spans = typicalSpans({ features: many, reference: { inputs, answers: {}, outcomes: {} } })
    const baseline = spans.find(({ name }) => name === 'user.plan')?.baseline
    expect(baseline).toEqual(Array.from(encoded({ plan: 'v0' })['categories'] ?? []))
  })

  it('takes the mean of a number, and none where most have none', () => {
    const mean = features.attributeNumbers[0]?.mean ?? 0
    expect(baselineOf('user.age', [{ age: 20 }, { age: 80 }, {}])).toEqual(
      encodedAs('user.age', { age: mean }),
    )
    expect(baselineOf('user.age', [{ age: 20 }, {}, {}])).toEqual(encodedAs('user.age', {}))
  })

  it('keeps the spans of the layout, in their places and lengths, and all of it without a reference', () => {
    const layout = layoutOf(features)
    const typical = typicalSpans({ features, reference: referenceOf([{ plan: 'paid', age: 20 }]) })
    expect(typical.map(({ baseline: _baseline, ...place }) => place)).toEqual(
      layout.map(({ baseline: _baseline, ...place }) => place),
    )
    for (const { name, baseline, length } of typical) expect(baseline, name).toHaveLength(length)
    expect(typicalSpans({ features })).toEqual(layout)
  })
})
