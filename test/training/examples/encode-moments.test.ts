import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AttributeVersion, Versions } from '../../../features/attributes.ts'
import { createEncoder, inputSpecs } from '../../../features/encode.ts'
import type { Encoded } from '../../../features/encode.ts'
import { compareEvents } from '../../../features/event.ts'
import type { Event } from '../../../features/event.ts'
import type { Features } from '../../../features/manifest.ts'
import { DAY_MS } from '../../../features/project.ts'
import { target } from '../../../features/target.ts'
import type { UserRecord } from '../../../training/data/data-set.ts'
import { encodeMoments, encodeParts } from '../../../training/examples/encode-moments.ts'
import { selectExamples } from '../../../training/examples/example-set.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'
import { heardMs } from '../../../training/moments/history-window.ts'
import { momentsOf } from '../../../training/moments/moments-of.ts'
import { partNames } from '../../../training/moments/parts.ts'
import { planEverything, planMoments } from '../../../training/moments/plan-moments.ts'
import type { MomentPlan } from '../../../training/moments/plan.ts'
import { buildPlan, END_MS } from '../moments/build-plan.ts'
import { buildEventData, buildLog, smallShop } from './build-log.ts'
import { makeExamples } from '../../../training/examples/make-examples.ts'

let features: Features
beforeAll(async () => {
  const made = await makeExamples({
    project: smallShop,
    data: buildLog({ userCount: 80, days: 30 }),
    seed: 1,
  })
  if (!made.ok) throw new Error(made.reason.code)
  features = made.value.features
})

const plan = buildPlan({ clockPerMs: 0.3 / DAY_MS }, { knownUntilMs: END_MS - 1 })

const anyVersions: fc.Arbitrary<Versions> = fc
  .uniqueArray(
    fc.record({
      knownAt: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: END_MS })),
      attributes: fc.record({
        plan: fc.constantFrom('free', 'paid', null),
        age: fc.integer({ min: 18, max: 80 }),
        department: fc.constantFrom('feet', 'head'),
        price: fc.integer({ min: 1, max: 20 }),
      }),
    }),
    { selector: ({ knownAt }) => knownAt, maxLength: 4 },
  )
  .map((versions: AttributeVersion[]) => versions.toSorted((a, b) => a.knownAt - b.knownAt))

const anyEvents: fc.Arbitrary<Event[]> = fc
  .array(
    fc.record({
      type: fc.constantFrom('view', 'cart', 'purchase'),
      itemId: fc.constantFrom('item-0', 'item-1', 'never-seen'),
      hour: fc.integer({ min: 0, max: 40 * 24 - 1 }),
      // Some are heard of late, by hours or weeks.
      lateHours: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 500 })),
      device: fc.constantFrom('phone', 'desk'),
    }),
    { maxLength: 40 },
  )
  .map((events) =>
    events
      .map(({ hour, lateHours, type, itemId, device }, place): Event => {
        const occurredAt = hour * 3_600_000
        const receivedAt = occurredAt + lateHours * 3_600_000
        const value = type === 'purchase' ? { value: hour } : {}
        return {
          id: `e${place}`,
          place,
          userId: 'u',
          type,
          itemId,
          properties: { device },
          ...value,
          occurredAt,
          receivedAt,
        }
      })
      .toSorted(compareEvents),
  )

const anyUser: fc.Arbitrary<UserRecord> = fc
  .record({ events: anyEvents, versions: anyVersions })
  .map((user) => ({ ...user, userId: 'u', questions: [] }))
const anyItems = fc
  .record({ 'item-0': anyVersions, 'item-1': anyVersions })
  .map((items) => new Map<string, Versions>(Object.entries(items)))

interface World {
  readonly user: UserRecord
  readonly items: ReadonlyMap<string, Versions>
}

async function encodeWorld({ user, items }: World, by: MomentPlan = plan): Promise<ExampleSet[]> {
  const data = buildEventData([user], items)
  const encoded = await encodeParts({ project: smallShop, data, features, plan: by, parts: partNames })
  return partNames.map((name) => encoded.examples[name])
}

