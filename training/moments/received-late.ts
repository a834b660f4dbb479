// Whether a log is too short only because of when it was received: a log that was moved here in one go has all
// its events in time, and hears of them at one moment.
import type { DataSet } from '../data/data-set.ts'
import { commonSpan } from './outlying.ts'
import type { TooShort } from './parts.ts'

/** What happened spans enough, when it was received does not. */
export interface ReceivedLate {
  readonly code: 'received_late'
  /** From the first event to the last, by when they happened and by when they were received. */
  readonly occurredSpanMs: number
  readonly receivedSpanMs: number
  readonly neededMs: number
}

/** The same fault, or the cause of it; one more pass over the data. */
export async function causeOfTooShort(fault: TooShort, data: DataSet): Promise<TooShort | ReceivedLate> {
  const times: number[] = []
  for await (const { events } of data.users()) {
    for (const event of [events[0], events.at(-1)]) if (event !== undefined) times.push(event.occurredAt)
  }
  const { startMs, endMs } = commonSpan(Float64Array.from(times).toSorted())
  const occurredSpanMs = endMs + 1 - startMs
  const { neededMs, spanMs: receivedSpanMs } = fault
  if (!(occurredSpanMs >= neededMs)) return fault
  return { code: 'received_late', occurredSpanMs, receivedSpanMs, neededMs }
}
