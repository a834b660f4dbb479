import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareEvents, compareText } from '../../features/event.ts'
import { buildEvent } from './generated.ts'

const utf8 = new TextEncoder()

/** Compares byte by byte; of two that agree as far as they go the shorter comes first. */
function compareBytes(left: string, right: string): number {
  const [a, b] = [utf8.encode(left), utf8.encode(right)]
  const place = a.findIndex((byte, index) => byte !== b[index])
  return place < 0 ? a.length - b.length : (a[place] ?? 0) - (b[place] ?? -1)
}

// Characters on both sides of the surrogates, so that the order of UTF-16 would be wrong often.
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', 'é', '日', '\uD7FF', '\uE000', '\uFF5E', '\u{10000}', '\u{1F600}'),
  }),
)

describe('compareText', () => {
  it('orders texts as their UTF-8 bytes, which is the order of SQLite', () => {
    fc.assert(
      fc.property(anyText, anyText, (left, right) => {
        expect(Math.sign(compareText(left, right))).toBe(Math.sign(compareBytes(left, right)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('puts a text before what it begins, and an emoji after every other letter', () => {
    expect(compareText('shop', 'shopping')).toBeLessThan(0)
    expect(compareText('\u{1F600}', '\uFF5E')).toBeGreaterThan(0)
    expect(compareText('', '')).toBe(0)
  })
})

describe('compareEvents', () => {
  it('orders by time, and by id only within one moment', () => {
    const early = buildEvent({ id: 'z', occurredAt: 1 })
    const late = buildEvent({ id: 'a', occurredAt: 2 })
    expect([late, early].toSorted(compareEvents)).toEqual([early, late])
    const twin = buildEvent({ id: 'b', occurredAt: 2 })
    expect([twin, late].toSorted(compareEvents)).toEqual([late, twin])
  })

  it('does not look at when events were received', () => {
    const first = buildEvent({ id: 'a', occurredAt: 1, receivedAt: 9 })
    const second = buildEvent({ id: 'b', occurredAt: 1, receivedAt: 5 })
    expect(compareEvents(first, second)).toBeLessThan(0)
  })
})
