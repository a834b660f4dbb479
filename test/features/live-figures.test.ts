import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addSettled,
  areaUnderCurve,
  calibrationError,
  calibrationOf,
  intervalOf,
  noFigures,
  userMeanOf,
  plusFigures,
} from '../../features/live-figures.ts'
import type { Settled } from '../../features/live-figures.ts'
import { packPredictions, unpackPredictions } from '../../features/prediction-pack.ts'
import type { LoggedPrediction } from '../../features/prediction-pack.ts'
import { createRandom } from '../../features/random.ts'
import { shopHeads } from '../functions/shop.ts'

const [yesOrNo, , choice, amount] = shopHeads
if (yesOrNo === undefined || choice === undefined || amount === undefined) throw new Error('No heads')

function figuresOf(head: typeof yesOrNo & object, settled: readonly Settled[]) {
  return settled.reduce((figures, one) => addSettled(figures, head, one), noFigures(head))
}

/** Answers whose probabilities are true. */
function trueAnswers(count: number, seed = 1): Settled[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const probability = random.next()
    return {
      userId: `u-${index}`,
      numbers: [1 - probability, probability],
      target: random.next() < probability ? 1 : 0,
      propensity: 1,
    }
  })
}

describe('live figures', () => {
  it('are the mean log loss, the area under the curve and the calibration, computed one by one', () => {
    const settled = trueAnswers(600)
    const figures = figuresOf(yesOrNo, settled)
    const losses = settled.map(({ numbers, target }) => -Math.log(numbers[target ?? 0] ?? 0))
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length
    expect(intervalOf(figures.loss)?.mean).toBeCloseTo(mean, 10)
    const scores = settled.map(({ numbers, target }) => [numbers[1] ?? 0, target] as const)
    let [won, pairs] = [0, 0]
    for (const [yes] of scores.filter(([, target]) => target === 1)) {
      for (const [no] of scores.filter(([, target]) => target === 0)) {
        pairs += 1
        won += yes > no ? 1 : 0
      }
    }
    expect(areaUnderCurve(figures)?.mean).toBeCloseTo(won / pairs, 2)
    expect(calibrationError(figures)).toBeLessThan(0.06)
    for (const { low, high, came } of calibrationOf(figures)) expect(low <= came && came <= high).toBe(true)
  })

  it('tell rare yeses from noes as well as their probabilities do, and take what is certain', () => {
    const random = createRandom(3)
    const settled = Array.from({ length: 5_000 }, (_, index): Settled => {
      const probability = 0.0005 * 40 ** random.next()
      const target = random.next() < probability ? 1 : 0
      return { userId: `u-${index}`, numbers: [1 - probability, probability], target, propensity: 1 }
    })
    const [yeses, noes] = [1, 0].map((came) =>
      settled.filter(({ target }) => target === came).map(({ numbers }) => numbers[1] ?? 0),
    )
    const pairs = (yeses ?? []).flatMap((yes) => (noes ?? []).map((no) => (yes > no ? 1 : 0)))
    const won: number = pairs.reduce<number>((sum, one) => sum + one, 0)
    const figures = figuresOf(yesOrNo, settled)
    expect(won / pairs.length).toBeGreaterThan(0.65)
    expect(areaUnderCurve(figures)?.mean).toBeCloseTo(won / pairs.length, 2)
    const certain = [0, 1].map((target): Settled => ({
      userId: 'u',
      numbers: [1 - target, target],
      target,
      propensity: 1,
    }))
    expect(areaUnderCurve(figuresOf(yesOrNo, certain))?.mean).toBe(1)
  })

  it('have intervals that hold the truth about 95 times in a hundred', () => {
    // −p log p − (1 − p) log(1 − p), over p in [0, 1].
    const truth = 0.5
    const held = Array.from({ length: 200 }, (_, seed) => {
      const found = intervalOf(figuresOf(yesOrNo, trueAnswers(300, seed + 1)).loss)
      return found !== undefined && Math.abs(found.mean - truth) <= found.halfWidth
    }).filter(Boolean).length
    expect(held / 200).toBeGreaterThan(0.9)
    expect(held / 200).toBeLessThan(0.99)
  })

  it('add up over parts to what they are of the whole', () => {
    const settled = trueAnswers(100)
    const whole = figuresOf(yesOrNo, settled)
    const parts = plusFigures(figuresOf(yesOrNo, settled.slice(0, 30)), figuresOf(yesOrNo, settled.slice(30)))
    expect(intervalOf(parts.loss)?.mean).toBeCloseTo(intervalOf(whole.loss)?.mean ?? 0, 10)
    expect(parts.bins.map(({ weight }) => weight)).toEqual(whole.bins.map(({ weight }) => weight))
    expect([parts.yes, parts.no]).toEqual([whole.yes, whole.no])
  })

  it('have by users the variance that the answers of one user hang together by', () => {
    // 50 answers of a user, all alike: as much is known as of one answer a user.
    const users = trueAnswers(200)
    const many = users.flatMap((one) => Array.from({ length: 50 }, () => one))
    const [once, often] = [users, many].map((settled) => userMeanOf(figuresOf(yesOrNo, settled), 'loss'))
    expect(often?.mean).toBeCloseTo(once?.mean ?? 0, 10)
    expect(often?.variance).toBeCloseTo(once?.variance ?? 0, 10)
    // And of one answer a user it is about that of answers that do not hang together.
    const plain = intervalOf(figuresOf(yesOrNo, users).loss)
    expect(Math.sqrt(once?.variance ?? 0) / ((plain?.halfWidth ?? 0) / 1.96)).toBeCloseTo(1, 0)
    expect(userMeanOf(figuresOf(yesOrNo, users.slice(0, 5)), 'loss')).toBe(undefined)
  })

  it('let an answer that was logged one time in four count as four', () => {
    const rare = { userId: 'a', numbers: [0.2, 0.8], target: 1, propensity: 0.25 }
    const sure = { userId: 'b', numbers: [0.6, 0.4], target: 0, propensity: 1 }
    const mean = intervalOf(figuresOf(yesOrNo, [rare, sure]).loss)?.mean
    expect(mean).toBeCloseTo((-4 * Math.log(0.8) - Math.log(0.6)) / 5, 10)
  })

  it('count what is not known apart, of every kind of head', () => {
    for (const head of [yesOrNo, choice, amount]) {
      const figures = addSettled(noFigures(head), head, {
        userId: 'a',
        numbers: [],
        target: null,
        propensity: 1,
      })
      expect(figures.unknown).toBe(1)
      expect(intervalOf(figures.loss)).toBe(undefined)
    }
  })
})

describe('packed predictions', () => {
  it('come out as they went in, whatever the texts', () => {
    const prediction: fc.Arbitrary<LoggedPrediction> = fc.record({
      id: fc.string(),
      userId: fc.string({ unit: 'binary' }),
      atMs: fc.nat(),
      propensity: fc.double({ min: 0.001, max: 1, noNaN: true }),
      fallback: fc.constantFrom(null, 'unknown_user' as const, 'model_failed' as const),
      context: fc.option(
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.nat()), { noNullPrototype: true }),
      ),
      numbers: fc.record({ a: fc.array(fc.nat()), b: fc.array(fc.nat()) }),
    })
    fc.assert(
      fc.property(fc.array(prediction, { maxLength: 5 }), (predictions) => {
        expect(unpackPredictions(packPredictions(predictions))).toEqual(predictions)
      }),
    )
  })
})
