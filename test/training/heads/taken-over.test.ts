import { describe, expect, it } from 'vitest'
import { occurs, total } from '../../../features/project.ts'
import type { AmountHead, ProbabilityHead } from '../../../features/heads/head.ts'
import { amount } from '../../../training/heads/amount.ts'
import { probability } from '../../../training/heads/probability.ts'

const created: ProbabilityHead = {
  task: 'buys',
  declaration: occurs('buy', { withinDays: 7 }),
  kind: 'probability',
  basis: 'model',
  classes: ['no', 'yes'],
  prior: [0.9, 0.1],
  newcomerPrior: [0.9, 0.1],
  temperature: 1,
  bias: [0, -0.5],
}
const totalled: AmountHead = {
  task: 'spend',
  declaration: total('buy', { withinDays: 7 }),
  kind: 'amount',
  basis: 'model',
  prior: [5],
  newcomerPrior: [5],
  link: 'softplus',
  scale: 10,
  factor: 1,
}

describe('a calibration that a final fit takes over', () => {
  it('moves base rates by the share that its own examples do not show, and keeps its class weights', () => {
    const calibrated = { ...created, temperature: 1.3, bias: [0.2, -0.9] }
    const final = { ...created, bias: [0, -0.7] }
    const taken = (shiftShare: number): ProbabilityHead =>
      probability.withCalibrationOf(final, { created, calibrated, shiftShare })
    const rounded = ({ bias }: ProbabilityHead): number[] =>
      bias.map((value) => Math.round(value * 1e9) / 1e9)
    expect(rounded(taken(1))).toEqual([0.2, -1.1])
    expect(rounded(taken(0.5))).toEqual([0.1, -0.9])
    expect(rounded(taken(0))).toEqual(final.bias)
    expect(taken(0).temperature).toBe(1.3)
  })

  it('keeps the curve', () => {
    const curve = { kind: 'beta', stretch: 0.1, skew: 0.2, level: 0 } as const
    const from = { created, calibrated: { ...created, curve }, shiftShare: 0.5 }
    expect(probability.withCalibrationOf(created, from).curve).toEqual(curve)
  })

  it('moves amounts likewise', () => {
    const calibrated = { ...totalled, factor: 0.64 }
    const factorOf = (shiftShare: number): number =>
      amount.withCalibrationOf(totalled, { created: totalled, calibrated, shiftShare }).factor
    expect(factorOf(1)).toBe(0.64)
    expect(factorOf(0.5)).toBeCloseTo(0.8, 12)
    expect(factorOf(0)).toBe(1)
  })
})
