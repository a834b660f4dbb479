import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, shuffle } from '../../../features/random.ts'
import { averagePrecision, rocAuc } from '../../../training/metrics/ranking.ts'
import { measureClasses } from '../../../training/metrics/measure-classes.ts'
import type { Measured } from '../../../training/metrics/measure.ts'
import { scoresByClass } from '../../../training/metrics/scores-by-class.ts'
import { alike } from '../../../training/metrics/weights.ts'

const judgedYes = (yes: readonly number[], targets: readonly number[]) => ({
  probabilities: Float64Array.from(yes.flatMap((p) => [1 - p, p])),
  targets: Int32Array.from(targets),
  classCount: 2,
})

const binary = (yes: readonly number[], targets: readonly number[]): Measured =>
  measureClasses(judgedYes(yes, targets))(alike(targets.length))

describe('measureClasses', () => {
  // Worked by hand: four pairs of a yes and a no, of which three are in order.
  it('ranks, counts and scores a small case as worked by hand', () => {
    const report = binary([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    expect(report['auc']).toBeCloseTo(0.75, 12)
    expect(report['averagePrecision']).toBeCloseTo(0.5 + 0.5 * (2 / 3), 12)
    expect(report['accuracy']).toBe(0.75)
    expect([report['precision'], report['recall']]).toEqual([1, 0.5])
    expect(report['f1']).toBeCloseTo(2 / 3, 12)
    expect(report['logLoss']).toBeCloseTo(-Math.log(0.9 * 0.6 * 0.35 * 0.8) / 4, 12)
    expect(report['brier']).toBeCloseTo((0.01 + 0.16 + 0.65 ** 2 + 0.04) / 4, 12)
  })

  it('counts ties as half', () => {
    expect(rocAuc({ scores: [0.5, 0.5, 0.5], positive: [true, false, true] })).toBe(0.5)
    expect(averagePrecision({ scores: [0.5, 0.5, 0.5, 0.5], positive: [true, false, false, false] })).toBe(
      0.25,
    )
  })

  it('has no AUC where one class is all there is', () => {
    expect(binary([0.2, 0.3], [1, 1])['auc']).toBeNull()
  })

  it('finds a constant that is right calibrated, and one that is not', () => {
    const targets = Array.from({ length: 1500 }, (_, row) => (row % 4 === 0 ? 1 : 0))
    const constant = (p: number) =>
      binary(
        Array.from(targets, () => p),
        targets,
      )['ece']
    expect(constant(0.25)).toBeCloseTo(0, 12)
    expect(constant(0.75)).toBeCloseTo(0.5, 12)
  })

  it('finds one constant calibrated that is right, also where the examples come sorted by class', () => {
    const targets = Array.from({ length: 1500 }, (_, row) => (row < 1125 ? 0 : 1))
    const constant = targets.map(() => 0.25)
    expect(binary(constant, targets)['ece']).toBeCloseTo(0, 12)
  })

  it('does not depend on the order of the examples', () => {
    const anyExamples = fc.array(fc.record({ twentieths: fc.nat(20), came: fc.boolean() }), {
      minLength: 2,
      maxLength: 60,
    })
    fc.assert(
      fc.property(anyExamples, fc.integer(), (examples, seed) => {
        const reportOf = (rows: typeof examples): Record<string, unknown> => {
          const yes = rows.map(({ twentieths }) => twentieths / 20)
          return {
            ...binary(
              yes,
              rows.map(({ came }) => (came ? 1 : 0)),
            ),
          }
        }
        const mixed = reportOf(shuffle(examples, createRandom(seed)))
        for (const [name, value] of Object.entries(reportOf(examples))) {
          if (typeof value === 'number') expect(mixed[name], name).toBeCloseTo(value, 10)
          else expect(mixed[name], name).toEqual(value)
        }
      }),
    )
  })

  it('averages over the classes that occur where there are more than two', () => {
    const judged = {
      probabilities: Float64Array.from([0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.6, 0.3, 0.1]),
      targets: Int32Array.from([0, 1, 1]),
      classCount: 3,
    }
    const perClass = scoresByClass(judged, ['a', 'b', 'c'])
    expect(perClass['a']).toMatchObject({ precision: 0.5, recall: 1, support: 1 })
    expect(perClass['b']).toMatchObject({ precision: 1, recall: 0.5, support: 2 })
    const measured = measureClasses(judged)(alike(3))
    expect(measured['recallMacro']).toBe(0.75)
    expect(measured['recallWeighted']).toBeCloseTo(2 / 3, 12)
  })

  it('counts an example of weight three as three, and one of weight nothing as none', () => {
    const anyExample = fc.record({ twentieths: fc.nat(20), came: fc.boolean(), weight: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(anyExample, { minLength: 1, maxLength: 40 }), (drawn) => {
        const rows = [...drawn, { twentieths: 7, came: true, weight: 1 }]
        const thresholds = { '0.3': 0.3, '0.9': 0.9 }
        const measureOf = (examples: typeof rows) =>
          measureClasses({
            ...judgedYes(
              examples.map(({ twentieths }) => twentieths / 20),
              examples.map(({ came }) => (came ? 1 : 0)),
            ),
            thresholds,
          })
        const told = rows.flatMap((row) => Array.from({ length: row.weight }, () => row))
        const weighted = measureOf(rows)(Float64Array.from(rows, ({ weight }) => weight))
        const repeated = measureOf(told)(alike(told.length))
        for (const [name, value] of Object.entries(repeated)) {
          // A bin that cuts through an example of weight three takes it whole.
          if (name === 'ece') continue
          if (value === null) expect(weighted[name], name).toBeNull()
          else expect(weighted[name], name).toBeCloseTo(value, 10)
        }
      }),
    )
  })
})
