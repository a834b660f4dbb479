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
  const ordered = [
    buildEvent({ id: 'z', occurredAt: 1 }),
    buildEvent({ id: 'y', occurredAt: 2, receivedAt: 2, place: 7 }),
    buildEvent({ id: 'x', occurredAt: 2, receivedAt: 3 }),
    buildEvent({ id: 'w', occurredAt: 2, receivedAt: 3, place: 1 }),
    buildEvent({ id: 'v', occurredAt: 2, receivedAt: 3, place: 2 }),
    buildEvent({ id: 'a', occurredAt: 3 }),
  ]

  it('orders by when events happened, then by receipt, then by place, whatever their ids', () => {
    expect(ordered.toReversed().toSorted(compareEvents)).toEqual(ordered)
  })

  it('leaves to ids only what came in at the same moment and place', () => {
    const twins = [buildEvent({ id: 'a' }), buildEvent({ id: 'b' })]
    expect(twins.toReversed().toSorted(compareEvents)).toEqual(twins)
  })
})
