import { describe, expect, it } from 'vitest'
import { inputSpecs } from '../../../features/encode.ts'
import { encodeParts } from '../../../training/examples/encode-moments.ts'
import { learnFeatures } from '../../../training/learn/learn-features.ts'
import { planMoments } from '../../../training/moments/plan-moments.ts'
import { historySlices, slicesOf } from '../../../training/quality/slices.ts'
import { buildWorld, kiosk } from '../build-world.ts'

const world = buildWorld({
  users: 40,
  days: 30,
  firstDay: (user) => user % 25,
  planOf: (user) => (user % 4 === 0 ? 'a' : 'b'),
  buys: () => 0.3,
})

async function tested() {
  const request = { project: kiosk, data: world, seed: 1 }
  const plan = await planMoments(request)
  if (!plan.ok) throw new Error(plan.reason.code)
  const features = await learnFeatures({ ...request, plan: plan.value })
  const { examples } = await encodeParts({ ...request, features, plan: plan.value, parts: ['test'] })
  return { features, examples: examples.test }
}

describe('slices', () => {
  it('hold the rows of a category, and those of all its values hold each row once', async () => {
    const { features, examples } = await tested()
    const slices = slicesOf({ examples, features })
    const plans = slices.filter(({ name }) => name.startsWith('user.plan = '))
    expect(plans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['user.plan = a', 'user.plan = b', 'user.plan = missing']),
    )
    for (const [row, userId] of examples.userIds.entries()) {
      const own = plans.filter(({ has }) => has(row)).map(({ name }) => name)
      expect(own).toEqual([`user.plan = ${Number(userId.slice(-2)) % 4 === 0 ? 'a' : 'b'}`])
    }
    expect(slices.map(({ name }) => name)).toContain('latest event = visit')
  })

  it('tell short histories from long ones', async () => {
    const { features, examples } = await tested()
    const { shape: [length = 0] = [] } = inputSpecs(features).find(({ name }) => name === 'types') ?? {}
    expect(length).toBeGreaterThanOrEqual(6)
    const slices = historySlices({ examples, features })
    const counts = slices.map(({ has }) => [...examples.userIds.keys()].filter(has).length)
    expect(counts.reduce((sum, count) => sum + count)).toBe(examples.count)
    expect(counts[0]).toBe(0)
    expect(counts[1]).toBeGreaterThan(0)
    expect(counts[2]).toBeGreaterThan(0)
    for (const [row, isFirst] of examples.isFirst.entries()) {
      if (isFirst === 1) expect(slices[1]?.has(row)).toBe(true)
    }
  })
})
