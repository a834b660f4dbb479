import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWithinShare, placeOf } from '../../features/share.ts'

const COUNT = 20_000
const BINS = 50
/** The 99.9 % point of chi-square with 49 degrees of freedom. */
const CHI_SQUARE_MAX = 85.4

const users = Array.from({ length: COUNT }, (_, index) => `user-${index}`)

describe('a share of the users', () => {
  it('keeps whoever is in as it grows, whatever the ids and salts', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.string(), fc.string(), share, share, (userId, salt, one, other) => {
        const [small, large] = [Math.min(one, other), Math.max(one, other)]
        const within = isWithinShare(userId, { salt, share: small })
        expect(within && !isWithinShare(userId, { salt, share: large })).toBe(false)
        expect(isWithinShare(userId, { salt, share: 0 })).toBe(false)
        expect(isWithinShare(userId, { salt, share: 1 })).toBe(true)
      }),
    )
  })

  it('spreads ids evenly that differ in their last digits alone', () => {
    const counts = new Float64Array(BINS)
    for (const user of users) {
      const bin = Math.floor(placeOf(user, 'bundle') * BINS)
      counts[bin] = (counts[bin] ?? 0) + 1
    }
    const expected = COUNT / BINS
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(chiSquare).toBeLessThan(CHI_SQUARE_MAX)
  })

  it('of another salt is of other users', () => {
    const isIn = (salt: string) => (userId: string) => isWithinShare(userId, { salt, share: 0.5 })
    const both = users.filter(isIn('a')).filter(isIn('b')).length
    expect(both / COUNT).toBeCloseTo(0.25, 1)
  })
})
