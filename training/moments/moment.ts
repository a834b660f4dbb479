// A moment: whom and when a question is asked, in which part, and what rows say came true.
import type { PartName } from './parts.ts'

export interface Moment {
  readonly part: PartName
  readonly atMs: number
  /** What made it: an event, the clock, or a labelled row. */
  readonly from: 'event' | 'clock' | 'row'
  /** Of rows: the place in the file and the label of each task. */
  readonly row?: { readonly place: number; readonly labels: Readonly<Record<string, string>> }
  /** Whether it is the first moment of this user in the log: what newcomers are answered by. */
  readonly isFirst: boolean
}
