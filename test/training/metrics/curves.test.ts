import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import { gainCurve, precisionRecallCurve, reliabilityOf, rocCurve } from '../../../training/metrics/curves.ts'
import type { Curve } from '../../../training/metrics/curves.ts'
import {
  averagePrecisionOf,
  createTally,
  gainsAt,
  rankingOf,
  rocAucOf,
} from '../../../training/metrics/ranking.ts'
import { alike } from '../../../training/metrics/weights.ts'

const anyWorld = fc.record({
  count: fc.integer({ min: 20, max: 3_000 }),
  seed: fc.nat(),
  levels: fc.constantFrom(3, 40, 100_000),
})

function tallyOf({ count, seed, levels }: { count: number; seed: number; levels: number }) {
  const random = createRandom(seed)
  const scores = Float64Array.from({ length: count }, () => Math.round(random.next() * levels) / levels)
  const came = [...scores].map((score, row) => row === 0 || (row > 1 && random.next() < score))
  return createTally(rankingOf(scores, (row) => came[row] === true))(alike(count))
}

/** Under straight lines between the points. */
const areaOf = ({ x, y }: Curve): number =>
  x.slice(1).reduce((sum, to, at) => sum + ((to - (x[at] ?? 0)) * ((y[at] ?? 0) + (y[at + 1] ?? 0))) / 2, 0)

describe('curves', () => {
  it('keep the area under the ROC, the precision and the gain, with sixty points at most', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const tally = tallyOf(world)
        const curves = [rocCurve(tally), precisionRecallCurve(tally), gainCurve(tally)]
        for (const { x, y } of curves) {
          expect(x.length).toBe(y.length)
          expect(x.length).toBeLessThanOrEqual(61)
          expect(x).toEqual(x.toSorted((a, b) => a - b))
          expect([...x, ...y].every((value) => value >= 0 && value <= 1)).toBe(true)
          expect(x.at(-1)).toBe(1)
        }
        const [roc, , gain] = curves
        if (roc === undefined || gain === undefined) throw new Error('Expected curves')
        expect(areaOf(roc)).toBeCloseTo(rocAucOf(tally) ?? NaN, 1)
        const [at20 = NaN] = gainsAt(tally, [0.2]) ?? []
        const before = gain.x.findLastIndex((share) => share <= 0.2)
        expect(gain.y[before] ?? NaN).toBeLessThanOrEqual(at20 + 0.001)
        expect(gain.y[before + 1] ?? 1).toBeGreaterThanOrEqual(at20 - 0.001)
      }),
      { numRuns: 50 },
    )
  })

  it('fall with precision as average precision does', () => {
    const tally = tallyOf({ count: 3_000, seed: 1, levels: 100_000 })
    expect(areaOf(precisionRecallCurve(tally))).toBeCloseTo(averagePrecisionOf(tally) ?? NaN, 1)
  })
})

describe('reliabilityOf', () => {
  const binsOf = (moved: number, count = 6_000) => {
    const random = createRandom(7)
    const told = Float64Array.from({ length: count }, () => random.next())
    const came = told.map((p) => (random.next() < p * moved ? 1 : 0))
    return reliabilityOf({
      told,
      came,
      weights: alike(count),
      userIds: [...told.keys()].map((row) => `user-${row}`),
    })
  }

  it('has fifteen bins of as many examples, and holds what was told in nearly all where it is true', () => {
    const bins = binsOf(1)
    expect(bins.length).toBe(15)
    for (const { share } of bins) expect(share).toBeCloseTo(1 / 15, 3)
    expect(bins.filter(({ told, low, high }) => told >= low && told <= high).length).toBeGreaterThanOrEqual(
      12,
    )
  })

  it('shows where too much is told', () => {
    expect(
      binsOf(0.6)
        .slice(3)
        .every(({ told, high }) => told > high),
    ).toBe(true)
  })

  it('keeps examples of one answer together', () => {
    const bins = reliabilityOf({
      told: new Float64Array(100).fill(0.2),
      came: Array.from({ length: 100 }, (_, row) => (row < 20 ? 1 : 0)),
      weights: alike(100),
      userIds: Array.from({ length: 100 }, (_, row) => String(row)),
    })
    expect(bins).toMatchObject([{ told: 0.2, came: 0.2, share: 1 }])
  })
})
