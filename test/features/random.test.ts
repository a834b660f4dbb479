import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, shuffle } from '../../features/random.ts'
import type { Random } from '../../features/random.ts'

function draw(random: Random, count = 4): number[] {
  return Array.from({ length: count }, () => random.next())
}

/** Of counts that should all be alike. With k bins its mean is k − 1, its deviation √(2 (k − 1)). */
function chiSquare(counts: ArrayLike<number>): number {
  const all = Array.from(counts)
  const expected = all.reduce((sum, count) => sum + count) / all.length
  return all.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

function countBins(values: readonly number[], bins: number): number[] {
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of values) counts[Math.floor(value * bins)] = (counts[Math.floor(value * bins)] ?? 0) + 1
  return counts
}

function correlation(left: readonly number[], right: readonly number[]): number {
  const products = left.map((value, index) => (value - 0.5) * ((right[index] ?? NaN) - 0.5))
  return (12 * products.reduce((sum, product) => sum + product)) / left.length
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value) / values.length
}

describe('createRandom', () => {
  // From a second implementation of xoshiro128** and its seeding, in Python.
  it('draws the same numbers in every runtime and for ever', () => {
    const bits = (random: Random): number[] => draw(random).map((value) => value * 2 ** 32)
    expect(bits(createRandom(0))).toEqual([0xe308dc58, 0x4392d0e4, 0x3318f97, 0xac593a63])
    expect(bits(createRandom(1))).toEqual([0x9190299e, 0xc1017b27, 0xe3af522f, 0x7d71fb05])
    expect(bits(createRandom(2 ** 32 - 1))).toEqual([0x31d28326, 0x728481f8, 0x8c70d5d1, 0x7066baf4])
    expect(bits(createRandom(1).fork('user/7')).slice(0, 3)).toEqual([0xee038e35, 0x1164830f, 0x83e76a2b])
    expect(draw(createRandom(7), 1_000).at(-1)).toBe(0xdf60fd11 / 2 ** 32)
  })

  it('takes the lowest 32 bits of its seed, of negative seeds too', () => {
    expect(draw(createRandom(2 ** 32 + 1))).toEqual(draw(createRandom(1)))
    expect(draw(createRandom(-1))).toEqual(draw(createRandom(2 ** 32 - 1)))
  })

  it('draws numbers from 0 to just below 1, evenly', () => {
    const values = draw(createRandom(1), 50_000)
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(chiSquare(countBins(values, 50))).toBeLessThan(49 + 4 * Math.sqrt(98))
  })

  it('draws whole numbers below the bound, each as often', () => {
    const random = createRandom(2)
    const counts = [0, 0, 0, 0, 0, 0, 0]
    for (let round = 0; round < 20_000; round += 1) {
      const drawn = random.integer(7)
      counts[drawn] = (counts[drawn] ?? 0) + 1
    }
    expect(counts).toHaveLength(7)
    expect(chiSquare(counts)).toBeLessThan(6 + 4 * Math.sqrt(12))
  })

  it('draws standard normals', () => {
    const random = createRandom(3)
    const values = Array.from({ length: 40_000 }, () => random.normal())
    const errors = 4 / Math.sqrt(values.length)
    expect(Math.abs(meanOf(values))).toBeLessThan(errors)
    expect(Math.abs(meanOf(values.map((value) => value ** 2)) - 1)).toBeLessThan(Math.sqrt(2) * errors)
    expect(Math.abs(meanOf(values.map((value) => value ** 4)) - 3)).toBeLessThan(Math.sqrt(96) * errors)
  })

  it('draws exponentials of the mean that the rate says', () => {
    const random = createRandom(4)
    const values = Array.from({ length: 40_000 }, () => random.exponential(0.2))
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.abs(meanOf(values) / 5 - 1)).toBeLessThan(4 / Math.sqrt(values.length))
    expect(values.filter((value) => value > 5).length / values.length).toBeCloseTo(1 / Math.E, 1)
  })

  it('picks in proportion to the weights, and never what has none', () => {
    const random = createRandom(5)
    const counts = [0, 0, 0, 0, 0]
    for (let round = 0; round < 20_000; round += 1) {
      const index = random.pick([0, 3, 0, 1, 0])
      counts[index] = (counts[index] ?? 0) + 1
    }
    expect([counts[0], counts[2], counts[4]]).toEqual([0, 0, 0])
    expect(Math.abs((counts[1] ?? 0) - 15_000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.75 * 0.25))
  })
})

describe('fork', () => {
  it('depends on the seed and the label alone, not on what was drawn', () => {
    const random = createRandom(1)
    const before = draw(random.fork('users'))
    random.next()
    random.fork('items').next()
    expect(draw(random.fork('users'))).toEqual(before)
    expect(draw(createRandom(1).fork('users'))).toEqual(before)
    expect(draw(createRandom(2).fork('users'))).not.toEqual(before)
    expect(draw(createRandom(1).fork('user'))).not.toEqual(before)
  })

  it('takes nothing from the stream it is forked from', () => {
    const random = createRandom(1)
    random.fork('users').next()
    expect(draw(random)).toEqual(draw(createRandom(1)))
  })

  it('has nothing to do with its siblings or with where it comes from', () => {
    const random = createRandom(1)
    const streams = [
      random,
      random.fork('user/1'),
      random.fork('user/2'),
      random.fork('user/1').fork('user/2'),
    ]
    const drawn = streams.map((stream) => draw(stream, 4_000))
    for (const [index, left] of drawn.entries()) {
      for (const right of drawn.slice(index + 1)) {
        expect(Math.abs(correlation(left, right))).toBeLessThan(4 / Math.sqrt(left.length))
      }
    }
  })

  it('starts evenly over labels that are counted up', () => {
    const random = createRandom(1)
    const firsts = Array.from({ length: 10_000 }, (_, index) => random.fork(`user/${index}`).next())
    expect(chiSquare(countBins(firsts, 50))).toBeLessThan(49 + 4 * Math.sqrt(98))
    expect(Math.abs(correlation(firsts, firsts.slice(1).concat(0.5)))).toBeLessThan(4 / 100)
  })
})

describe('shuffle', () => {
  it('keeps every value and leaves the list it was given alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (values, seed) => {
        const kept = [...values]
        const shuffled = shuffle(values, createRandom(seed))
        expect(values).toEqual(kept)
        expect(shuffled.toSorted((a, b) => a - b)).toEqual(kept.toSorted((a, b) => a - b))
      }),
    )
  })

  it('gives each order as often', () => {
    const random = createRandom(6)
    const counts = new Map<string, number>()
    for (let round = 0; round < 12_000; round += 1) {
      const order = shuffle(['a', 'b', 'c', 'd'], random).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    expect(chiSquare([...counts.values()])).toBeLessThan(23 + 4 * Math.sqrt(46))
  })
})
