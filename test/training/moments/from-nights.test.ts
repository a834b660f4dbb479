import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../features/project.ts'
import type { DataSet } from '../../../training/data/data-set.ts'
import { momentsOf } from '../../../training/moments/moments-of.ts'
import type { Moment } from '../../../training/moments/moment.ts'
import { planMoments } from '../../../training/moments/plan-moments.ts'
import type { PlanRequest } from '../../../training/moments/plan-moments.ts'
import type { MomentPlan } from '../../../training/moments/plan.ts'
import { buildWorld, kiosk } from '../build-world.ts'

const world = buildWorld({
  users: 60,
  days: 40,
  planOf: () => 'a',
  buys: () => 0.3,
  firstDay: (user) => user % 36,
})

async function planned(overrides: Partial<PlanRequest> = {}): Promise<MomentPlan> {
  const plan = await planMoments({ project: kiosk, data: world, seed: 1, ...overrides })
  if (!plan.ok) throw new Error(plan.reason.code)
  return plan.value
}

async function asked(data: DataSet, plan: MomentPlan): Promise<(Moment & { readonly userId: string })[]> {
  const users = await Array.fromAsync(data.users())
  return users.flatMap((user, place) =>
    momentsOf(user, { project: kiosk, plan, place }).moments.map((moment) => ({
      ...moment,
      userId: user.userId,
    })),
  )
}

describe('a plan asked nightly', () => {
  it('asks in its test everybody who is known, at midnights whose outcomes are known', async () => {
    const plan = await planned({ asked: 'nightly' })
    const nights = plan.nights ?? []
    expect(nights.length).toBeGreaterThan(2)
    expect(nights.every((atMs) => atMs % DAY_MS === 0)).toBe(true)
    const { test } = plan.parts
    for (const atMs of nights) {
      expect(atMs).toBeGreaterThanOrEqual(test?.fromMs ?? Infinity)
      expect(atMs + DAY_MS).toBeLessThanOrEqual(plan.knownUntilMs)
    }
    const moments = (await asked(world, plan)).filter(({ part }) => part === 'test')
    for (const atMs of nights) {
      const known: string[] = []
      for await (const { userId, events } of world.users()) {
        if ((events[0]?.occurredAt ?? Infinity) <= atMs) known.push(userId)
      }
      expect(moments.filter((moment) => moment.atMs === atMs).map(({ userId }) => userId)).toEqual(known)
    }
    expect(moments.every(({ atMs, from }) => nights.includes(atMs) && from === 'clock')).toBe(true)
  })

  it('learns and chooses at the same moments as before', async () => {
    const others = async (plan: MomentPlan): Promise<unknown> =>
      (await asked(world, plan)).filter(({ part }) => part !== 'test')
    expect(await others(await planned({ asked: 'nightly' }))).toEqual(await others(await planned()))
  })

  it('takes as many nights as give the examples that are wanted, and one at the least', async () => {
    const nightsFor = async (test: number): Promise<number | undefined> =>
      (await planned({ asked: 'nightly', examples: { train: 1e4, validation: 1e4, test } })).nights?.length
    expect(await nightsFor(10)).toBe(1)
    expect(await nightsFor(130)).toBe(2)
  })
})
