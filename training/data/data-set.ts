// What training and import see of a user's files, whatever their format. Histories are streamed user
// by user, so that a log need not fit in memory; the catalogue of items does.
import type { Attributes, Event } from '../../features/event.ts'

/** One user's whole history, in order of (occurredAt, id). */
export interface UserHistory {
  readonly userId: string
  readonly attributes: Attributes
  readonly events: readonly Event[]
}

/** What is known of a user beside the history. */
export interface UserProfile {
  readonly userId: string
  readonly attributes: Attributes
}

/** One row of a labelled table. */
export interface LabelledRow {
  /** From 0, in the order of the file's rows. */
  readonly index: number
  readonly id: string
  readonly attributes: Attributes
  /** The value of each label task. */
  readonly labels: Readonly<Record<string, string>>
}

export interface EventData {
  readonly kind: 'events'
  readonly eventCount: number
  readonly userCount: number
  /** Times of the first and last event, Unix milliseconds. */
  readonly startMs: number
  readonly endMs: number
  readonly items: ReadonlyMap<string, Attributes>
  /** Rows that were skipped because the user asked for it. */
  readonly skippedCount: number
  /** Users with at least one event, by the byte order of their ids. */
  users(): AsyncIterable<UserHistory>
  /** Users of whom more than events is known, with or without a history. */
  profiles(): AsyncIterable<UserProfile>
  close(): void
}

export interface TableData {
  readonly kind: 'table'
  readonly rowCount: number
  readonly skippedCount: number
  rows(): AsyncIterable<LabelledRow>
  close(): void
}

export type DataSet = EventData | TableData
