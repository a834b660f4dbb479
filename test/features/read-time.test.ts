import { describe, expect, it } from 'vitest'
import { readTime } from '../../features/read-time.ts'

describe('readTime', () => {
  it.each([
    [99_999_999.9, undefined],
    [1e8, 1e11],
    [99_999_999_999, 99_999_999_999_000],
    [1e11, 1e11],
    [99_999_999_999_999, 99_999_999_999_999],
    [1e14, 1e11],
    [1e17, 1e11],
    [9.9e19, 9.9e13],
    [1e20, undefined],
    [-1e9, undefined],
    [Number.NaN, undefined],
    [Infinity, undefined],
  ])('tells the unit of %d by its size alone', (number, ms) => {
    expect(readTime(number)).toEqual(ms === undefined ? { kind: 'unitless' } : { kind: 'moment', ms })
  })

  it('reads a number as it reads its text', () => {
    for (const number of [1_706_695_200, 1.7e18, 20_240_131, 20_240_230, 202_401_311_000, 45_322.5]) {
      expect(readTime(number)).toEqual(readTime(String(number)))
    }
  })

  it('takes digits for a date only where there is such a day', () => {
    const day = { kind: 'wallClock', ms: Date.UTC(2024, 1, 29), zone: undefined }
    expect(readTime(20_240_229)).toEqual(day)
    expect(readTime(20_230_229)).toEqual({ kind: 'unitless' })
    // Milliseconds of 1976, and ten o'clock of a day of 2024.
    expect(readTime(202_402_291_000)).toEqual({ kind: 'unitless' })
    expect(readTime(202_413_291_000)).toEqual({ kind: 'moment', ms: 202_413_291_000 })
  })

  it('hands back the wall clock of what names no offset', () => {
    const ms = Date.UTC(2024, 0, 31, 10)
    expect(readTime('2024-01-31 10:00')).toEqual({ kind: 'wallClock', ms, zone: undefined })
    expect(readTime('2024-01-31 10:00 Europe/Berlin')).toEqual({
      kind: 'wallClock',
      ms,
      zone: 'Europe/Berlin',
    })
    expect(readTime('2024-01-31 10:00 +01:00')).toEqual({ kind: 'moment', ms: ms - 3_600_000 })
  })
})
