import { describe, expect, it } from 'vitest'
import { undated } from '../../../features/attributes.ts'
import type { Attributes, Versions } from '../../../features/attributes.ts'
import { createEncoder } from '../../../features/encode.ts'
import type { Event } from '../../../features/event.ts'
import type { Features } from '../../../features/manifest.ts'
import { DAY_MS } from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import { historyNumberNames } from '../../../features/windows.ts'
import { createFeatureLearner } from '../../../training/learn/feature-learner.ts'
import { FEATURE_SIZES } from '../../../training/learn/feature-sizes.ts'
import { buildEvent } from '../../features/generated.ts'
import { START_MS, smallShop } from '../examples/build-log.ts'

const ENOUGH = FEATURE_SIZES.items.countMin
const items = new Map<string, Versions>([
  ['shoe', undated({ department: 'feet', price: 30 })],
  ['hat', undated({ department: 'head', price: 10 })],
])

interface Seen {
  readonly attributes?: Attributes
  readonly versions?: Versions
  readonly events?: readonly Event[]
  readonly atMs?: number
}

/** What is learned from these users, each asked about once at the end. */
function learn(users: readonly Seen[], catalogue: ReadonlyMap<string, Versions> = items): Features {
  const learner = createFeatureLearner(smallShop, {
    items: catalogue,
    windowsMs: [DAY_MS, 7 * DAY_MS],
    untilMs: START_MS + 1,
    random: createRandom(1),
  })
  for (const { attributes = {}, versions = undated(attributes), events = [], atMs = START_MS } of users) {
    learner.seeUser({ versions, events })
    if (events.length > 0) learner.seeMoment(atMs, () => events)
  }
  return learner.learn()
}

/** As many users, one like the other. */
function alike(count: number, seen: Seen): Seen[] {
  return Array.from({ length: count }, () => seen)
}

function viewsOf(itemId: string, count = 1): Event[] {
  return Array.from({ length: count }, (_, index) =>
    buildEvent({ id: `${itemId}-${index}`, itemId, occurredAt: START_MS - 1_000 + index }),
  )
}

const numberOf = (features: Features, name: string) =>
  [...features.attributeNumbers, ...features.historyNumbers].find((number) => number.name === name)
const valuesOf = (features: Features, name: string) =>
  [...features.categories, ...features.itemCategories].find((feature) => feature.name === name)?.values

