import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newcomersOf, perUserOf } from '../../../training/metrics/breakdown.ts'
import { expectedCalibrationError, laterHalf } from '../../../training/metrics/probability.ts'
import { rocAuc } from '../../../training/metrics/ranking.ts'
import type { Forecasts } from '../../../training/metrics/probability.ts'

/** Forecasts of a yes in twentieths. */
function forecastsOf(rows: readonly { readonly twentieths: number; readonly came: boolean }[]): Forecasts {
  return {
    probabilities: rows.flatMap(({ twentieths }) => [1 - twentieths / 20, twentieths / 20]),
    targets: rows.map(({ came }) => (came ? 1 : 0)),
    classCount: 2,
  }
}

const anyRow = fc.record({ twentieths: fc.integer({ min: 1, max: 19 }), came: fc.boolean() })

describe('perUserOf', () => {
  it('does not change where all moments of a user are told again and again', () => {
    const anyRepeats = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 8, maxLength: 8 })
    const anyRows = fc.array(anyRow, { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(anyRows, anyRepeats, (rows, repeats) => {
        const perUser = (times: readonly number[]) => {
          const told = rows.flatMap((row, user) =>
            Array.from({ length: times[user] ?? 1 }, () => ({ row, userId: `user-${user}` })),
          )
          const losses = told.map(
            ({ row }) => -Math.log(row.came ? row.twentieths / 20 : 1 - row.twentieths / 20),
          )
          const forecasts = forecastsOf(told.map(({ row }) => row))
          return perUserOf({ forecasts, losses, userIds: told.map(({ userId }) => userId) })
        }
        const [once, often] = [perUser(rows.map(() => 1)), perUser(repeats)]
        expect(often.logLoss).toBeCloseTo(once.logLoss, 10)
        if (once.auc === null) expect(often.auc).toBeNull()
        else expect(often.auc).toBeCloseTo(once.auc, 10)
      }),
    )
  })

  it('is what it is per moment where each user has one', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 2, maxLength: 60 }), (rows) => {
        const forecasts = forecastsOf(rows)
        const { ece, auc } = perUserOf({
          forecasts,
          losses: rows.map(() => 1),
          userIds: rows.map((_, row) => String(row)),
        })
        const positive = rows.map(({ came }) => came)
        expect(ece).toBeCloseTo(expectedCalibrationError(forecasts), 10)
        expect(auc).toEqual(rocAuc({ scores: rows.map(({ twentieths }) => twentieths), positive }))
      }),
    )
  })

  it('hears of users of one moment whom one of a thousand would drown', () => {
    // A thousand moments foretold right, and ten users of whom nine in ten is said and nothing comes.
    const rows = [
      ...Array.from({ length: 1_000 }, (_, row) => ({ twentieths: 10, came: row % 2 === 0, userId: 'bot' })),
      ...Array.from({ length: 10 }, (_, user) => ({ twentieths: 18, came: false, userId: `user-${user}` })),
    ]
    const forecasts = forecastsOf(rows)
    const { ece } = perUserOf({
      forecasts,
      losses: rows.map(() => 1),
      userIds: rows.map((row) => row.userId),
    })
    expect(expectedCalibrationError(forecasts)).toBeLessThan(0.02)
    expect(ece).toBeGreaterThan(0.7)
  })
})

describe('newcomersOf', () => {
  it('looks at first moments alone, and has nothing to say of none', () => {
    const [losses, priorLosses] = [
      [1, 2, 4],
      [3, 3, 9],
    ]
    expect(newcomersOf({ losses, priorLosses, isFirst: [true, false, true] })).toEqual({
      examples: 2,
      loss: 2.5,
      priorLoss: 6,
    })
    expect(newcomersOf({ losses, priorLosses, isFirst: [false, false, false] })).toEqual({
      examples: 0,
      loss: null,
      priorLoss: null,
    })
  })
})

describe('laterHalf', () => {
  it('takes the later half in time, in whatever order the examples come', () => {
    const rows = [8, 1, 6, 3].map((twentieths) => ({ twentieths, came: true }))
    const later = laterHalf(forecastsOf(rows), Float64Array.from([80, 10, 60, 30]))
    expect(Array.from(later?.probabilities ?? [])).toEqual([12 / 20, 8 / 20, 14 / 20, 6 / 20])
    expect(later?.targets).toEqual([1, 1])
  })

  it('is not defined where all are of one time', () => {
    const rows = [1, 2].map((twentieths) => ({ twentieths, came: true }))
    expect(laterHalf(forecastsOf(rows), Float64Array.from([5, 5]))).toBeUndefined()
    expect(laterHalf(forecastsOf([]), new Float64Array(0))).toBeUndefined()
  })
})
