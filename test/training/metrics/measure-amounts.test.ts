import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decilesOf } from '../../../training/metrics/deciles.ts'
import { measureAmounts } from '../../../training/metrics/measure-amounts.ts'
import type { Measured } from '../../../training/metrics/measure.ts'
import { alike, userWeights } from '../../../training/metrics/weights.ts'
import { weightedAmounts } from './golden-weighted.ts'

const measured = (
  predicted: readonly number[],
  actual: readonly number[],
  weights: Float64Array = alike(actual.length),
): Measured =>
  measureAmounts({
    predicted: Float64Array.from(predicted),
    actual: Float32Array.from(actual),
    deviances: predicted.map((value, row) => (value - (actual[row] ?? NaN)) ** 2),
  })(weights)

describe('measureAmounts', () => {
  it('gives mean deviance, absolute and root mean squared errors, and predicted over actual', () => {
    expect(measured([1, 2, 3], [1, 4, 0])).toMatchObject({
      deviance: 13 / 3,
      mae: 5 / 3,
      rmse: Math.sqrt(13 / 3),
      predictedOverActual: 6 / 5,
    })
  })

  it('has the mean Poisson deviance of scikit-learn', () => {
    const { weights, deviance, ...judged } = weightedAmounts
    expect(measureAmounts(judged)(weights)['deviance']).toBeCloseTo(deviance, 5)
  })

  it('has no ratio where nothing came, and no correlation where nothing varies', () => {
    expect(measured([1, 2, 3], [0, 0, 0])).toMatchObject({ predictedOverActual: null, spearman: null })
  })

  it('counts an amount of weight three as three, and one of weight nothing as none', () => {
    const anyRow = fc.record({ predicted: fc.nat(9), actual: fc.nat(9), weight: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 30 }), (drawn) => {
        const rows = [...drawn, { predicted: 1, actual: 2, weight: 1 }]
        const of = (examples: typeof rows, weights?: Float64Array): Measured =>
          measured(
            examples.map(({ predicted }) => predicted),
            examples.map(({ actual }) => actual),
            weights,
          )
        const repeated = of(rows.flatMap((row) => Array.from({ length: row.weight }, () => row)))
        const weighted = of(
          rows,
          Float64Array.from(rows, ({ weight }) => weight),
        )
        for (const [name, value] of Object.entries(repeated)) {
          if (value === null) expect(weighted[name], name).toBeNull()
          else expect(weighted[name], name).toBeCloseTo(value, 10)
        }
      }),
    )
  })

  it('counts each user the same, however many moments there are of one, where told so', () => {
    const perUser = measured([1, 1, 1, 5], [2, 2, 2, 8], userWeights(['a', 'a', 'a', 'b']))
    expect(perUser['mae']).toBeCloseTo((1 + 3) / 2, 12)
    expect(perUser['rmse']).toBeCloseTo(Math.sqrt((1 + 9) / 2), 12)
    expect(perUser['deviance']).toBeCloseTo((1 + 9) / 2, 12)
  })
})

describe('decilesOf', () => {
  it('tells by tenths of the predictions, from small to large, where they do not add up', () => {
    // The small half is foretold twice as large as it comes, the large half half as large.
    const predicted = Float64Array.from({ length: 200 }, (_, row) => ((row * 37) % 200) + 1)
    const actual = Float32Array.from(predicted, (value) => (value <= 100 ? value / 2 : 2 * value))
    const deciles = decilesOf(predicted, actual)
    expect(deciles.map(({ examples }) => examples)).toEqual(Array.from({ length: 10 }, () => 20))
    expect(deciles.map(({ predictedOverActual }) => predictedOverActual)).toEqual(
      Array.from({ length: 10 }, (_, decile) => (decile < 5 ? 2 : 0.5)),
    )
    expect(deciles[0]).toMatchObject({ predicted: 210, actual: 105 })
  })

  it('has no more parts than examples', () => {
    const deciles = decilesOf(Float64Array.of(1, 2, 3), Float32Array.of(0, 0, 0))
    expect(deciles.map(({ examples }) => examples)).toEqual([1, 1, 1])
  })
})