function rowOf(examples: ExampleSet, row: number): Encoded {
  return selectExamples(examples, [row]).inputs
}

describe('encodeParts', () => {
  it('gives what encode and target give for the whole history, at every moment with a known target', async () => {
    const encode = createEncoder(features)
    await fc.assert(
      fc.asyncProperty(anyUser, anyItems, async (user, items) => {
        const sets = await encodeWorld({ user, items })
        const { moments } = momentsOf(user, { project: smallShop, plan, place: 0 })
        for (const [index, part] of partNames.entries()) {
          const expected = moments
            .filter((moment) => moment.part === part)
            .map(({ atMs, isFirst, from }) => {
              const knownUntilMs = (plan.parts[part]?.untilMs ?? 0) - 1
              const targets = Object.entries(smallShop.tasks).map(([name, task]) => [
                name,
                target(smallShop, task, { atMs, events: user.events, knownUntilMs }) ?? Number.NaN,
              ])
              const inputs = encode({ history: user.events, user: user.versions, items, atMs })
              return { atMs, isFirst: isFirst ? 1 : 0, from, targets: Object.fromEntries(targets), inputs }
            })
            .filter(({ targets }) => Object.values(targets).some((value) => !Number.isNaN(value)))
          const set = sets[index]
          const made = Array.from({ length: set?.count ?? 0 }, (_, row) => ({
            atMs: set?.atMs[row],
            isFirst: set?.isFirst[row],
            from: set?.from[row],
            targets: Object.fromEntries(
              Object.entries(set?.targets ?? {}).map(([name, values]) => [name, values[row]]),
            ),
            inputs: set === undefined ? {} : rowOf(set, row),
          }))
          expect(made).toEqual(expected)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('shows an example nothing that happened or was heard after its moment, attributes included', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyUser,
        anyUser,
        anyItems,
        anyItems,
        fc.integer({ min: 0, max: END_MS }),
        async (user, otherUser, items, otherItems, nowMs) => {
          const base = await encodeWorld({ user, items })
          const changed = await encodeWorld({
            user: {
              ...user,
              events: [
                ...user.events.filter((event) => heardMs(event) <= nowMs),
                ...otherUser.events.filter((event) => heardMs(event) > nowMs),
              ].toSorted(compareEvents),
              versions: splice(user.versions, otherUser.versions, nowMs),
            },
            items: new Map(
              [...items].map(([id, versions]) => [id, splice(versions, otherItems.get(id) ?? [], nowMs)]),
            ),
          })
          const inputsUntilNow = (sets: readonly ExampleSet[]) =>
            sets.flatMap((set) => {
              const rows = [...set.atMs.keys()].filter((row) => (set.atMs[row] ?? 0) <= nowMs)
              return rows.map((row): [number, Encoded] => [set.atMs[row] ?? 0, rowOf(set, row)])
            })
          const [before, after] = [inputsUntilNow(base), inputsUntilNow(changed)]
          // Which targets are known hangs on what follows; what is shown must not.
          const byTime = new Map(after)
          for (const [atMs, inputs] of before) {
            if (byTime.has(atMs)) expect(byTime.get(atMs)).toEqual(inputs)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('does not tell the target by an attribute that follows it', async () => {
    const log = await Array.fromAsync(buildLog({ userCount: 60, days: 30 }).users())
    // Whoever buys is premium from then on.
    const following = log.map((user): UserRecord => {
      const bought = user.events.find(({ type }) => type === 'purchase')?.occurredAt
      const start = { knownAt: 1, attributes: { plan: 'free' } }
      const versions =
        bought === undefined ? [start] : [start, { knownAt: bought, attributes: { plan: 'premium' } }]
      return { ...user, versions }
    })
    const made = await makeExamples({ project: smallShop, data: buildEventData(following), seed: 1 })
    if (!made.ok) throw new Error(made.reason.code)
    const { train } = made.value
    const place = made.value.features.categories.findIndex(({ name }) => name === 'plan')
    const values = made.value.features.categories[place]?.values ?? []
    expect(values.toSorted()).toEqual(['free', 'premium'])
    const boughtAt = new Map(following.map(({ userId, versions }) => [userId, versions[1]?.knownAt]))
    const ids = { before: new Set<number>(), after: new Set<number>() }
    const width = made.value.features.categories.length
    for (const [row, userId] of train.userIds.entries()) {
      const hasBought = (boughtAt.get(userId) ?? Infinity) <= (train.atMs[row] ?? 0)
      ids[hasBought ? 'after' : 'before'].add(train.inputs['categories']?.[row * width + place] ?? -1)
    }
    expect([ids.before.size, ids.after.size]).toEqual([1, 1])
    expect(ids.before).not.toEqual(ids.after)
  })

  it('lets no label reach into a later part, and leaves out what is not yet known', async () => {
    const data = buildLog({ userCount: 60, days: 30 })
    const planned = await planMoments({ project: smallShop, data, seed: 1 })
    const everything = await planEverything({ project: smallShop, data, seed: 1 })
    if (!planned.ok || !everything.ok) throw new Error('Expected plans')
    for (const by of [planned.value, everything.value]) {
      const { examples } = await encodeParts({
        project: smallShop,
        data,
        features,
        plan: by,
        parts: partNames,
      })
      for (const [part, { fromMs, untilMs }] of Object.entries(by.parts)) {
        const { atMs, targets, count } = examples[part as 'train']
        expect(count).toBeGreaterThan(50)
        for (let row = 0; row < count; row += 1) {
          const at = atMs[row] ?? 0
          expect(at >= fromMs && at < untilMs).toBe(true)
          const known = !Number.isNaN(targets['buysWithin2Days']?.[row])
          expect(known).toBe(at + 2 * DAY_MS < untilMs)
        }
      }
    }
  })

  it('tells what came after the first events of all users of the train part, sampled or not', async () => {
    const data = buildLog({ userCount: 60, days: 30 })
    const few = { train: 50, validation: 10, test: 10 }
    const planned = await planMoments({ project: smallShop, data, seed: 1, examples: few })
    if (!planned.ok) throw new Error(planned.reason.code)
    const { newcomers } = await encodeParts({
      project: smallShop,
      data,
      features,
      plan: planned.value,
      parts: ['train'],
    })
    const expected: number[] = []
    for await (const { events } of data.users()) {
      const atMs = events[0]?.occurredAt ?? 0
      const task = smallShop.tasks.buysWithin2Days
      expected.push(target(smallShop, task, { atMs, events, knownUntilMs: knownUntil(planned.value) }) ?? NaN)
    }
    expect(Array.from(newcomers['buysWithin2Days'] ?? [])).toEqual(expected)

    function knownUntil({ parts }: MomentPlan): number {
      return (parts.train?.untilMs ?? 0) - 1
    }
  })

  it('takes features that were learned elsewhere, for any moments', async () => {
    const other = buildLog({ userCount: 30, days: 20, seed: 9 })
    const planned = await planEverything({ project: smallShop, data: other, seed: 1 })
    if (!planned.ok) throw new Error(planned.reason.code)
    const request = { project: smallShop, data: other, features, plan: planned.value }
    const all = await encodeMoments({ ...request, part: 'train' })
    expect(all.count).toBeGreaterThan(100)
    expect(Object.keys(all.inputs)).toEqual(inputSpecs(features).map(({ name }) => name))
    expect((await encodeMoments({ ...request, part: 'test' })).count).toBe(0)
  })
})

/** One past and another future. */
function splice(past: Versions, future: Versions, nowMs: number): Versions {
  return [
    ...past.filter(({ knownAt }) => knownAt <= nowMs),
    ...future.filter(({ knownAt }) => knownAt > nowMs),
  ]
}
