import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import { addUser, adjustByPast, NO_USERS } from '../../../features/statistics/cuped.ts'
import type { ArmSums } from '../../../features/statistics/cuped.ts'
import { describeExperiment, judgeExperiment } from '../../../features/statistics/experiment.ts'
import type { Experiment } from '../../../features/statistics/experiment.ts'
import { logGamma } from '../../../features/statistics/log-gamma.ts'
import { sampleRatioPValue } from '../../../features/statistics/sample-ratio.ts'

describe('logGamma', () => {
  it('gives what scipy 1.17.1 gives', () => {
    for (const [x, value] of [
      [0.3, 1.0957979948180756],
      [1, 0],
      [7.5, 7.534364236758734],
      [1234.5, 7550.550901077894],
      [1e7, 151180949.36947393],
    ] as const) {
      expect(logGamma(x) / (value || 1)).toBeCloseTo(value === 0 ? 0 : 1, 12)
    }
  })
})

describe('sampleRatioPValue', () => {
  it('is the inverse Bayes factor of a Dirichlet-multinomial, as scipy 1.17.1 makes it from gammaln', () => {
    expect(sampleRatioPValue([5_000, 5_000], [0.5, 0.5])).toBe(1)
    expect(sampleRatioPValue([5_000, 5_400], [0.5, 0.5])).toBeCloseTo(0.003019796753763666, 9)
    expect(sampleRatioPValue([5_000, 5_600], [0.5, 0.5]) / 6.161493429338363e-7).toBeCloseTo(1, 6)
    expect(sampleRatioPValue([9_300, 700], [0.95, 0.05]) / 3.8278334595278264e-15).toBeCloseTo(1, 6)
  })
})

describe('adjustByPast', () => {
  const control: ArmSums = {
    users: 1_200,
    sum: 3_600,
    sumOfSquares: 14_200,
    pastSum: 3_500,
    pastSumOfSquares: 13_800,
    sumOfProducts: 13_000,
  }
  const treatment: ArmSums = {
    users: 1_300,
    sum: 4_095,
    sumOfSquares: 16_400,
    pastSum: 3_850,
    pastSumOfSquares: 15_000,
    sumOfProducts: 14_300,
  }

  it('gives the difference and the variances that gbstats 0.8.0 gives with regression adjustment', () => {
    const adjusted = adjustByPast(control, treatment)
    expect(adjusted.treatment.mean - adjusted.control.mean).toBeCloseTo(0.12081742134933604, 12)
    expect(adjusted.control.variance).toBeCloseTo(0.0011588562006723808, 14)
    expect(adjusted.treatment.variance).toBeCloseTo(0.0013008858057992076, 14)
  })

  it('changes nothing where nothing is known of the past', () => {
    const none = { pastSum: 0, pastSumOfSquares: 0, sumOfProducts: 0 }
    const adjusted = adjustByPast({ ...control, ...none }, { ...treatment, ...none })
    expect(adjusted.treatment.mean - adjusted.control.mean).toBeCloseTo(0.15, 12)
    expect(adjusted.control.variance + adjusted.treatment.variance).toBeCloseTo(0.004436124698376537, 12)
    expect(adjusted.explained).toBe(0)
  })
})

function arm(seed: number, { users, mean }: { readonly users: number; readonly mean: number }): ArmSums {
  const random = createRandom(seed)
  let sums = NO_USERS
  for (let user = 0; user < users; user += 1) {
    const past = random.normal()
    sums = addUser(sums, { outcome: mean + 0.1 * past + 0.1 * random.normal(), past })
  }
  return sums
}

function experiment(lift: number, overrides: Partial<Experiment> & { readonly users?: number } = {}) {
  const { users = 4_000, ...rest } = overrides
  return judgeExperiment({
    assigned: { control: users, treatment: users },
    treatmentShare: 0.5,
    control: arm(1, { users, mean: 1 }),
    treatment: arm(2, { users, mean: 1 + lift }),
    better: 'higher',
    days: 10,
    ...rest,
  })
}

describe('judgeExperiment', () => {
  it('says by how much the treatment is better, and that it is safe to stop', () => {
    const verdict = experiment(0.03)
    expect(verdict.kind).toBe('better')
    expect(describeExperiment(verdict)).toMatch(/^better by \d\.\d % \(\d\.\d to \d\.\d\), safe to stop$/)
    expect(verdict).toMatchObject({ explained: expect.closeTo(0.5, 1) })
  })

  it('turns round where lower is better', () => {
    expect(experiment(0.03, { better: 'lower' }).kind).toBe('worse')
    expect(experiment(-0.03, { better: 'lower' }).kind).toBe('better')
  })

  it('says about how many days more it takes, and after so many the interval is as narrow as that', () => {
    const verdict = experiment(0.004, { users: 300 })
    if (verdict.kind !== 'more_days') throw new Error(`Expected more days, got ${verdict.kind}`)
    expect(describeExperiment(verdict)).toMatch(/^about \d+ days more; so far /)
    const users = Math.ceil((300 * (10 + (verdict.days ?? Infinity))) / 10)
    const then = experiment(0.004, { users })
    const halfWidth = 'high' in then ? (then.high - then.low) / 2 : Infinity
    expect(halfWidth / Math.max(0.01, Math.abs(verdict.lift))).toBeGreaterThan(0.8)
    expect(halfWidth / Math.max(0.01, Math.abs(verdict.lift))).toBeLessThan(1.1)
  })

  it('tells that there is no difference worth having', () => {
    expect(experiment(0, { users: 20_000 }).kind).toBe('no_difference')
  })

  it('refuses to read an experiment whose split is broken, whatever it shows', () => {
    const verdict = experiment(0.03, { assigned: { control: 4_000, treatment: 4_600 } })
    expect(describeExperiment(verdict)).toMatch(/^the split is broken: do not read \(53\.5 %/)
  })

  it('says that nothing is known of too few users', () => {
    expect(experiment(0.5, { users: 60 }).kind).toBe('nothing_known')
  })
})
