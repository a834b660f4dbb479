import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../../features/event.ts'
import { DAY_MS, longestHorizonMs } from '../../../features/project.ts'
import { partNames, splitByTime } from '../../../training/examples/parts.ts'
import { replayLog } from '../../../training/examples/replay.ts'
import type { UserHistory } from '../../../training/data/data-set.ts'
import { START_MS, buildEventData, buildLog, smallShop } from './build-log.ts'

const horizonMs = longestHorizonMs(smallShop)
const examplesMax = { train: 1e6, validation: 1e6, test: 1e6 }

async function replay(data: ReturnType<typeof buildLog>, limits = examplesMax) {
  const split = splitByTime({ startMs: data.startMs, endMs: data.endMs, longestHorizonMs: horizonMs })
  if (!split.ok) throw new Error('the log is too short')
  const { value: parts } = split
  return { parts, ...(await replayLog({ project: smallShop, data, parts, seed: 1, examplesMax: limits })) }
}

async function usersOf(data: ReturnType<typeof buildLog>): Promise<UserHistory[]> {
  return Array.fromAsync(data.users())
}

describe('replayLog', () => {
  it('asks inside each part and keeps a horizon before its end', async () => {
    const { parts, examples } = await replay(buildLog({ userCount: 60, days: 30 }))
    for (const name of partNames) {
      const { atMs, targets, count } = examples[name]
      expect(count).toBeGreaterThan(50)
      for (let row = 0; row < count; row += 1) {
        const at = atMs[row] ?? 0
        expect(at >= parts[name].fromMs && at < parts[name].untilMs).toBe(true)
        const known = !Number.isNaN(targets['buysWithin2Days']?.[row])
        expect(known).toBe(at + horizonMs < parts[name].untilMs)
      }
    }
  })

  it('makes inputs from the past alone: another future changes none of them', async () => {
    const users = await usersOf(buildLog({ userCount: 8, days: 30 }))
    const base = await replay(buildEventData(users))
    const testFromMs = base.parts.test.fromMs
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('view', 'cart', 'purchase'), { maxLength: 5 }),
        async (types) => {
          const changed = users.map((user) => ({
            ...user,
            events: [...beforeTest(user), ...made(user, types)],
          }))
          const { examples, features } = await replay(sameSpan(buildEventData(changed), base))
          expect(features).toEqual(base.features)
          expect(examples.train).toEqual(base.examples.train)
          expect(examples.validation).toEqual(base.examples.validation)
        },
      ),
      { numRuns: 5 },
    )

    function beforeTest(user: UserHistory): Event[] {
      return user.events.filter((event) => event.occurredAt < testFromMs)
    }
    function made(user: UserHistory, types: readonly string[]): Event[] {
      return types.map((type, index) => ({
        id: `${user.userId}-made-${index}`,
        type,
        userId: user.userId,
        occurredAt: testFromMs + index,
        receivedAt: testFromMs + index,
      }))
    }
    function sameSpan(
      data: ReturnType<typeof buildLog>,
      { parts }: typeof base,
    ): ReturnType<typeof buildLog> {
      return { ...data, startMs: parts.train.fromMs, endMs: parts.test.untilMs - 1 }
    }
  })

  it('does not show an example what was received after its moment', async () => {
    const users = await usersOf(buildLog({ userCount: 20, days: 30 }))
    const late = users.map((user) => ({
      ...user,
      events: user.events.map((event) => ({ ...event, receivedAt: event.occurredAt + 100 * DAY_MS })),
    }))
    const { examples } = await replay(buildEventData(late))
    expect(examples.train.count).toBeGreaterThan(0)
    expect(examples.train.inputs['types']?.every((id) => id === 0)).toBe(true)
  })

  it('makes about as many examples as wanted, and the same ones each time', async () => {
    const log = buildLog({ userCount: 100, days: 30 })
    const limits = { train: 300, validation: 100, test: 100 }
    const first = await replay(log, limits)
    expect(first.examples.train.count).toBeGreaterThan(200)
    expect(first.examples.train.count).toBeLessThan(400)
    expect(await replay(log, limits)).toEqual(first)
  })

  it('asks between events too, for a project asked at any time', async () => {
    const data = buildLog({ userCount: 50, days: 30 })
    const { examples } = await replay(data)
    const eventTimes = new Set((await usersOf(data)).flatMap((user) => user.events.map((e) => e.occurredAt)))
    const between = examples.train.atMs.filter((at) => !eventTimes.has(at)).length / examples.train.count
    expect(between).toBeGreaterThan(0.2)
    expect(between).toBeLessThan(0.4)
    expect(Math.min(...examples.train.atMs)).toBeGreaterThanOrEqual(START_MS)
  })
})
