// What training and import see of a user's files, whatever their format. Users are streamed one by one,
// so that a log need not fit in memory; the catalogue of items does. A table of labelled rows is the same:
// users without events, each asked once.
import type { Versions } from '../../features/attributes.ts'
import type { Event } from '../../features/event.ts'
import type { DataWarning } from './report/data-warning.ts'
import type { DataReport } from './report/report.ts'

/** Everything the files say of one user. */
export interface UserRecord {
  readonly userId: string
  readonly versions: Versions
  /** In the order of a history. */
  readonly events: readonly Event[]
  /** Moments that the files themselves ask about, in the order of the file. */
  readonly questions: readonly Question[]
}

/** A labelled row: whom and when it asks about, and what it says came true. */
export interface Question {
  /** Unix milliseconds; null where the file gives no time, as of a table. */
  readonly atMs: number | null
  /** Place in the file, from 0: its row, skipped ones counted too. */
  readonly place: number
  /** The value of each label task; absent where the row does not say. */
  readonly labels: Readonly<Record<string, string>>
}

export interface DataSet {
  readonly eventCount: number
  /** How many `users()` gives. */
  readonly userCount: number
  readonly questionCount: number
  /** What was read and what was not, in numbers. */
  readonly report: DataReport
  /** Times of the first and last event or question, Unix milliseconds; absent where nothing has a time. */
  readonly span: { readonly startMs: number; readonly endMs: number } | undefined
  /** What is known of items over time, by item id. */
  readonly items: ReadonlyMap<string, Versions>
  /**
   * Attributes that the files give without a time, though they may change: 'user.plan', 'item.price'. They
   * may tell the future. Empty for tables, whose rows are of their moment.
   */
  readonly undated: readonly string[]
  /** What the reader of a card should know of the files. */
  readonly notes: readonly DataWarning[]
  /**
   * Everybody whom the files name, in the order in which they first do, however ids are spelt: those of the
   * log first, then those who have versions or questions alone. Of a table, in the order of its rows.
   */
  users(): AsyncIterable<UserRecord>
  /** Closing again does nothing. */
  close(): void
}
