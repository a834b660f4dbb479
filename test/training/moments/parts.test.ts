import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitByTime } from '../../../training/examples/parts.ts'

describe('splitByTime', () => {
  it('cuts the whole log into three parts, each longer than the longest horizon', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 4, max: 1e9 }), (horizonMs, spanMs) => {
        const split = splitByTime({ startMs: 5, endMs: 4 + spanMs, longestHorizonMs: horizonMs })
        if (!split.ok) {
          expect(split.reason.spanMs).toBe(spanMs)
          expect(split.reason.neededMs).toBeGreaterThan(spanMs)
          return
        }
        const { train, validation, test } = split.value
        expect(train.fromMs).toBe(5)
        expect(validation.fromMs).toBe(train.untilMs)
        expect(test.fromMs).toBe(validation.untilMs)
        expect(test.untilMs).toBe(5 + spanMs)
        for (const part of [train, validation, test]) {
          expect(part.untilMs - part.fromMs).toBeGreaterThanOrEqual(horizonMs)
        }
      }),
    )
  })

  it('refuses a log of less than three horizons and a bit', () => {
    expect(splitByTime({ startMs: 0, endMs: 3500, longestHorizonMs: 1000 }).ok).toBe(false)
    expect(splitByTime({ startMs: 0, endMs: 3600, longestHorizonMs: 1000 }).ok).toBe(true)
  })
})
