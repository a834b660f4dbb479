import { describe, expect, it } from 'vitest'
import { createEncoder } from '../../../features/encode.ts'
import type { Attributes, Event } from '../../../features/event.ts'
import type { Features } from '../../../features/manifest.ts'
import { DAY_MS, longestHorizonMs } from '../../../features/project.ts'
import type { UserHistory } from '../../../training/data/data-set.ts'
import { FEATURE_SIZES, createFeatureLearner } from '../../../training/examples/learn-features.ts'
import { splitByTime } from '../../../training/examples/parts.ts'
import { replayLog } from '../../../training/examples/replay.ts'
import { buildEvent } from '../../features/generated.ts'
import { START_MS, buildEventData, buildLog, smallShop } from './build-log.ts'

const ENOUGH = FEATURE_SIZES.items.countMin
const items = new Map<string, Attributes>([
  ['shoe', { department: 'feet', price: 30 }],
  ['hat', { department: 'head', price: 10 }],
])

interface Seen {
  readonly attributes?: Attributes
  readonly events?: readonly Event[]
}

/** What is learned from these users, each asked about once at the end. */
function learn(users: readonly Seen[]): Features {
  const learner = createFeatureLearner(smallShop, items)
  for (const { attributes = {}, events = [] } of users) {
    learner.seeUser(attributes, events)
    if (events.length > 0) learner.seeMoment(events, START_MS)
  }
  return learner.learn()
}

/** As many users, one like the other. */
function alike(count: number, seen: Seen): Seen[] {
  return Array.from({ length: count }, () => seen)
}

function viewsOf(itemId: string, count = 1): Event[] {
  return Array.from({ length: count }, (_, index) =>
    buildEvent({ id: `${itemId}-${index}`, itemId, occurredAt: START_MS - 1_000 }),
  )
}

const numberOf = (features: Features, name: string) =>
  [...features.attributeNumbers, ...features.historyNumbers].find((number) => number.name === name)
const valuesOf = (features: Features, name: string) =>
  features.categories.find((feature) => feature.name === name)?.values

describe('createFeatureLearner', () => {
  it('counts in users, not in events: what one alone does often is not known', () => {
    const seen = [
      ...alike(ENOUGH - 1, { events: viewsOf('hat', 100) }),
      ...alike(ENOUGH, { events: viewsOf('shoe') }),
    ]
    const { items: known, itemCategories } = learn(seen)
    expect(known).toEqual(['shoe'])
    expect(itemCategories.map(({ name, values }) => [name, values])).toEqual([['department', ['feet']]])
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
    const counted = numberOf(learn(seen), 'count:view:all')
    expect(counted?.mean).toBeCloseTo((one + three) / 2, 10)
    expect(counted?.deviation).toBeCloseTo((three - one) / 2, 10)
  })

  it('makes nothing of a number that is always the same, or never there', () => {
    const features = learn(alike(30, { attributes: { age: 0.1 }, events: viewsOf('shoe') }))
    expect(numberOf(features, 'age')).toMatchObject({ deviation: 0, boundaries: [] })
    expect(numberOf(learn([]), 'age')).toMatchObject({ mean: 0, deviation: 0, boundaries: [] })
    expect(features.historyNumbers.filter(({ deviation }) => deviation !== 0)).toEqual([])
    const encoded = createEncoder(features)({ history: [], attributes: { age: 80 }, items, at: START_MS })
    expect(encoded['numbers']?.some((value) => !Number.isFinite(value))).toBe(false)
    // History numbers, and then the age: neither far nor missing.
    expect(Array.from(encoded['numbers'] ?? []).slice(0, features.historyNumbers.length + 2)).toEqual(
      Array.from({ length: features.historyNumbers.length + 2 }, () => 0),
    )
  })

  it('takes event types and tells of them as the project declares', () => {
    const features = learn([])
    expect(features.eventTypes).toEqual(Object.keys(smallShop.events))
    expect(features.valueTypes).toEqual(['purchase'])
  })
})

describe('replayLog', () => {
  it('learns from the train part alone: what comes after it changes nothing that is learned', async () => {
    const log = buildLog({ userCount: 20, days: 30 })
    const split = splitByTime({
      startMs: log.startMs,
      endMs: log.endMs,
      longestHorizonMs: longestHorizonMs(smallShop),
    })
    if (!split.ok) throw new Error('the log is too short')
    const { value: parts } = split
    const known = await Array.fromAsync(log.users())
    const featuresOf = async (histories: readonly UserHistory[]): Promise<Features> => {
      const data = buildEventData(histories, log.items)
      const examplesMax = { train: 1e6, validation: 1e6, test: 1e6 }
      return (await replayLog({ project: smallShop, data, parts, seed: 1, examplesMax })).features
    }
    const later = (userId: string): Event[] =>
      Array.from({ length: 20 }, (_, index) =>
        buildEvent({
          id: `${userId}-later-${String(index).padStart(2, '0')}`,
          type: 'purchase',
          userId,
          itemId: 'new-in-validation',
          value: 1e6,
          properties: { device: 'new-in-validation' },
          occurredAt: parts.train.untilMs + index * 3_600_000,
        }),
      )
    const isPast = (event: Event): boolean => event.occurredAt < parts.train.untilMs
    const changed = known.map((user) => ({
      ...user,
      events: [...user.events.filter(isPast), ...later(user.userId)],
    }))
    const newcomers = Array.from({ length: 20 }, (_, index) => {
      const userId = `z-newcomer-${index}`
      return { userId, attributes: { plan: 'new-in-validation', age: 1e6 }, events: later(userId) }
    })
    const learned = await featuresOf(known)
    expect(learned.items.length).toBeGreaterThan(5)
    expect(numberOf(learned, 'count:any:7d')?.deviation).toBeGreaterThan(0)
    expect(await featuresOf([...changed, ...newcomers])).toEqual(learned)
    // The same newcomers in the train part are learned from.
    const early = newcomers.map((user) => ({
      ...user,
      events: user.events.map((event, index) => ({
        ...event,
        occurredAt: START_MS + DAY_MS + index,
        receivedAt: START_MS + DAY_MS + index,
      })),
    }))
    const taught = await featuresOf([...known, ...early])
    expect(taught.items).toContain('new-in-validation')
    expect(valuesOf(taught, 'device')).toContain('new-in-validation')
    expect(valuesOf(taught, 'plan')).toContain('new-in-validation')
  })
})