describe('createFeatureLearner', () => {
  it('counts in users, not in events: what one alone does often is not known', () => {
    const seen = [
      ...alike(ENOUGH - 1, { events: viewsOf('hat', 100) }),
      ...alike(ENOUGH, { events: viewsOf('shoe') }),
    ]
    const features = learn(seen)
    expect(features.items).toEqual(['shoe'])
    expect(valuesOf(features, 'department')).toEqual(['feet'])
  })

  it('knows the values of categories by how many users have them', () => {
    const seen = [
      ...alike(ENOUGH, { attributes: { plan: 'free' } }),
      ...alike(ENOUGH + 1, { attributes: { plan: 'paid' } }),
      ...alike(ENOUGH - 1, { attributes: { plan: 'gold' } }),
      ...alike(9, { attributes: { plan: null } }),
      ...alike(9, { attributes: { plan: '' } }),
    ]
    expect(valuesOf(learn(seen), 'plan')).toEqual(['paid', 'free'])
  })

  it('counts a value once a user over all versions known within the part, and none that comes later', () => {
    const versions = ['free', 'paid', 'free', 'gold'].map((plan, index) => ({
      knownAt: START_MS + (index - 2) * DAY_MS,
      attributes: { plan, age: index },
    }))
    const features = learn(alike(ENOUGH, { versions }))
    expect(valuesOf(features, 'plan')).toEqual(['free', 'paid'])
    expect(numberOf(features, 'age')?.mean).toBe(1)
    const dated = new Map([
      [
        'shoe',
        versions.map((version) => ({ ...version, attributes: { department: version.attributes.plan } })),
      ],
    ])
    expect(valuesOf(learn(alike(ENOUGH, { events: viewsOf('shoe') }), dated), 'department')).toEqual([
      'free',
      'paid',
    ])
    expect(valuesOf(learn(alike(ENOUGH - 1, { versions })), 'plan')).toEqual([])
  })

  it('takes an item for the price it had when it was seen', () => {
    const prices = [10, 99].map((price, index) => ({
      knownAt: START_MS - 2 * DAY_MS + index * (2 * DAY_MS - 500),
      attributes: { price },
    }))
    const features = learn(alike(3, { events: viewsOf('shoe') }), new Map([['shoe', prices]]))
    expect(numberOf(features, 'price')?.mean).toBe(10)
  })

  it('scales numbers by those that are given', () => {
    const ages = [20, 30, null, 40, null].map((age) => ({ attributes: { age } }))
    expect(numberOf(learn(ages), 'age')).toMatchObject({
      mean: 30,
      deviation: expect.closeTo(Math.sqrt(200 / 3), 12),
    })
  })

  it('scales the numbers of a history by the moments at which questions are asked', () => {
    const seen = [1, 3].map((count) => ({ events: viewsOf('shoe', count) }))
    const [one, three] = [Math.log1p(1), Math.log1p(3)]
    const counted = numberOf(learn(seen), 'moments:view:all')
    expect(counted?.mean).toBeCloseTo((one + three) / 2, 10)
    expect(counted?.deviation).toBeCloseTo((three - one) / 2, 10)
  })

  it('scales by a sample over all moments, however many, and whatever their order', () => {
    // The first half of the users has one event each, the other half three: as ids that follow time.
    const count = 2 * FEATURE_SIZES.momentsMax
    const early = { events: viewsOf('shoe', 1), atMs: START_MS - 40 * DAY_MS }
    const features = learn([...alike(count, early), ...alike(count, { events: viewsOf('shoe', 3) })])
    const counted = numberOf(features, 'moments:view:all')
    const half = (Math.log1p(3) - Math.log1p(1)) / 2
    expect(counted?.deviation).toBeCloseTo(half, 2)
    expect(counted?.mean).toBeCloseTo(Math.log1p(1) + half, 1)
    // The weeks that the moments span are those of all of them.
    expect(numberOf(learn(alike(9, early)), 'weekday:sin')?.deviation).toBe(0)
    expect(numberOf(features, 'weekday:sin')?.deviation).toBeGreaterThan(0)
  })

  it('makes nothing of a number that is always the same, or never there', () => {
    const features = learn(alike(30, { attributes: { age: 0.1 }, events: viewsOf('shoe') }))
    expect(numberOf(features, 'age')).toMatchObject({ deviation: 0, boundaries: [] })
    expect(numberOf(learn([]), 'age')).toMatchObject({ mean: 0, deviation: 0, boundaries: [] })
    expect(features.historyNumbers.filter(({ deviation }) => deviation !== 0)).toEqual([])
    const request = { history: [], user: undated({ age: 80 }), items, atMs: START_MS }
    const numbers = Array.from(createEncoder(features)(request)['numbers'] ?? [])
    expect(numbers.some((value) => !Number.isFinite(value))).toBe(false)
    // History numbers, and then the age: neither far nor missing.
    const length = features.historyNumbers.length + 2
    expect(numbers.slice(0, length)).toEqual(Array.from({ length }, () => 0))
  })

  it('counts lines beside moments where moments have several, and else not', () => {
    const basket = viewsOf('shoe', 4).map((event) => ({ ...event, occurredAt: START_MS - 1_000 }))
    const [single, mixed] = [
      learn(alike(30, { events: viewsOf('shoe', 4) })),
      learn([
        ...alike(30, { events: viewsOf('shoe', 4) }),
        ...alike(1, { events: basket }),
        { events: viewsOf('hat') },
      ]),
    ]
    expect(single.counted).toEqual(['moments', 'days'])
    expect(numberOf(single, 'lines:view:all')).toBeUndefined()
    expect(mixed.counted).toEqual(['moments', 'days', 'lines'])
    const log = (counts: readonly number[]) => counts.reduce((sum, count) => sum + Math.log1p(count), 0) / 32
    expect(numberOf(mixed, 'moments:view:all')?.mean).toBeCloseTo(log([...Array(30).fill(4), 1, 1]), 10)
    expect(numberOf(mixed, 'lines:view:all')?.mean).toBeCloseTo(log([...Array(31).fill(4), 1]), 10)
    for (const features of [single, mixed]) {
      expect(features.historyNumbers.map(({ name }) => name)).toEqual(historyNumberNames(features))
    }
  })

  it('takes event types and tells of them as the project declares', () => {
    const features = learn([])
    expect(features.eventTypes).toEqual(Object.keys(smallShop.events))
    expect(features.valueTypes).toEqual(['purchase'])
  })
})
