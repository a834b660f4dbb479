import { describe, expect, it } from 'vitest'
import { bestThreshold } from '../../../training/metrics/best-threshold.ts'
import { createConfusion } from '../../../training/metrics/confusion.ts'
import { measureAmounts } from '../../../training/metrics/measure-amounts.ts'
import { chosenClasses, measureClasses } from '../../../training/metrics/measure-classes.ts'
import { calibrationRanking } from '../../../training/metrics/probability.ts'
import { createTally } from '../../../training/metrics/ranking.ts'
import { scoresByClass } from '../../../training/metrics/scores-by-class.ts'
import { alike } from '../../../training/metrics/weights.ts'
import { goldenForecasts } from './golden-forecasts.ts'
import { weightedAmounts, weightedClasses, weightedYes } from './golden-weighted.ts'

/** Every number held to ten digits after the point. */
const near = (numbers: object): unknown =>
  Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, expect.closeTo(Number(value), 10)]),
  )

describe('measureClasses', () => {
  it.each(Object.entries(goldenForecasts))('agrees with scikit-learn on %s', (_name, golden) => {
    const judged = { ...golden, classCount: golden.classes.length }
    expect(measureClasses(judged)(alike(golden.targets.length))).toMatchObject(near(golden.report) as object)
    const byClass = scoresByClass(judged, golden.classes)
    for (const [name, scores] of Object.entries(golden.perClass)) {
      expect(byClass[name]).toMatchObject(near(scores) as object)
    }
  })

  it('agrees with scikit-learn on weighted examples of a yes, at thresholds too', () => {
    const { probabilities, targets, weights, thresholds, report } = weightedYes
    const measured = measureClasses({ probabilities, targets, classCount: 2, thresholds })(weights)
    expect(measured).toMatchObject(near(report) as object)
  })

  it('agrees with scikit-learn on weighted examples of three classes', () => {
    const { probabilities, targets, weights, report } = weightedClasses
    const measured = measureClasses({ probabilities, targets, classCount: 3 })(weights)
    expect(measured).toMatchObject(near(report) as object)
  })
})

describe('createConfusion', () => {
  it('agrees with scikit-learn', () => {
    const { probabilities, targets, weights, confusion } = weightedClasses
    const judged = { probabilities, targets, classCount: 3 }
    const matrix = createConfusion({ ...judged, chosen: chosenClasses(judged) })(weights)
    expect([...matrix]).toEqual(confusion)
  })
})

describe('bestThreshold', () => {
  it('is where F1 is highest along the precision-recall curve of scikit-learn', () => {
    const { probabilities, targets, best } = weightedYes
    const tallyOf = createTally(calibrationRanking({ probabilities, targets, classCount: 2 }))
    expect(bestThreshold(tallyOf(alike(targets.length)))).toBe(best)
  })
})

describe('measureAmounts', () => {
  it('agrees with scikit-learn and scipy on weighted examples', () => {
    const { weights, report, ...judged } = weightedAmounts
    expect(measureAmounts(judged)(weights)).toMatchObject(near(report) as object)
  })
})
