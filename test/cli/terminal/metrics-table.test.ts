import { describe, expect, it } from 'vitest'
import { metricsTables } from '../../../cli/terminal/metrics-table.ts'

const task = {
  logLoss: 0.3,
  prior: { logLoss: 0.4 },
  intervals: { logLoss: [0.28, 0.32] as const },
  examples: 900,
}
const beside = (p: number) => ({ logLoss: { difference: -0.01, interval: [-0.02, 0.001] as const, p } })

describe('metricsTables', () => {
  it('tells by how much the model differs from others on the same moments, and whether it may be chance', () => {
    const against = { prior: beside(0.001), softmax: beside(0.2), '0123abcd': beside(0.01) }
    expect(
      metricsTables({ buys: { ...task, against } })
        .split('\n')
        .slice(-2),
    ).toEqual([
      'less softmax: log loss −0.0100 (−0.0200 to +0.0010, may be chance)',
      'less 0123abcd: log loss −0.0100 (−0.0200 to +0.0010)',
    ])
  })

  it('tells what comes of each probability that was asked for', () => {
    const at = { 'precisionAt0.1': 0.5, 'recallAt0.1': 0.8, precisionAtBest: 0.6, 'takenAt0.1': 0.2 }
    const deviation = { buys: { model: { 'precisionAt0.1': 0.01 } } }
    expect(
      metricsTables({ buys: { ...task, ...at } }, deviation)
        .split('\n')
        .slice(3),
    ).toEqual([
      'precision from 0.1 on  0.5000  ± 0.0100          –',
      'recall from 0.1 on     0.8000                    –',
    ])
  })

  it('has the range of each metric beside it, and the prior', () => {
    expect(metricsTables({ buys: task })).toBe(
      [
        'buys, 900 examples',
        '          model   95 %              prior',
        'log loss  0.3000  0.2800 to 0.3200  0.4000',
      ].join('\n'),
    )
  })
})
