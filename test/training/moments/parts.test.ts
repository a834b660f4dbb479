import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../features/project.ts'
import { countUntil } from '../../../training/moments/census.ts'
import { cutParts, partNames } from '../../../training/moments/parts.ts'
import type { Part } from '../../../training/moments/parts.ts'

const evenly = (ms: number): number => ms

/** How many of the times lie in the part with the whole horizon before its end. */
function usable(times: readonly number[], { fromMs, untilMs }: Part, horizonMs: number): number {
  return times.filter((ms) => ms >= fromMs && ms + horizonMs < untilMs).length
}

describe('cutParts', () => {
  it('cuts the whole time into three parts that follow each other, each longer than the longest horizon', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 4, max: 1e9 }), (horizonMs, spanMs) => {
        const request = { startMs: 5, endMs: 4 + spanMs, longestHorizonMs: horizonMs, passed: evenly }
        const cut = cutParts(request)
        if (!cut.ok) {
          expect(cut.reason.spanMs).toBe(spanMs)
          expect(cut.reason.neededMs).toBeGreaterThan(spanMs)
          const longestHorizonMs = cut.reason.fittingHorizonMs
          expect(cutParts({ ...request, longestHorizonMs }).ok).toBe(true)
          return
        }
        const { train, validation, test } = cut.value
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

  it('gives training 60 % of the usable moments and the others 20 % each, however fast the log grows', () => {
    const horizonMs = 7 * DAY_MS
    for (const growthDays of [1000, 30, 10]) {
      // The share of moments that are still to come falls by a factor e in so many days.
      const times = Array.from({ length: 20_000 }, (_, place) =>
        Math.floor(DAY_MS * (200 + growthDays * Math.log((place + 1) / 20_000))),
      ).filter((ms) => ms >= 0)
      const passed = (ms: number): number => countUntil(times, ms)
      const [startMs = 0, endMs = 0] = [times[0], times.at(-1)]
      const cut = cutParts({ startMs, endMs, longestHorizonMs: horizonMs, passed })
      if (!cut.ok) throw new Error('Expected parts')
      const counts = partNames.map((name) => usable(times, cut.value[name], horizonMs))
      const all = counts.reduce((sum, count) => sum + count)
      expect(all).toBeGreaterThan(1_000)
      const shares = counts.map((count) => count / all)
      expect(shares).toEqual([expect.closeTo(0.6, 2), expect.closeTo(0.2, 2), expect.closeTo(0.2, 2)])
    }
  })

  it('makes a test as short as is asked, of a twentieth of the moments at the least, and cuts the rest three to one', () => {
    const property = fc.property(
      fc.integer({ min: 0, max: 10 * DAY_MS }),
      fc.integer({ min: 60 * DAY_MS, max: 600 * DAY_MS }),
      fc.integer({ min: 1, max: 100 * DAY_MS }),
      (horizonMs, spanMs, testMsMax) => {
        const request = { startMs: 0, endMs: spanMs - 1, longestHorizonMs: horizonMs, passed: evenly }
        const [usual, cut] = [cutParts(request), cutParts({ ...request, testMsMax })]
        if (!usual.ok || !cut.ok) throw new Error('Expected parts')
        const countOf = ({ fromMs, untilMs }: Part): number => Math.max(0, untilMs - fromMs - horizonMs)
        const { train, validation, test } = cut.value
        expect([train.fromMs, train.untilMs, validation.untilMs, test.untilMs]).toEqual([
          0,
          validation.fromMs,
          test.fromMs,
          spanMs,
        ])
        const least = 0.05 * (spanMs - horizonMs)
        const wanted = Math.min(countOf(usual.value.test), Math.max(testMsMax, least))
        expect(Math.abs(countOf(test) - wanted)).toBeLessThan(DAY_MS / 1_000)
        expect(countOf(train) / countOf(validation)).toBeCloseTo(3, 2)
      },
    )
    fc.assert(property)
  })

  it('refuses less than three horizons and a bit, and says which horizon would fit', () => {
    const request = { startMs: 0, longestHorizonMs: 1000, passed: evenly }
    expect(cutParts({ ...request, endMs: 3599 }).ok).toBe(true)
    expect(cutParts({ ...request, endMs: 1799 })).toEqual({
      ok: false,
      reason: {
        code: 'too_short',
        spanMs: 1800,
        neededMs: 3600,
        longestHorizonMs: 1000,
        fittingHorizonMs: 500,
      },
    })
  })
})
