import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { undated } from '../../features/attributes.ts'
import { createEncoder } from '../../features/encode.ts'
import { countBetween, countInputs, inputBinsOf } from '../../features/input-bins.ts'
import { anyHistory, anyVersions, buildFeatures, buildRequest } from './generated.ts'

const features = buildFeatures()
const bins = inputBinsOf(features)
const encode = createEncoder(features)

function binsOf(user: Readonly<Record<string, string | number | null>>): Record<string, number> {
  const encoded = encode(buildRequest({ user: undated(user) }))
  return Object.fromEntries(bins.map(({ name, binOf }) => [name, binOf(encoded)]))
}

describe('inputBinsOf', () => {
  it('puts every row into one bin of each number and category, whatever is known of a user', () => {
    fc.assert(
      fc.property(anyHistory, anyVersions, (history, user) => {
        const counted = countInputs(bins, [encode(buildRequest({ history, user }))])
        for (const { name, count } of bins) {
          expect(counted[name]).toHaveLength(count)
          expect(counted[name]?.reduce((sum, value) => sum + value, 0)).toBe(1)
        }
      }),
    )
  })

  it('tells a missing number, one below, between and above its quantiles', () => {
    // The quantiles of age are 18, 30, 45 and 90.
    const ages = [null, 10, 18, 20, 30, 40, 60, 90, 120]
    expect(ages.map((age) => binsOf({ age })['user.age'])).toEqual([0, 1, 1, 2, 2, 3, 4, 5, 5])
  })

  it('tells a missing category, an unknown one, and each value', () => {
    const plans = [null, 'gold', 'free', 'paid']
    expect(plans.map((plan) => binsOf({ plan })['user.plan'])).toEqual([0, 1, 2, 3])
  })

  it('gives the rarer values of a large category one bin together', () => {
    const values = Array.from({ length: 100 }, (_, rank) => `plan-${rank}`)
    const large = buildFeatures({ categories: [{ name: 'plan', origin: 'user', values }] })
    const plan = inputBinsOf(large).find(({ name }) => name === 'user.plan')
    const of = (value: string) =>
      plan?.binOf(createEncoder(large)(buildRequest({ user: undated({ plan: value }) })))
    expect(plan?.count).toBe(33)
    expect([of('plan-29'), of('plan-30'), of('plan-99'), of('gold')]).toEqual([31, 32, 32, 1])
  })
})

describe('countBetween', () => {
  it('counts a value at a cut above it', () => {
    expect(countBetween([1, 2], [0, 1, 1.5, 2, 9])).toEqual([1, 2, 2])
    expect(countBetween([], [4, 5])).toEqual([2])
  })
})
