import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, shuffle } from '../../../features/random.ts'
import { addScores, exactModel, fitLinear } from '../../../training/linear/fit-linear.ts'
import type { SparseRows } from '../../../training/linear/sparse-rows.ts'
import {
  amountDeviance,
  binaryLogLoss,
  meanLossOf,
  softmaxLogLoss,
  squaredError,
} from '../../../training/trees/objective.ts'
import type { Objective } from '../../../training/trees/objective.ts'

const COLUMNS = 6
const random = createRandom(3)

/** Rows of three numbers each. */
function rowsOf(count: number): SparseRows {
  return {
    count,
    starts: Int32Array.from({ length: count + 1 }, (_, row) => 3 * row),
    columns: Int32Array.from({ length: 3 * count }, () => random.integer(COLUMNS)),
    values: Float32Array.from({ length: 3 * count }, () => random.next()),
  }
}

describe('fitLinear', () => {
  const kinds: readonly (readonly [string, Objective, (row: number) => number])[] = [
    ['two classes', binaryLogLoss, () => random.integer(2)],
    ['three classes', softmaxLogLoss(3), () => random.integer(3)],
    ['amounts', amountDeviance(1), () => random.exponential(1)],
    ['numbers', squaredError, () => random.normal()],
  ]

  it.each(kinds)('ends for %s where no weight alone lowers what is minimised', (_, objective, targetOf) => {
    const rows = rowsOf(80)
    const targets = Float32Array.from({ length: 80 }, (__, row) => targetOf(row))
    const counts = Float64Array.from(targets, () => 1 + random.integer(3))
    const total = counts.reduce((sum, count) => sum + count, 0)
    const start = Array.from({ length: objective.width }, () => 0)
    const lossWeight = 0.7
    const model = fitLinear({ rows, targets, counts, columnCount: COLUMNS, objective, start, lossWeight })
    const valueOf = (weights: Float64Array): number => {
      const scores = new Float64Array(80 * objective.width)
      addScores(scores, { rows, model: { width: objective.width, weights } })
      const squares = weights.subarray(0, COLUMNS * objective.width).reduce((sum, w) => sum + w * w, 0)
      return lossWeight * total * meanLossOf(objective, { scores, targets, counts }) + squares / 2
    }
    const least = valueOf(model.weights)
    for (const place of model.weights.keys()) {
      for (const moved of [-0.1, 0.1]) {
        const other = model.weights.slice()
        other[place] = (other[place] ?? 0) + moved
        expect(valueOf(other)).toBeGreaterThan(least - 1e-3)
      }
    }
  })

  it('learns the same of a row that counts three times as of three alike', () => {
    const rows = rowsOf(30)
    const targets = Float32Array.from({ length: 30 }, () => random.integer(2))
    const thrice = {
      count: 90,
      starts: Int32Array.from({ length: 91 }, (_, row) => 3 * row),
      columns: Int32Array.from({ length: 270 }, (_, at) => rows.columns[at % 90] ?? 0),
      values: Float32Array.from({ length: 270 }, (_, at) => rows.values[at % 90] ?? 0),
    }
    const common = { columnCount: COLUMNS, objective: binaryLogLoss, start: [0], lossWeight: 1 }
    const counted = fitLinear({ ...common, rows, targets, counts: new Float64Array(30).fill(3) })
    const repeated = fitLinear({
      ...common,
      rows: thrice,
      targets: Float32Array.from([...targets, ...targets, ...targets]),
      counts: new Float64Array(90).fill(1),
    })
    for (const [place, weight] of counted.weights.entries()) {
      expect(weight).toBeCloseTo(repeated.weights[place] ?? Number.NaN, 6)
    }
  })

  it('learns nothing of no rows', () => {
    const rows = rowsOf(0)
    const { weights } = fitLinear({
      rows,
      targets: new Float32Array(0),
      counts: new Float64Array(0),
      columnCount: COLUMNS,
      objective: binaryLogLoss,
      start: [0],
      lossWeight: 1,
    })
    expect([...weights].every((weight) => weight === 0)).toBe(true)
  })
})

describe('exactModel', () => {
  it('gives scores that 32 bits hold exactly, in whatever order they are summed', () => {
    const weight = fc.double({ min: -40, max: 40, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(weight, { minLength: COLUMNS + 1, maxLength: COLUMNS + 1 }),
        fc.array(fc.integer({ min: 0, max: 1_024 }), { minLength: COLUMNS, maxLength: COLUMNS }),
        (weights, values) => {
          const { weights: exact } = exactModel(
            { width: 1, weights: Float64Array.from(weights) },
            { valueUnits: 1_024, sumMax: COLUMNS },
          )
          const terms = [
            ...values.map((value, place) => (value / 1_024) * (exact[place] ?? 0)),
            exact[COLUMNS] ?? 0,
          ]
          const sum = terms.reduce((total, term) => total + term, 0)
          const rounded = shuffle(terms, random).reduce((total, term) => Math.fround(total + term), 0)
          // There are two zeros.
          expect(rounded + 0).toBe(sum + 0)
        },
      ),
    )
  })

  it('moves no weight by more than a thousandth of the largest where rows are short', () => {
    const weights = Float64Array.from([3, -0.5, 0.01, 0.2])
    const exact = exactModel({ width: 1, weights }, { valueUnits: 1_024, sumMax: 4 })
    for (const [place, weight] of weights.entries()) expect(exact.weights[place]).toBeCloseTo(weight, 2)
  })
})
