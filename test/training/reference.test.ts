import { beforeAll, describe, expect, it } from 'vitest'
import { occurs } from '../../features/project.ts'
import { inputBinsOf } from '../../features/input-bins.ts'
import type { Head } from '../../features/heads/head.ts'
import { createRandom } from '../../features/random.ts'
import { findDrift } from '../../features/statistics/drift.ts'
import type { DataSet } from '../../training/data/data-set.ts'
import { encodeMoments } from '../../training/examples/encode-moments.ts'
import type { ExampleSet } from '../../training/examples/example-set.ts'
import { makeExamples } from '../../training/examples/make-examples.ts'
import type { PartExamples } from '../../training/examples/make-examples.ts'
import { referenceAnswers, referenceInputs } from '../../training/reference.ts'
import { buildLog, smallShop } from './examples/build-log.ts'

const wanted = { train: 1_500, validation: 300, test: 1_500 }
let made: PartExamples
beforeAll(async () => {
  const data = buildLog({ userCount: 150, days: 20 })
  const examples = await makeExamples({ project: smallShop, data, seed: 1, examples: wanted })
  if (!examples.ok) throw new Error(JSON.stringify(examples.reason))
  made = examples.value
})

const totalOf = (counts: readonly number[] | undefined): number =>
  (counts ?? []).reduce((sum, count) => sum + count, 0)
const usersOf = ({ userIds }: Pick<ExampleSet, 'userIds'>): number => new Set(userIds).size

describe('referenceInputs', () => {
  it('counts each user of the latest moments once', () => {
    const { features, test } = made
    const counted = referenceInputs(features, { learned: test, random: createRandom(1) })
    const totals = new Set(Object.values(counted).map(totalOf))
    expect(totals.size).toBe(1)
    const [users = 0] = totals
    expect(users).toBeGreaterThan(20)
    expect(users).toBeLessThanOrEqual(usersOf(test))
  })

  it('is where a change of plans shows as drift, and other users of the same kind do not', async () => {
    const { features, plan, test } = made
    const before = referenceInputs(features, { learned: test, random: createRandom(1) })
    const others = buildLog({ userCount: 150, days: 20, seed: 9 })
    const allPaid: DataSet = {
      ...others,
      users: async function* () {
        for await (const user of others.users()) {
          if (user.versions[0]?.attributes['plan'] === 'paid') yield user
        }
      },
    }
    const driftedIn = async (data: DataSet): Promise<string[]> => {
      const examples = await encodeMoments({ project: smallShop, data, features, plan, part: 'test' })
      const now = referenceInputs(features, { learned: examples, random: createRandom(2) })
      const samples = inputBinsOf(features).map(({ name, isOrdered }) => ({
        name,
        isOrdered,
        reference: before[name] ?? [],
        current: now[name] ?? [],
      }))
      const found = findDrift(samples, { random: createRandom(3) })
      return found.filter(({ isDrifted }) => isDrifted).map(({ name }) => name)
    }
    expect(await driftedIn(others)).toEqual([])
    expect(await driftedIn(allPaid)).toContain('user.plan')
  })
})

describe('referenceAnswers', () => {
  it('counts what is answered and what came true, each user once', () => {
    const head: Head = {
      kind: 'probability',
      task: 'buysWithin2Days',
      declaration: occurs('purchase', { withinDays: 2 }),
      basis: 'model',
      classes: ['no', 'yes'],
      prior: [0.5, 0.5],
      newcomerPrior: [0.5, 0.5],
      temperature: 1,
      bias: [0, 0],
    }
    const { test } = made
    const logits = Float32Array.from({ length: 2 * test.count }, (_, place) => Math.sin(place))
    const outputs = { buysWithin2Days: logits }
    const counted = referenceAnswers([head], { tested: test, outputs, random: createRandom(1) })
    const [yes, ...more] = counted.answers['buysWithin2Days'] ?? []
    expect(more).toEqual([])
    expect(yes?.cuts).toHaveLength(11)
    expect(totalOf(yes?.counts)).toBe(usersOf(test))
    expect(counted.outcomes['buysWithin2Days']?.cuts).toEqual([1])
    expect(totalOf(counted.outcomes['buysWithin2Days']?.counts)).toBeLessThanOrEqual(usersOf(test))
  })
})
