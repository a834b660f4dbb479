import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, absent, label, nextEvent, occurs, total } from '../../../features/project.ts'
import { WINDOWS_MAX, chooseWindows } from '../../../training/learn/choose-windows.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

describe('chooseWindows', () => {
  it('takes minutes and hours for sessions', () => {
    const tasks = { clicks: occurs('click', { withinMinutes: 30 }), next: nextEvent() }
    expect(chooseWindows({ tasks, spanMs: 6 * DAY_MS })).toEqual([
      112 * 1_000,
      7 * MINUTE_MS,
      30 * MINUTE_MS,
      2 * HOUR_MS,
      8 * HOUR_MS,
    ])
  })

  it('takes weeks, quarters and years for subscriptions', () => {
    const tasks = { leaves: absent({ withinDays: 91 }) }
    expect(chooseWindows({ tasks, spanMs: 5 * 365 * DAY_MS })).toEqual(
      [5, 22, 91, 364].map((days) => days * DAY_MS),
    )
  })

  it('takes days and weeks for a shop, and one window for horizons that are nearly the same', () => {
    const tasks = {
      buys: occurs('purchase', { withinDays: 7 }),
      spend: total('purchase', { withinDays: 28 }),
      leaves: absent({ withinDays: 30 }),
    }
    const days = [10 / 24, 42 / 24, 7, 28]
    expect(chooseWindows({ tasks, spanMs: 239 * DAY_MS })).toEqual(days.map((length) => length * DAY_MS))
  })

  it('goes by the length of the log where no task looks ahead', () => {
    const tasks = { passes: label(['no', 'yes']) }
    expect(chooseWindows({ tasks, spanMs: 160 * DAY_MS })).toEqual([
      15 * HOUR_MS,
      2 * DAY_MS,
      10 * DAY_MS,
      40 * DAY_MS,
    ])
    expect(chooseWindows({ tasks, spanMs: 0 })).toEqual([])
  })

  it('gives a few rising windows within a third of the log, each twice the one before or more', () => {
    const anyHorizon = fc.integer({ min: 1, max: 10_000 })
    fc.assert(
      fc.property(
        fc.array(anyHorizon, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 3, max: 500 }),
        (minutes, times) => {
          const tasks = Object.fromEntries(
            minutes.map((withinMinutes, place) => [`t${place}`, occurs('click', { withinMinutes })]),
          )
          const spanMs = times * Math.max(...minutes) * MINUTE_MS
          const windows = chooseWindows({ tasks, spanMs })
          expect(windows.length).toBeGreaterThan(0)
          expect(windows.length).toBeLessThanOrEqual(WINDOWS_MAX)
          for (const [place, ms] of windows.entries()) {
            expect(Number.isInteger(ms)).toBe(true)
            expect(ms).toBeLessThanOrEqual(spanMs / 3)
            expect(ms).toBeGreaterThanOrEqual(2 * (windows[place - 1] ?? 0))
          }
        },
      ),
    )
  })
})
