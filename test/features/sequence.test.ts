import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attributesAt } from '../../features/attributes.ts'
import type { Event } from '../../features/event.ts'
import { GAP_ID_COUNT, createSequenceEncoder, gapId } from '../../features/sequence.ts'
import type { Sequence } from '../../features/sequence.ts'
import { NOW_MS, buildEvent, buildFeatures, catalogue } from './generated.ts'

const DAY_SECONDS = 86_400
const features = buildFeatures({ sequenceLength: 4 })
const encodeSequence = createSequenceEncoder(features)

function sequenceOf(...history: readonly Event[]): Record<keyof Sequence, number[]> {
  const { types, items, gaps, itemCategories } = encodeSequence({
    history,
    itemAttributes: (id) => attributesAt(catalogue.get(id) ?? [], NOW_MS),
    atMs: NOW_MS,
  })
  return {
    types: Array.from(types),
    items: Array.from(items),
    gaps: Array.from(gaps),
    itemCategories: Array.from(itemCategories),
  }
}

/** A history of events this long before now, oldest first. */
function historyOf(...secondsAgo: readonly number[]): Event[] {
  return secondsAgo.map((seconds, index) =>
    buildEvent({ id: `e${index}`, occurredAt: NOW_MS - 1_000 * seconds }),
  )
}

describe('gapId', () => {
  it('is 1 below a second and one more at each doubling', () => {
    expect([0, 999, 1_000, 1_999, 2_000, 3_999, 4_000].map(gapId)).toEqual([1, 1, 2, 2, 3, 3, 4])
    expect(gapId(1_000 * 2 ** 20)).toBe(gapId(1_000 * 2 ** 19) + 1)
  })

  it('is never padding and never beyond the count of ids, which its greatest reaches', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true }), (gapMs) => {
        expect(gapId(gapMs)).toBeGreaterThan(0)
        expect(gapId(gapMs)).toBeLessThan(GAP_ID_COUNT)
        expect(gapId(2 * gapMs)).toBeGreaterThanOrEqual(gapId(gapMs))
      }),
    )
    expect(gapId(1_000 * 400 * DAY_SECONDS)).toBe(GAP_ID_COUNT - 1)
  })
})

describe('createSequenceEncoder', () => {
  it('pads a short history on the left, in every column', () => {
    const sequence = sequenceOf(buildEvent({ type: 'cart', itemId: 'hat', occurredAt: NOW_MS - 5_000 }))
    expect(sequence).toEqual({
      types: [0, 0, 0, 3],
      items: [0, 0, 0, 3],
      gaps: [0, 0, 0, gapId(5_000)],
      itemCategories: [0, 0, 0, 3],
    })
  })

  it('is all padding where nothing has happened', () => {
    const nothing = [0, 0, 0, 0]
    expect(sequenceOf()).toEqual({ types: nothing, items: nothing, gaps: nothing, itemCategories: nothing })
  })

  it('keeps the latest events of a long history', () => {
    const history = historyOf(900, 700, 500, 300, 200, 100)
    expect(sequenceOf(...history)).toEqual(sequenceOf(...history.slice(-4)))
    expect(sequenceOf(...history)).not.toEqual(sequenceOf(...history.slice(-3)))
  })

  it('tells the time from each moment to the next, and from the latest to now', () => {
    const { gaps } = sequenceOf(...historyOf(7_000, 7_000, 6_000, 50))
    expect(gaps).toEqual([gapId(1_000_000), gapId(1_000_000), gapId(5_950_000), gapId(50_000)])
    expect(sequenceOf(...historyOf(9_000, 50, 50, 50)).gaps.slice(1)).toEqual(
      [50, 50, 50].map((s) => gapId(1_000 * s)),
    )
  })

  it('tells it from each event to the one after it where lines are counted, as version 2 does', () => {
    const ofLines = createSequenceEncoder({ ...features, counted: ['lines'] })
    const { gaps } = ofLines({
      history: historyOf(7_000, 6_000, 50, 50),
      itemAttributes: () => ({}),
      atMs: NOW_MS,
    })
    expect(Array.from(gaps)).toEqual([gapId(1_000_000), gapId(5_950_000), gapId(0), gapId(50_000)])
  })

  it('tells no item from an unknown one, and unknown types from padding', () => {
    const events = [
      buildEvent({ type: 'never-declared' }),
      buildEvent({ itemId: 'unheard-of' }),
      buildEvent({ itemId: 'wig' }),
      buildEvent({ itemId: 'shoe' }),
    ]
    expect(sequenceOf(...events)).toMatchObject({
      types: [1, 2, 2, 2],
      // No item; unknown; in the catalogue, but unknown to the model; known.
      items: [0, 1, 1, 2],
      // Without an item its category is missing; 'wigs' is unknown; 'feet' is known.
      itemCategories: [0, 0, 1, 2],
    })
  })
})
