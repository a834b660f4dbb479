import { describe, expect, it } from 'vitest'
import { createShares } from '../../../training/fit/shares.ts'

describe('shares of the time', () => {
  it('give each fit an equal part of what is left, and nothing once all is spent', () => {
    let minute = 0
    const shares = createShares(6, 3, () => minute * 60_000)
    expect(shares.next()).toBeCloseTo(2, 10)
    minute = 1
    expect(shares.next()).toBeCloseTo(2.5, 10)
    minute = 7
    expect(shares.next()).toBe(0)
  })

  it('let the last take all that the others left', () => {
    let minute = 0
    const shares = createShares(5, 2, () => minute * 60_000)
    shares.next()
    minute = 0.5
    expect(shares.next()).toBeCloseTo(4.5, 10)
  })
})
