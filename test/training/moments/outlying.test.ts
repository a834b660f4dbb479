import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../features/project.ts'
import { commonSpan, strayCount } from '../../../training/moments/outlying.ts'

const START_MS = 1_600_000_000_000

function rising(times: readonly number[]): Float64Array {
  return Float64Array.from(times).toSorted()
}

describe('commonSpan', () => {
  it('is moved by no time that lies far from all others', () => {
    const anyLog = fc.array(fc.integer({ min: 0, max: 240 * DAY_MS }), { minLength: 100, maxLength: 400 })
    const anyStray = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: START_MS - 250 * DAY_MS }),
      fc.integer({ min: START_MS + 480 * DAY_MS, max: 4e12 }),
    )
    fc.assert(
      fc.property(anyLog, anyStray, (log, stray) => {
        const times = log.map((ms) => START_MS + ms)
        const span = commonSpan(rising(times))
        expect(span).toEqual({ startMs: Math.min(...times), endMs: Math.max(...times) })
        const withStray = rising([...times, stray])
        expect(commonSpan(withStray)).toEqual(span)
        expect(strayCount(withStray, span)).toBe(1)
      }),
    )
  })

  it('leaves out a stray soon after the end, for all before it would count as known', () => {
    const times = Array.from({ length: 1_000 }, (_, place) => START_MS + 0.24 * place * DAY_MS)
    const late = START_MS + 280 * DAY_MS
    expect(commonSpan(rising([...times, late])).endMs).toBe(times.at(-1))
  })

  it('keeps a thin beginning, a break, and whatever little there is', () => {
    const growing = Array.from({ length: 5_000 }, (_, place) => 3e9 * Math.log(place + 1))
    expect(commonSpan(rising(growing))).toEqual({ startMs: growing[0], endMs: growing.at(-1) })
    const withBreak = [...Array(100).keys()].map((day) => (day < 50 ? day : day + 60) * DAY_MS)
    expect(commonSpan(rising(withBreak))).toEqual({ startMs: 0, endMs: 159 * DAY_MS })
    expect(commonSpan(rising([5, 1e12]))).toEqual({ startMs: 5, endMs: 1e12 })
  })
})
