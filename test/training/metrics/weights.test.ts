import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureClasses } from '../../../training/metrics/measure-classes.ts'
import type { Measured } from '../../../training/metrics/measure.ts'
import { newcomersOf } from '../../../training/metrics/newcomers.ts'
import { alike, laterHalf, userWeights } from '../../../training/metrics/weights.ts'

interface Row {
  readonly twentieths: number
  readonly came: boolean
}

/** Of forecasts of a yes in twentieths. */
function measured(rows: readonly Row[], weights: Float64Array): Measured {
  return measureClasses({
    probabilities: Float64Array.from(
      rows.flatMap(({ twentieths }) => [1 - twentieths / 20, twentieths / 20]),
    ),
    targets: Int32Array.from(rows, ({ came }) => (came ? 1 : 0)),
    classCount: 2,
  })(weights)
}

const anyRow = fc.record({ twentieths: fc.integer({ min: 1, max: 19 }), came: fc.boolean() })

describe('userWeights', () => {
  it('give what does not change where all moments of a user are told again and again', () => {
    const anyRepeats = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 8, maxLength: 8 })
    const anyRows = fc.array(anyRow, { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(anyRows, anyRepeats, (rows, repeats) => {
        const perUser = (times: readonly number[]): Measured => {
          const told = rows.flatMap((row, user) =>
            Array.from({ length: times[user] ?? 1 }, () => ({ row, userId: `user-${user}` })),
          )
          return measured(
            told.map(({ row }) => row),
            userWeights(told.map(({ userId }) => userId)),
          )
        }
        const [once, often] = [perUser(rows.map(() => 1)), perUser(repeats)]
        for (const name of ['logLoss', 'auc', 'averagePrecision', 'brier']) {
          if (once[name] === null) expect(often[name], name).toBeNull()
          else expect(often[name], name).toBeCloseTo(once[name] ?? Number.NaN, 10)
        }
      }),
    )
  })

  it('give what is told per moment where each user has one', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 2, maxLength: 60 }), (rows) => {
        const ofUsers = measured(rows, userWeights(rows.map((_, row) => String(row))))
        expect(ofUsers).toEqual(measured(rows, alike(rows.length)))
      }),
    )
  })

  it('let users of one moment be heard whom one of a thousand would drown', () => {
    // A thousand moments foretold right, and ten users of whom nine in ten is said and nothing comes.
    const rows = [
      ...Array.from({ length: 1_000 }, (_, row) => ({ twentieths: 10, came: row % 2 === 0, userId: 'bot' })),
      ...Array.from({ length: 10 }, (_, user) => ({ twentieths: 18, came: false, userId: `user-${user}` })),
    ]
    expect(measured(rows, alike(rows.length))['ece']).toBeLessThan(0.02)
    expect(measured(rows, userWeights(rows.map(({ userId }) => userId)))['ece']).toBeGreaterThan(0.7)
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
    expect([...(laterHalf(Float64Array.from([80, 10, 60, 30])) ?? [])]).toEqual([1, 0, 1, 0])
  })

  it('is not defined where all are of one time', () => {
    expect(laterHalf(Float64Array.from([5, 5]))).toBeUndefined()
    expect(laterHalf(new Float64Array(0))).toBeUndefined()
  })
})
