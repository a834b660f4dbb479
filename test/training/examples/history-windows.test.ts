import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../../features/event.ts'
import { compareEvents } from '../../../features/event.ts'
import { createRandom } from '../../../features/random.ts'
import { gapId } from '../../../features/sequence.ts'
import { createHistoryWindows } from '../../../training/examples/history-windows.ts'
import { heardMs } from '../../../training/moments/history-window.ts'
import { NOW_MS, anyEvent, buildEvent, buildFeatures, catalogue } from '../../features/generated.ts'

const features = buildFeatures({ counted: ['moments'] })
const T = features.sequenceLength

function windowsOf(events: readonly Event[], untilMs = Infinity): ReturnType<typeof readRows> {
  const windows = createHistoryWindows({ features, items: catalogue, untilMs, random: createRandom(1) })
  windows.add('u1', events)
  return readRows(windows.finish())
}

function readRows({ count, inputs }: ReturnType<ReturnType<typeof createHistoryWindows>['finish']>) {
  const rowsOf = (name: string): number[][] =>
    Array.from({ length: count }, (_, row) => Array.from(inputs[name] ?? []).slice(row * T, (row + 1) * T))
  return { types: rowsOf('types'), gaps: rowsOf('gaps') }
}

/** How many events of a window are followed by another one in it. */
const followed = (types: readonly number[]): number => Math.max(0, types.filter((id) => id !== 0).length - 1)

describe('windows of histories', () => {
  it('follow every event by its next one once, and look at nothing that is heard later', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const history = events.toSorted(compareEvents)
        const heard = history.filter((event) => heardMs(event) < NOW_MS)
        const { types, gaps } = windowsOf(history, NOW_MS)
        const total = types.reduce((sum, row) => sum + followed(row), 0)
        expect(total).toBe(Math.max(0, heard.length - 1))
        expect({ types, gaps }).toEqual(windowsOf(heard))
      }),
      { numRuns: 100 },
    )
  })

  it('give no line of a basket the time until what follows the basket', () => {
    const lines = ['a', 'b', 'c'].map((id, place) => buildEvent({ id, place, occurredAt: NOW_MS - 90_000 }))
    const { gaps } = windowsOf([...lines, buildEvent({ id: 'd', occurredAt: NOW_MS - 30_000 })])
    expect(gaps.at(-1)?.slice(-4)).toEqual([gapId(0), gapId(0), gapId(60_000), gapId(0)])
  })
})
