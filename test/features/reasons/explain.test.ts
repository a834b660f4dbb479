import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { undated } from '../../../features/attributes.ts'
import { createEncoder, inputSpecs } from '../../../features/encode.ts'
import type { Encoded } from '../../../features/encode.ts'
import type { Head } from '../../../features/heads/head.ts'
import { FEATURE_VERSION } from '../../../features/manifest.ts'
import type { Manifest } from '../../../features/manifest.ts'
import { DAY_MS, occurs, total } from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import { counterfactuals } from '../../../features/reasons/counterfactual.ts'
import { explain } from '../../../features/reasons/explain.ts'
import { amountWords, createTeller } from '../../../features/reasons/words.ts'
import type { RunRows } from '../../../features/rows.ts'
import { anyHistory, anyVersions, buildEvent, buildFeatures, buildRequest, NOW_MS } from '../generated.ts'

const features = buildFeatures()
const encode = createEncoder(features)
const amountHead: Head = {
  task: 'spend',
  declaration: total('purchase', { withinDays: 7 }),
  kind: 'amount',
  basis: 'model',
  prior: [1],
  newcomerPrior: [1],
  link: 'identity',
  scale: 2,
  factor: 1,
}
const yesHead: Head = {
  task: 'buys',
  declaration: occurs('purchase', { withinDays: 7 }),
  kind: 'probability',
  basis: 'model',
  classes: ['no', 'yes'],
  prior: [0.9, 0.1],
  newcomerPrior: [0.9, 0.1],
  temperature: 1,
  bias: [0, 0],
}
const manifest: Manifest = {
  featureVersion: FEATURE_VERSION,
  project: 'p',
  family: 'linear',
  features,
  inputs: inputSpecs(features),
  heads: [amountHead, yesHead],
  files: [],
}

/** Of every number of every input. */
type Weight = (input: string, place: number) => number

/** An amount that is linear in the inputs, and a logit that is its square. */
function linear(weight: Weight): RunRows {
  return async (inputs, rows) => {
    const sums = Array.from({ length: rows }, (_, row) =>
      Object.entries(inputs).reduce((sum, [name, values]) => {
        const width = values.length / rows
        for (let place = 0; place < width; place += 1) {
          sum += weight(name, place) * (values[row * width + place] ?? 0)
        }
        return sum
      }, 0),
    )
    return { spend: sums, buys: sums.flatMap((sum) => [0, Math.min(5, sum * sum * 0.01) - 1]) }
  }
}

const someWeight: Weight = (input, place) => createRandom(place).fork(input).normal() / 10
const tasks = ['spend', 'buys']

function explained(encoded: Encoded, run = linear(someWeight)) {
  return explain(manifest, { encoded, run, eventsMax: 3, tasks })
}

const request = buildRequest({
  history: [
    buildEvent({ id: 'a', type: 'cart', itemId: 'hat', occurredAt: NOW_MS - 3 * DAY_MS }),
    buildEvent({ id: 'b', type: 'cart', itemId: 'shoe', occurredAt: NOW_MS - 2 * DAY_MS }),
    buildEvent({ id: 'c', type: 'view', itemId: 'shoe', occurredAt: NOW_MS - 3_600_000 }),
  ],
  user: undated({ age: 50, plan: 'paid' }),
  context: { device: 'phone' },
})

