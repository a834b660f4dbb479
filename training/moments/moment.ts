// A moment: whom and when a question is asked, in which part, and what rows say came true.
import type { PartName } from './parts.ts'

/** What makes a moment: an event, the clock, or a labelled row. */
export type MomentOrigin = 'event' | 'clock' | 'row'

export interface Moment {
  readonly part: PartName
  /** Unix milliseconds; 0 of rows without a time. */
  readonly atMs: number
  readonly from: MomentOrigin
  /** Of rows: the place in the file and the label of each task. */
  readonly row?: { readonly place: number; readonly labels: Readonly<Record<string, string>> }
  /** Whether it is right after this user's first event in the log: what newcomers are answered by. */
  readonly isFirst: boolean
}
