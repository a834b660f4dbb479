import { describe, expect, it } from 'vitest'
import { encodeParts } from '../../../training/examples/encode-moments.ts'
import { learnFeatures } from '../../../training/learn/learn-features.ts'
import { partNames } from '../../../training/moments/parts.ts'
import { planMoments, planRolling } from '../../../training/moments/plan-moments.ts'
import { userFolds } from '../../../training/moments/user-folds.ts'
import { buildRows, buildTable, kindsOf, smallTable } from '../build-table.ts'
import { buildWorld, kiosk } from '../build-world.ts'

const USERS = 45
// Every user has a plan of their own: what is learned of one shows.
const world = buildWorld({ users: USERS, days: 40, planOf: (user) => `plan-${user % 9}`, buys: () => 0.3 })
const request = { project: kiosk, data: world, seed: 1 }

describe('userFolds', () => {
  it('test each user once, by what was learned of others alone', async () => {
    const plan = await planMoments(request)
    if (!plan.ok) throw new Error(plan.reason.code)
    const tested: string[] = []
    for (const fold of userFolds(plan.value, { userCount: USERS, foldCount: 3 })) {
      const features = await learnFeatures({ ...request, plan: fold })
      const { examples } = await encodeParts({ ...request, features, plan: fold, parts: partNames })
      const [train, validation, test] = partNames.map((part) => new Set(examples[part].userIds))
      expect(test?.size).toBe(USERS / 3)
      expect([...(train ?? []), ...(validation ?? [])].filter((userId) => test?.has(userId))).toEqual([])
      tested.push(...(test ?? []))
    }
    expect(new Set(tested).size).toBe(USERS)
    expect(tested.length).toBe(USERS)
  })

  it('learn no word, and no answer for newcomers, from those held out', async () => {
    const plan = await planMoments(request)
    if (!plan.ok) throw new Error(plan.reason.code)
    // All users of plan-0, whose places are told by their numbers.
    const heldOut = new Set(Array.from({ length: USERS }, (_, user) => user).filter((user) => user % 9 === 0))
    const known = await learnFeatures({ ...request, plan: plan.value })
    const held = await learnFeatures({ ...request, plan: { ...plan.value, heldOut } })
    expect(known.categories.flatMap(({ values }) => values)).toContain('plan-0')
    expect(held.categories.flatMap(({ values }) => values)).not.toContain('plan-0')
    const newcomersOf = async (own: typeof plan.value): Promise<number | undefined> => {
      const encoded = await encodeParts({ ...request, features: known, plan: own, parts: [] })
      return encoded.newcomers['buysNextDay']?.length
    }
    expect(await newcomersOf(plan.value)).toBe(USERS)
    expect(await newcomersOf({ ...plan.value, heldOut })).toBe(USERS - heldOut.size)
  })
})

describe('planRolling', () => {
  it('tests end to end, each after all that was learned and chosen by', async () => {
    const plans = await planRolling({ ...request, origins: 3 })
    if (!plans.ok) throw new Error(plans.reason.code)
    expect(plans.value.length).toBe(3)
    for (const [at, { parts }] of plans.value.entries()) {
      const { train, validation, test } = parts
      if (train === undefined || validation === undefined || test === undefined) throw new Error('no parts')
      expect(train.untilMs).toBeLessThanOrEqual(validation.fromMs)
      expect(validation.untilMs).toBeLessThanOrEqual(test.fromMs)
      const next = plans.value[at + 1]?.parts.test
      expect(test.untilMs).toBe(next?.fromMs ?? (world.span?.endMs ?? 0) + 1)
    }
  })

  it('is as a plan of one where one is wanted', async () => {
    const [rolling, single] = [await planRolling({ ...request, origins: 1 }), await planMoments(request)]
    expect(rolling.ok && rolling.value).toEqual(single.ok && [single.value])
  })

  it('is refused of rows that do not say when they ask', async () => {
    const data = buildTable(buildRows(kindsOf({ a: 9, b: 9, c: 9 })))
    const plans = await planRolling({ project: smallTable, data, seed: 1, origins: 3 })
    expect(plans).toMatchObject({ ok: false, reason: { code: 'rows_without_times' } })
  })

  it('gives as many as fit', async () => {
    const short = buildWorld({ users: USERS, days: 7, planOf: () => 'a', buys: () => 0.3 })
    const plans = await planRolling({ ...request, data: short, origins: 20 })
    if (!plans.ok) throw new Error(plans.reason.code)
    expect(plans.value.length).toBeGreaterThanOrEqual(1)
    expect(plans.value.length).toBeLessThan(20)
  })
})
