import { describe, expect, it } from 'vitest'
import type { AmountHead } from '../../features/heads/head.ts'
import type { DataSet } from '../../training/data/data-set.ts'
import { makeExamples } from '../../training/examples/make-examples.ts'
import { familyByName } from '../../training/models/families.ts'
import type { Family } from '../../training/models/family.ts'
import { rehearse } from '../../training/rehearse.ts'
import type { Rehearsal } from '../../training/rehearse.ts'
import { buildWorld, kiosk } from './build-world.ts'

interface Run {
  readonly rehearsal: Rehearsal
  readonly said: readonly string[]
}

async function rehearseOn(data: DataSet, { seed = 1, family = 'softmax' } = {}): Promise<Run> {
  const said: string[] = []
  const monitor = {
    say: (line: string) => said.push(line),
    track: () => ({ advance: () => {}, done: () => {} }),
  }
  const examples = await makeExamples({ project: kiosk, data, seed })
  if (!examples.ok) throw new Error(JSON.stringify(examples.reason))
  const rehearsed = await rehearse({
    project: kiosk,
    family: familyByName[family] as Family,
    seed,
    settings: family === 'prior' ? {} : { stepsMax: 600 },
    backend: 'wasm',
    monitor,
    examples: examples.value,
  })
  if (!rehearsed.ok) throw new Error(JSON.stringify(rehearsed.reason))
  return { rehearsal: rehearsed.value, said }
}

const plans = { a: 0.15, b: 0.6 }
const planOf = (user: number): string => (user % 2 === 0 ? 'a' : 'b')
const learnable = (seed: number, value?: (plan: string) => number): DataSet =>
  buildWorld({
    users: 120,
    days: 20,
    seed,
    planOf,
    buys: (plan) => plans[plan as 'a' | 'b'],
    ...(value !== undefined && { value }),
  })
const noise = (seed: number): DataSet => buildWorld({ users: 120, days: 20, seed, planOf, buys: () => 0.3 })

describe('rehearse', () => {
  it('lets the prior answer what is pure noise, says so, and tells the metrics of what it answers', async () => {
    const bases: string[] = []
    for (const seed of [1, 2, 3]) {
      const { rehearsal, said } = await rehearseOn(noise(seed), { seed })
      const { basis, model, prior } = rehearsal.card.tasks['buysNextDay'] ?? {}
      bases.push(basis ?? '')
      if (basis !== 'prior') continue
      expect(model).toEqual(prior)
      expect(said.join('\n')).toMatch(/buysNextDay: no better than the prior on later data \(gains .*\)/)
      expect(rehearsal.heads.find(({ task }) => task === 'buysNextDay')?.basis).toBe('prior')
    }
    expect(bases.filter((basis) => basis === 'prior').length).toBeGreaterThanOrEqual(2)
  })

  it('lets the model answer what can be learned, with every seed', async () => {
    for (const seed of [1, 2, 3]) {
      const { rehearsal } = await rehearseOn(learnable(seed), { seed })
      const { basis, model, prior } = rehearsal.card.tasks['buysNextDay'] ?? {}
      expect(basis).toBe('model')
      expect(model?.['logLoss']).toBeLessThan(0.9 * Number(prior?.['logLoss']))
    }
  })

  it('learns the other tasks where one outcome is too rare, and says which', async () => {
    const { rehearsal, said } = await rehearseOn(learnable(1))
    expect(rehearsal.card.tasks).toMatchObject({
      buysNextDay: { basis: 'model' },
      complainsNextDay: { basis: 'prior' },
    })
    expect(rehearsal.card.shortages).toMatchObject([{ task: 'complainsNextDay', outcome: 'yes', count: 0 }])
    expect(said.join('\n')).toMatch(
      /Task 'complainsNextDay': 'yes' came true in 0 of \d+ training examples; at least 25 are needed: the prior answers/,
    )
  })

  it('learns totals that are negative on average', async () => {
    const { rehearsal } = await rehearseOn(learnable(1, (plan) => (plan === 'a' ? 20 : -30)))
    const head = rehearsal.heads.find(({ task }) => task === 'spendNextDay') as AmountHead
    expect(head).toMatchObject({ link: 'identity', basis: 'model' })
    expect(head.prior[0]).toBeLessThan(-5)
    const { model, prior } = rehearsal.card.tasks['spendNextDay'] ?? {}
    expect(model?.['rmse']).toBeLessThan(Number(prior?.['rmse']))
    expect(model?.['predictedOverActual']).toBeCloseTo(1, 0)
  })

  it('gives the prior as it is where the family is the prior: no mark, no calibration', async () => {
    const { rehearsal } = await rehearseOn(learnable(1), { family: 'prior' })
    const { basis, model, prior } = rehearsal.card.tasks['buysNextDay'] ?? {}
    expect(basis).toBe('model')
    expect(model?.['logLoss']).toBeCloseTo(Number(prior?.['logLoss']), 6)
    expect(rehearsal.heads).toEqual(rehearsal.created)
  })
})
