import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, shuffle } from '../../../features/random.ts'
import { averagePrecision, rocAuc } from '../../../training/metrics/ranking.ts'
import { classReport } from '../../../training/metrics/report.ts'

const binary = (yes: readonly number[], targets: readonly number[]) =>
  classReport({
    probabilities: Float64Array.from(yes.flatMap((p) => [1 - p, p])),
    targets: Int32Array.from(targets),
    classes: ['no', 'yes'],
  })

describe('classReport', () => {
  // Worked by hand: four pairs of a yes and a no, of which three are in order.
  it('ranks, counts and scores a small case as worked by hand', () => {
    const report = binary([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    expect(report?.auc).toBeCloseTo(0.75, 12)
    expect(report?.averagePrecision).toBeCloseTo(0.5 + 0.5 * (2 / 3), 12)
    expect(report?.accuracy).toBe(0.75)
    expect([report?.precision, report?.recall]).toEqual([1, 0.5])
    expect(report?.f1).toBeCloseTo(2 / 3, 12)
    expect(report?.logLoss).toBeCloseTo(-Math.log(0.9 * 0.6 * 0.35 * 0.8) / 4, 12)
    expect(report?.brier).toBeCloseTo((0.01 + 0.16 + 0.65 ** 2 + 0.04) / 4, 12)
  })

  it('counts ties as half', () => {
    expect(rocAuc({ scores: [0.5, 0.5, 0.5], positive: [true, false, true] })).toBe(0.5)
    expect(averagePrecision({ scores: [0.5, 0.5, 0.5, 0.5], positive: [true, false, false, false] })).toBe(
      0.25,
    )
  })

  it('has no AUC where one class is all there is', () => {
    expect(binary([0.2, 0.3], [1, 1])?.auc).toBeNull()
    expect(binary([], [])).toBeNull()
  })

  it('finds a constant that is right calibrated, and one that is not', () => {
    const targets = Array.from({ length: 1500 }, (_, row) => (row % 4 === 0 ? 1 : 0))
    const constant = (p: number) =>
      binary(
        Array.from(targets, () => p),
        targets,
      )?.ece
    expect(constant(0.25)).toBeCloseTo(0, 12)
    expect(constant(0.75)).toBeCloseTo(0.5, 12)
  })

  it('finds one constant calibrated that is right, also where the examples come sorted by class', () => {
    const targets = Array.from({ length: 1500 }, (_, row) => (row < 1125 ? 0 : 1))
    const constant = targets.map(() => 0.25)
    expect(binary(constant, targets)?.ece).toBeCloseTo(0, 12)
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
    const report = classReport({
      probabilities: Float64Array.from([0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.6, 0.3, 0.1]),
      targets: Int32Array.from([0, 1, 1]),
      classes: ['a', 'b', 'c'],
    })
    expect(report?.perClass['a']).toMatchObject({ precision: 0.5, recall: 1, support: 1 })
    expect(report?.perClass['b']).toMatchObject({ precision: 1, recall: 0.5, support: 2 })
    expect(report?.recallMacro).toBe(0.75)
    expect(report?.recallWeighted).toBeCloseTo(2 / 3, 12)
  })
})
