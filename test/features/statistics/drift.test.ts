import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import type { Random } from '../../../features/random.ts'
import { driftPValue, findDrift } from '../../../features/statistics/drift.ts'
import { drawFromBins, drawHypergeometric } from '../../../features/statistics/hypergeometric.ts'

function countsOf(shares: readonly number[], size: number, random: Random): number[] {
  const counts = shares.map(() => 0)
  for (let user = 0; user < size; user += 1) {
    const bin = random.pick(shares)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}

describe('drawHypergeometric', () => {
  it('draws each number as often as scipy 1.17.1 says: hypergeom(40, 12, 9)', () => {
    // scipy.stats.hypergeom.pmf(range(10), 40, 12, 9)
    const expected = [
      0.02525939, 0.13640072, 0.28579198, 0.30311271, 0.17791398, 0.05930466, 0.0110702, 0.00109486,
      0.00005069, 0.0000008,
    ]
    const random = createRandom(2)
    const seen = expected.map(() => 0)
    const draws = 60_000
    for (let draw = 0; draw < draws; draw += 1) {
      const came = drawHypergeometric({ total: 40, marked: 12, drawn: 9 }, random)
      seen[came] = (seen[came] ?? 0) + 1
    }
    for (const [came, count] of seen.entries()) expect(count / draws).toBeCloseTo(expected[came] ?? 0, 2)
  })

  it('draws as many in all as are asked for, and never more of a bin than there are', () => {
    const random = createRandom(3)
    const counts = [3, 0, 500, 20, 1]
    const into = new Float64Array(counts.length)
    for (let run = 0; run < 500; run += 1) {
      const drawn = random.integer(525)
      drawFromBins(counts, { drawn, into, random })
      expect(into.reduce((sum, count) => sum + count, 0)).toBe(drawn)
      for (const [bin, count] of counts.entries()) expect(into[bin]).toBeLessThanOrEqual(count)
    }
  })
})

describe('driftPValue', () => {
  const cases = [
    { name: 'bins of a number', shares: Array.from({ length: 10 }, () => 1), isOrdered: true },
    { name: 'categories of which many are rare', shares: [900, 90, 9, 1, 1, 1, 1], isOrdered: false },
    { name: 'a rare yes', shares: [98, 2], isOrdered: false },
  ]
  for (const { name, shares, isOrdered } of cases) {
    it(`calls drift where there is none as often as it is allowed to: ${name}, fifty users`, () => {
      const random = createRandom(4).fork(name)
      const runs = 1_200
      let alarms = 0
      for (let run = 0; run < runs; run += 1) {
        const [reference, current] = [countsOf(shares, 400, random), countsOf(shares, 50, random)]
        if (driftPValue({ name, reference, current, isOrdered }, random) <= 0.1) alarms += 1
      }
      expect(alarms / runs).toBeGreaterThan(0.08)
      expect(alarms / runs).toBeLessThan(0.12)
    })
  }

  it('finds a shift of a number where bins without an order do not show it yet', () => {
    const random = createRandom(5)
    const shares = Array.from({ length: 16 }, () => 1)
    const shifted = shares.map((_, bin) => 1 + 0.35 * (bin / 7.5 - 1))
    let [ordered, plain] = [0, 0]
    for (let run = 0; run < 60; run += 1) {
      const samples = {
        name: 'age',
        reference: countsOf(shares, 2_000, random),
        current: countsOf(shifted, 150, random),
      }
      ordered += Number(driftPValue({ ...samples, isOrdered: true }, random) <= 0.05)
      plain += Number(driftPValue({ ...samples, isOrdered: false }, random) <= 0.05)
    }
    expect(ordered).toBeGreaterThan(plain + 8)
  })

  it('says nothing of an empty sample', () => {
    const samples = { name: 'age', reference: [3, 4], current: [0, 0], isOrdered: true }
    expect(driftPValue(samples, createRandom(1))).toBe(1)
  })
})

describe('findDrift', () => {
  it('names what has drifted, with the share of users that moved, and the same for the same seed', () => {
    const reference = [500, 300, 200]
    const samples = [
      { name: 'still', reference, current: [252, 148, 100], isOrdered: false },
      { name: 'moved', reference, current: [150, 250, 100], isOrdered: false },
    ]
    const found = findDrift(samples, { random: createRandom(6) })
    expect(found).toMatchObject([
      { name: 'still', isDrifted: false },
      { name: 'moved', isDrifted: true, moved: expect.closeTo(0.2, 6) },
    ])
    expect(findDrift(samples, { random: createRandom(6) })).toEqual(found)
  })
})
