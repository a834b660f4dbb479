import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import { createReservoir } from '../../../training/learn/reservoir.ts'

function sample(count: number, sizeMax: number, seed = 1): number[] {
  const reservoir = createReservoir<number>(sizeMax, createRandom(seed))
  for (let value = 0; value < count; value += 1) reservoir.offer(() => value)
  return [...reservoir.kept]
}

describe('createReservoir', () => {
  it('keeps everything while there is room, and never more than it may', () => {
    expect(sample(5, 8)).toEqual([0, 1, 2, 3, 4])
    expect(new Set(sample(500, 8)).size).toBe(8)
  })

  it('gives early and late values the same chance', () => {
    const counts = [0, 0, 0, 0]
    for (let seed = 0; seed < 400; seed += 1) {
      for (const value of sample(400, 10, seed)) {
        const quarter = Math.floor(value / 100)
        counts[quarter] = (counts[quarter] ?? 0) + 1
      }
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(4 * Math.sqrt(750))
  })
})
