import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visibleHistory } from '../../../features/encode.ts'
import { compareEvents } from '../../../features/event.ts'
import type { Event } from '../../../features/event.ts'
import { createHistoryWindow } from '../../../training/moments/history-window.ts'
import { buildEvent } from '../../features/generated.ts'

/** Some heard at once, some late; many of one moment. */
const anyEvents: fc.Arbitrary<Event[]> = fc
  .array(fc.record({ at: fc.nat(60), delay: fc.oneof(fc.constant(0), fc.nat(80)) }), { maxLength: 60 })
  .map((events) =>
    events
      .map(({ at, delay }, place) =>
        buildEvent({ id: `e${place}`, occurredAt: at, receivedAt: at + delay, place }),
      )
      .toSorted(compareEvents),
  )

describe('createHistoryWindow', () => {
  it('shows what encode would look at, at every moment', () => {
    fc.assert(
      fc.property(anyEvents, fc.integer({ min: 1, max: 12 }), (events, lengthMax) => {
        const window = createHistoryWindow(events, lengthMax)
        for (let atMs = 0; atMs < 150; atMs += 7) {
          expect(window.at(atMs)).toEqual(visibleHistory(events, { atMs, lengthMax }))
        }
      }),
    )
  })
})
