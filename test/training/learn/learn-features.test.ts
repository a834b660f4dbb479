import { describe, expect, it } from 'vitest'
import { undated } from '../../../features/attributes.ts'
import type { Event } from '../../../features/event.ts'
import type { Features } from '../../../features/manifest.ts'
import { DAY_MS, text } from '../../../features/project.ts'
import type { UserRecord } from '../../../training/data/data-set.ts'
import { learnFeatures } from '../../../training/learn/learn-features.ts'
import { planMoments } from '../../../training/moments/plan-moments.ts'
import type { MomentPlan } from '../../../training/moments/plan.ts'
import { buildEvent } from '../../features/generated.ts'
import { START_MS, buildEventData, buildLog, smallShop } from '../examples/build-log.ts'

const valuesOf = (features: Features, name: string) =>
  features.categories.find((feature) => feature.name === name)?.values

describe('learnFeatures', () => {
  it('learns from the train part alone: what is heard after it changes nothing that is learned', async () => {
    const project = {
      ...smallShop,
      user: { ...smallShop.user, about: text() },
      context: { ...smallShop.context, query: text() },
    }
    const log = buildLog({ userCount: 20, days: 30 })
    const planned = await planMoments({ project, data: log, seed: 1 })
    if (!planned.ok) throw new Error(planned.reason.code)
    const plan: MomentPlan = planned.value
    const untilMs = plan.parts.train?.untilMs ?? 0
    const known = (await Array.fromAsync(log.users())).map((user) => ({
      ...user,
      versions: [...user.versions, { knownAt: 1, attributes: { about: 'likes shoes' } }],
    }))
    const featuresOf = (users: readonly UserRecord[]): Promise<Features> =>
      learnFeatures({ project, data: buildEventData(users, log.items), plan })
    const later = (userId: string, lateMs = 0): Event[] =>
      Array.from({ length: 20 }, (_, index) =>
        buildEvent({
          id: `${userId}-later-${index}`,
          type: 'purchase',
          userId,
          itemId: 'new-in-validation',
          value: 1e6,
          properties: { device: 'new-in-validation', query: 'zebra' },
          occurredAt: untilMs - lateMs + index * 3_600_000,
          receivedAt: untilMs + index * 3_600_000,
        }),
      )
    const isPast = (event: Event): boolean => event.occurredAt < untilMs
    const changed = known.map((user) => ({
      ...user,
      versions: [
        ...user.versions,
        { knownAt: untilMs, attributes: { plan: 'new-in-validation', age: 1e6, about: 'likes zebras' } },
      ],
      events: [...user.events.filter(isPast), ...later(user.userId)],
    }))
    const newcomers = Array.from({ length: 20 }, (_, index): UserRecord => {
      const userId = `z-newcomer-${index}`
      const versions = undated({ plan: 'new-in-validation', age: 1e6, about: 'likes zebras' })
      // Half of them did things within the part that were heard of after it.
      return { userId, versions, events: later(userId, (index % 2) * 5 * DAY_MS), questions: [] }
    })
    const learned = await featuresOf(known)
    expect(learned.items.length).toBeGreaterThan(5)
    const counted = learned.historyNumbers.find(({ name }) => name === 'moments:any:all')
    expect(counted?.deviation).toBeGreaterThan(0)
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
    const [about, query] = learned.texts
    expect(about?.ngrams?.packed).toBeDefined()
    expect(query?.ngrams).toBeUndefined()
    expect(taught.texts[1]?.ngrams?.packed).toBeDefined()
    expect(taught.texts[0]).not.toEqual(about)
    expect(valuesOf(taught, 'plan')).toContain('new-in-validation')
  })

  it('learns the same whatever the users are called in order, when none of them is sampled away', async () => {
    const users = await Array.fromAsync(buildLog({ userCount: 40, days: 30 }).users())
    const planned = await planMoments({ project: smallShop, data: buildEventData(users), seed: 1 })
    if (!planned.ok) throw new Error(planned.reason.code)
    // After events alone, every moment is taken, whoever comes first.
    const project = { ...smallShop, asked: 'afterEvents' as const }
    const featuresOf = (own: readonly UserRecord[]): Promise<Features> =>
      learnFeatures({ project, data: buildEventData(own), plan: everyMoment(planned.value) })
    const [there, back] = [await featuresOf(users), await featuresOf(users.toReversed())]
    for (const [index, { name, mean, deviation }] of there.historyNumbers.entries()) {
      const other = back.historyNumbers[index]
      expect(other).toEqual({
        name,
        mean: expect.closeTo(mean, 9),
        deviation: expect.closeTo(deviation, 9),
      })
    }
  })
})

function everyMoment(plan: MomentPlan): MomentPlan {
  const { train } = plan.parts
  if (train === undefined) throw new Error('Expected a train part')
  const sampling = { ...train.sampling, eventRate: 1, eventsOfUserMax: 1e9 }
  return { ...plan, parts: { train: { ...train, sampling } } }
}
