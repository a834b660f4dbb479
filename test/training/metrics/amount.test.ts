import { describe, expect, it } from 'vitest'
import { amountReport } from '../../../training/metrics/amount.ts'

const reportOf = (predicted: readonly number[], actual: readonly number[], userIds?: readonly string[]) =>
  amountReport({
    predicted: Float64Array.from(predicted),
    actual: Float32Array.from(actual),
    deviances: predicted.map((value, row) => (value - (actual[row] ?? NaN)) ** 2),
    userIds: userIds ?? predicted.map((_, row) => String(row)),
  })

describe('amountReport', () => {
  it('gives mean deviance, absolute and root mean squared errors, and predicted over actual', () => {
    expect(reportOf([1, 2, 3], [1, 4, 0])).toMatchObject({
      deviance: 13 / 3,
      mae: 5 / 3,
      rmse: Math.sqrt(13 / 3),
      predictedOverActual: 6 / 5,
    })
  })

  it('tells by tenths of the predictions, from small to large, where they do not add up', () => {
    // The small half is foretold twice as large as it comes, the large half half as large.
    const predicted = Array.from({ length: 200 }, (_, row) => ((row * 37) % 200) + 1)
    const actual = predicted.map((value) => (value <= 100 ? value / 2 : 2 * value))
    const { deciles } = reportOf(predicted, actual)
    expect(deciles.map(({ examples }) => examples)).toEqual(Array.from({ length: 10 }, () => 20))
    expect(deciles.map(({ predictedOverActual }) => predictedOverActual)).toEqual(
      Array.from({ length: 10 }, (_, decile) => (decile < 5 ? 2 : 0.5)),
    )
    expect(deciles[0]).toMatchObject({ predicted: 210, actual: 105 })
  })

  it('has no ratio where nothing came, and no more parts than examples', () => {
    const { predictedOverActual, deciles } = reportOf([1, 2, 3], [0, 0, 0])
    expect(predictedOverActual).toBeNull()
    expect(deciles.map(({ examples }) => examples)).toEqual([1, 1, 1])
  })

  it('counts each user the same, however many moments there are of one', () => {
    const { perUser } = reportOf([1, 1, 1, 5], [2, 2, 2, 8], ['a', 'a', 'a', 'b'])
    expect(perUser.mae).toBeCloseTo((1 + 3) / 2, 12)
    expect(perUser.rmse).toBeCloseTo(Math.sqrt((1 + 9) / 2), 12)
    expect(perUser.deviance).toBeCloseTo((1 + 9) / 2, 12)
  })
})