describe('explain', () => {
  it('gives contributions that sum to score less base within 1e-6, for anything known', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, anyVersions, async (history, user) => {
        const asked = buildRequest({ history, user })
        for (const { base, score, contributions } of Object.values(await explained(encode(asked)))) {
          const sum = contributions.reduce((all, { contribution }) => all + contribution, 0)
          expect(Math.abs(sum - (score - base))).toBeLessThan(1e-6)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('gives each part what it adds where the model adds up, and leaves out what is not known', async () => {
    const onlyAge: Weight = (input, place) => (input === 'numbers' && place === ageAt ? 3 : 0)
    const ageAt = features.historyNumbers.length
    const { spend } = await explained(encode(request), linear(onlyAge))
    const [first, ...rest] = spend?.contributions ?? []
    expect(first?.part.name).toBe('user.age')
    expect(first?.contribution).toBeCloseTo(2 * 3 * ((50 - 40) / 12), 5)
    for (const { contribution } of rest) expect(contribution).toBeCloseTo(0, 10)
    expect(spend?.contributions.map(({ part }) => part.name)).not.toContain('user.about')
  })

  it('tells the latest events one by one, and what came before them as one', async () => {
    const names = ({ contributions }: { contributions: readonly { part: { name: string } }[] }) =>
      contributions
        .map(({ part }) => part.name)
        .filter((name) => /^event|^earlier/.test(name))
        .toSorted()
    const two = await explain(manifest, {
      encoded: encode(request),
      run: linear(someWeight),
      eventsMax: 2,
      tasks,
    })
    expect(names(two['spend'] ?? { contributions: [] })).toEqual(['earlier', 'event.1', 'event.2'])
    const none = await explain(manifest, {
      encoded: encode(request),
      run: linear(someWeight),
      eventsMax: 0,
      tasks,
    })
    expect(names(none['spend'] ?? { contributions: [] })).toEqual(['earlier'])
  })

  it('leaves out what the prior answers, and asks the model nothing where that is all', async () => {
    const prior = { ...manifest, heads: [{ ...yesHead, basis: 'prior' as const }] }
    const run: RunRows = () => Promise.reject(new Error('asked'))
    expect(await explain(prior, { encoded: encode(request), run, eventsMax: 3, tasks })).toEqual({})
  })

  it('rejects where the model gives what is no number', async () => {
    const run: RunRows = async (_inputs, rows) => ({
      spend: Array.from({ length: rows }, () => Number.NaN),
      buys: Array.from({ length: 2 * rows }, () => 0),
    })
    await expect(explained(encode(request), run)).rejects.toThrow("Output 'spend'")
  })
})

describe('counterfactuals', () => {
  const planWeight: Weight = (input, place) => (input === 'categories' && place === 0 ? 1 : 0)
  const asked = { request, encode, run: linear(planWeight), told: { spend: 0 } }

  it('finds the value among those that can be changed which moves the answer most', async () => {
    const less = await counterfactuals(manifest, {
      ...asked,
      changeable: ['user.plan', 'user.age'],
      towards: 'less',
    })
    expect(less['spend']).toMatchObject({ change: 'user.plan', from: 'paid', to: 'free' })
    expect(less['spend']?.score).toBe(2 * 2)
  })

  it('looks from the least to the greatest of a number, however many attributes can be changed', async () => {
    const boundaries = Array.from({ length: 40 }, (_, place) => 10 + place)
    const attributeNumbers = features.attributeNumbers.map((own) => ({ ...own, boundaries }))
    const named = { ...manifest, features: { ...features, attributeNumbers } }
    const others = Array.from({ length: 19 }, (_, place) => `user.other${place}`)
    for (const [towards, to] of [
      ['more', 49],
      ['less', 10],
    ] as const) {
      const run = linear((input) => (input === 'numbers' ? 1 : 0))
      const found = await counterfactuals(named, {
        ...asked,
        run,
        request: { ...request, user: undated({ age: 30, plan: 'paid' }) },
        changeable: ['user.age', ...others],
        towards,
      })
      expect(found['spend']).toMatchObject({ change: 'user.age', to })
    }
  })

  it('gives nothing where no change moves it that way, or nothing can be changed', async () => {
    const more = { ...asked, towards: 'more' as const }
    expect(await counterfactuals(manifest, { ...more, changeable: ['user.plan'] })).toEqual({ spend: null })
    expect(await counterfactuals(manifest, { ...more, changeable: ['context.device'] })).toEqual({
      spend: null,
    })
    expect(await counterfactuals(manifest, { ...more, changeable: [] })).toEqual({ spend: null })
  })

  it('changes one thing and keeps the rest: the context that the latest event stands in for too', async () => {
    const seen: Encoded[] = []
    const run: RunRows = async (inputs, rows) => {
      seen.push(inputs)
      return { spend: Array.from({ length: rows }, (_, row) => row) }
    }
    const { context: _context, ...bare } = request
    const from = { ...bare, history: [buildEvent({ properties: { device: 'desk' } })] }
    const found = await counterfactuals(manifest, {
      ...asked,
      request: from,
      run,
      changeable: ['context.device'],
      towards: 'more',
    })
    expect(found['spend']).toMatchObject({ change: 'context.device', from: 'desk', to: 'phone' })
    const [inputs] = seen
    for (const [name, values] of Object.entries(inputs ?? {})) {
      const width = values.length / 2
      const differing = Array.from({ length: width }, (_, place) => place).filter(
        (place) => values[place] !== values[width + place],
      )
      expect(differing, name).toHaveLength(name === 'categories' ? 1 : 0)
    }
  })
})

describe('createTeller', () => {
  it('says what is known in the words of the project', async () => {
    const teller = createTeller(features, request)
    const { spend } = await explained(encode(request))
    const facts = Object.fromEntries(
      (spend?.contributions ?? []).map(({ part }) => [part.name, teller.fact(part)]),
    )
    expect(facts).toMatchObject({
      'user.plan': 'plan is paid',
      'user.age': 'age is 50',
      'context.device': 'device is phone',
      'item.title': 'title of the latest item is A red shoe',
      'history.cart': '2 × cart in 7 days',
      'history.view': '1 × view in 24 hours',
      'history.purchase': 'no purchase so far',
      'history.any': '1 × events in 24 hours',
      'history.age': 'first seen 3 days ago',
      'history.calendar': 'the hour and the day of the week',
      'event.1': 'view of shoe 60 minutes ago',
      'event.3': 'cart of hat 3 days ago',
    })
  })

  it('gives amounts in their unit and probabilities in points', () => {
    expect(amountWords(yesHead, 0.123)).toBe('+12 points')
    expect(amountWords(yesHead, -0.0042)).toBe('−0.4 points')
    expect(amountWords(yesHead, -0.000001)).toBe('0 points')
    expect(amountWords(amountHead, 3.24)).toBe('+3.2')
  })
})
