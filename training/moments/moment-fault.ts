// Why no moments can be chosen, and the one line that says so.
import { DAY_MS } from '../../features/project.ts'
import type { PartName, TooShort } from './parts.ts'
import type { ReceivedLate } from './received-late.ts'

export type MomentFault =
  | TooShort
  | ReceivedLate
  /** A part has no moment with a known target. */
  | { readonly code: 'empty_part'; readonly part: PartName }
  /** Tasks that look ahead need events. */
  | { readonly code: 'no_events' }
  /** A label task needs labelled rows. */
  | { readonly code: 'no_labelled_rows'; readonly task: string }
  /** All times lie in 1970: their unit is another. */
  | { readonly code: 'lies_in_1970'; readonly startMs: number; readonly endMs: number }
  /** Rows about users with a history must say when they ask. */
  | { readonly code: 'row_without_time'; readonly place: number }
  /** What is tested one after the other in time needs the time of every row. */
  | { readonly code: 'rows_without_times' }

/** One line that says what is wrong and what is needed. */
export function describeMomentFault(fault: MomentFault): string {
  switch (fault.code) {
    case 'too_short':
      return `The data spans ${length(fault.spanMs)}; a horizon of ${length(fault.longestHorizonMs)} needs ${length(fault.neededMs)}: three horizons and a bit. A horizon of ${length(fault.fittingHorizonMs)} would fit`
    case 'received_late':
      return `The data spans ${length(fault.occurredSpanMs)}, but by receivedAt it was heard of within ${length(fault.receivedSpanMs)}, and before that nothing of it is seen; ${length(fault.neededMs)} are needed. Leave receivedAt out of a log that was moved in one go`
    case 'empty_part':
      return `The ${fault.part} part has no moment whose answer is known: the data is too small to split`
    case 'no_events':
      return 'The project asks about events, but the data holds none'
    case 'no_labelled_rows':
      return `Task '${fault.task}' is a label, but the data holds no labelled rows: give them (beside events as questions.*, with userId, at and ${fault.task}), or leave the task out`
    case 'lies_in_1970':
      return `All of the data lies in 1970, from ${iso(fault.startMs)} to ${iso(fault.endMs)}: its times are of another unit than the timeUnit of the source says; 1700000000 counts 's', 1700000000000 'ms', 1700000000000000 'us'`
    case 'row_without_time':
      return `Labelled row ${fault.place + 1} does not say when it asks; users with a history are asked at a time`
    case 'rows_without_times':
      return 'Not every row says when it asks, so that none can be tested after another: name the column of the time as at in the source, or take --folds'
  }
}

/** In the unit that a person would choose, rounded down. */
function length(ms: number): string {
  const units = [
    { name: 'days', ms: DAY_MS },
    { name: 'hours', ms: 3_600_000 },
    { name: 'minutes', ms: 60_000 },
  ]
  const unit = units.find((candidate) => ms >= 2 * candidate.ms) ?? { name: 'seconds', ms: 1_000 }
  return `${Math.floor((10 * ms) / unit.ms) / 10} ${unit.name}`
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
