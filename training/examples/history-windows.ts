// Windows of histories, of which what comes next can be learned at every place: every event of a user is in one,
// together with those before it, whether anybody was asked about the user or not.
import { attributesAt } from '../../features/attributes.ts'
import type { Versions } from '../../features/attributes.ts'
import { inputSpecs } from '../../features/encode.ts'
import type { Encoded } from '../../features/encode.ts'
import type { Event } from '../../features/event.ts'
import { HISTORY_LENGTH_MAX } from '../../features/manifest.ts'
import type { Features } from '../../features/manifest.ts'
import type { Random } from '../../features/random.ts'
import { createSequenceEncoder } from '../../features/sequence.ts'
import { createReservoir } from '../learn/reservoir.ts'
import { heardMs } from '../moments/history-window.ts'
import { createExampleCollector } from './example-set.ts'
import type { ExampleSet } from './example-set.ts'

/** Of more a sample is kept, so that memory does not grow with the log: some 600,000 next events. */
const WINDOWS_MAX = 20_000

export interface HistoryWindowsRequest {
  readonly features: Features
  readonly items: ReadonlyMap<string, Versions>
  /** What is heard from this moment on is not looked at. */
  readonly untilMs: number
  readonly random: Random
}

export interface HistoryWindows {
  /** All events of a user, in the order of a history. */
  add(userId: string, events: readonly Event[]): void
  /** The inputs of the sequence alone; no targets. */
  finish(): ExampleSet
}

interface Window {
  readonly userId: string
  readonly atMs: number
  readonly encoded: Encoded
}

export function createHistoryWindows(request: HistoryWindowsRequest): HistoryWindows {
  const { features, items, untilMs, random } = request
  const { sequenceLength } = features
  // Each line has the next line for its next event: the gap of a whole moment would tell what follows it.
  const encode = createSequenceEncoder({ ...features, counted: ['lines'] })
  const windows = createReservoir<Window>(WINDOWS_MAX, random)
  return {
    add(userId, events) {
      const heard = sequenceLength < 2 ? [] : events.filter((event) => heardMs(event) < untilMs)
      const first = Math.max(0, heard.length - HISTORY_LENGTH_MAX)
      // The first event of a window is the last of the one before, so that each is followed by its next one.
      for (let end = heard.length; end - first >= 2; end -= sequenceLength - 1) {
        const history = heard.slice(Math.max(first, end - sequenceLength), end)
        const atMs = history.at(-1)?.occurredAt ?? 0
        const itemAttributes = (id: string): ReturnType<typeof attributesAt> =>
          attributesAt(items.get(id) ?? [], atMs)
        windows.offer(() => ({ userId, atMs, encoded: { ...encode({ history, itemAttributes, atMs }) } }))
      }
    },
    finish() {
      const [sample] = windows.kept
      const inputs = inputSpecs(features).filter(({ name }) => sample?.encoded[name] !== undefined)
      const collector = createExampleCollector({ inputs, tasks: [], expected: windows.kept.length })
      for (const window of windows.kept) {
        collector.add({ ...window, targets: {}, isFirst: false, from: 'event' })
      }
      return collector.finish()
    },
  }
}
