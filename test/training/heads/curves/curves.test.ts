import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { probabilitiesOf } from '../../../../features/heads/calibration.ts'
import type { Curve } from '../../../../features/heads/curve.ts'
import { bend } from '../../../../features/heads/curve-kinds.ts'
import { createRandom } from '../../../../features/random.ts'
import { chooseCurve } from '../../../../training/heads/curves/choose-curve.ts'
import type { CurveRequest } from '../../../../training/heads/curves/choose-curve.ts'
import { curveFits } from '../../../../training/heads/curves/kinds.ts'
import { expectedCalibrationError, logLoss } from '../../../../training/metrics/probability.ts'

/** Examples whose true log-odds are a function of those that are told. */
function draw(seed: number, examples: number, truthOf: (told: number) => number): CurveRequest {
  const random = createRandom(seed)
  const logOdds = Float64Array.from({ length: examples }, () => 2 * random.normal() - 1)
  return {
    logOdds,
    came: logOdds.map((told) => (random.next() < 1 / (1 + Math.exp(-truthOf(told))) ? 1 : 0)),
    userIds: Array.from(logOdds, (_, row) => `user-${row}`),
  }
}

function judged(data: CurveRequest, curve: Curve | undefined): { loss: number; ece: number } {
  const bent = Array.from(data.logOdds, (x) => (curve === undefined ? x : bend(curve, x)))
  const probabilities = bent.flatMap((x) => [1 / (1 + Math.exp(x)), 1 / (1 + Math.exp(-x))])
  const forecasts = { probabilities, targets: data.came, classCount: 2 }
  return { loss: logLoss(forecasts), ece: expectedCalibrationError(forecasts) }
}

/** Sure of what is unlikely only: what a beta curve undoes. */
const skewed = (told: number): number => (told > 0 ? told : 0.4 * told)
/** As it is told but for a stretch in which all are alike: what only an isotonic curve follows. */
const stepped = (told: number): number => (Math.abs(told + 1) < 1.5 ? -1 : told)

describe.each(Object.entries(curveFits))('a curve of kind %s', (_, fit) => {
  it('rises, and gives shares within (0, 1) that sum to one, whatever it was fitted to', () => {
    const anyExample = fc.record({
      told: fc.double({ min: -30, max: 30, noNaN: true }),
      came: fc.constantFrom(0, 1),
    })
    const anyData = fc.array(anyExample, { minLength: 1, maxLength: 120 })
    fc.assert(
      fc.property(anyData, fc.double({ min: 0.01, max: 1, noNaN: true }), (examples, weight) => {
        const curve = fit({
          logOdds: examples.map(({ told }) => told),
          came: examples.map(({ came }) => came),
          weight,
        })
        let before = -Infinity
        for (let told = -50; told <= 50; told += 1) {
          const given = bend(curve, told)
          expect(given).toBeGreaterThanOrEqual(before)
          before = given
          const shares = probabilitiesOf([0, told], { temperature: 1, bias: [0, 0], curve })
          for (const share of shares) expect(share > 0 && share < 1).toBe(true)
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('costs what is calibrated no more than chance', () => {
    const test = draw(100, 8_000, (told) => told)
    const straight = judged(test, undefined).loss
    const losses = [1, 2, 3, 4, 5, 6].map((seed) => {
      const data = draw(seed, 1_000, (told) => told)
      return judged(test, fit({ ...data, weight: 1 })).loss - straight
    })
    // Half a nat of all examples for each of as many numbers as a curve may take (Akaike).
    expect(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toBeLessThan(4 / 1_000)
  })
})

describe('chooseCurve', () => {
  it.each([
    ['beta', skewed],
    ['isotonic', stepped],
  ])('takes %s where it undoes what is wrong, and later answers are better calibrated', (kind, truthOf) => {
    const { curve } = chooseCurve(draw(7, 6_000, truthOf))
    expect(curve?.kind).toBe(kind)
    const test = draw(8, 8_000, truthOf)
    const [before, after] = [judged(test, undefined), judged(test, curve)]
    expect(after.ece).toBeLessThan(0.6 * before.ece)
    expect(after.loss).toBeLessThan(before.loss)
  })

  it('bends nothing that is calibrated, nineteen times of twenty', () => {
    const chosen = Array.from({ length: 20 }, (_, seed) => chooseCurve(draw(seed, 800, (told) => told)).curve)
    expect(chosen.filter((curve) => curve !== undefined).length).toBeLessThanOrEqual(3)
  })

  it('takes many examples of few users for few', () => {
    const few = draw(3, 90, skewed)
    const repeat = (values: ArrayLike<number>): Float64Array =>
      Float64Array.from({ length: 9_000 }, (_, row) => values[row % 90] ?? NaN)
    const userIds = Array.from({ length: 9_000 }, (_, row) => `user-${row % 90}`)
    const repeated = { logOdds: repeat(few.logOdds), came: repeat(few.came), userIds }
    expect(chooseCurve(repeated).curve).toBeUndefined()
  })
})
