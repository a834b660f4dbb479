// What files are together: a table with a label, a log of events with what stands beside it, or sequences.
import type { Column } from './column.ts'
import type { InspectedFile } from './inspect-file.ts'

/** Something decided, and why. */
export interface Decision {
  readonly what: string
  readonly decided: string
  readonly because: string
}

/** Something that cannot be known from the files; the first option is the guess. */
export interface OpenQuestion {
  readonly key: 'kind' | 'label' | 'user' | 'time'
  readonly text: string
  readonly options: readonly string[]
}

export interface Label {
  readonly column: Column
  /** As the cells are spelt once they are read. */
  readonly values: readonly string[]
  readonly counts: readonly number[]
}

/** What must be said of a column before a model learns from it. */
export interface Warning {
  readonly column: string
  readonly kind:
    | 'leak'
    | 'afterwards'
    | 'only_for_one'
    | 'id_like'
    | 'near_empty'
    | 'constant'
    | 'undated'
    | 'name'
    | 'other'
  readonly text: string
  /** Whether the column is left out, as long as nobody says else. */
  readonly isLeftOut: boolean
}

export interface TableShape {
  readonly kind: 'table'
  readonly file: InspectedFile
  readonly id: Column | undefined
  readonly at: Column | undefined
  readonly label: Label
  readonly attributes: readonly Column[]
}

/** One file of events. */
export interface LogPart {
  readonly file: InspectedFile
  /** Columns that together name the user. */
  readonly user: readonly Column[]
  readonly item: Column | undefined
  /** Absent where the order of the rows is all there is. */
  readonly time: Column | undefined
  readonly type: Column | undefined
  /** Tells the rows apart: the id of each event. */
  readonly id: Column | undefined
  readonly types: readonly EventType[]
  readonly value:
    | {
        /** Over the file's columns. */
        readonly expression: string
        /** The same as SQL of a number; null where a cell is none. */
        readonly number: string
        readonly name: string
      }
    | undefined
  /** A column that is 1 after what is to be told: an event of its own. */
  readonly label: Label | undefined
  readonly context: readonly Column[]
  /** Columns that say the same in nearly all rows of a user. */
  readonly attributes: readonly Column[]
}

export interface EventType {
  readonly name: string
  readonly count: number
  readonly item: boolean
  readonly value: boolean
  /** Some rows of it lack what it carries. */
  readonly lacksItem: boolean
  readonly lacksValue: boolean
}

/** A file with a row for each user or item. */
export interface Beside {
  readonly file: InspectedFile
  readonly key: readonly Column[]
  readonly attributes: readonly Column[]
  readonly label: Label | undefined
  /** Since when a row holds, where an id has several. */
  readonly knownAt: Column | undefined
  /** The moment that the label is about. */
  readonly askedAt: Column | undefined
}

export interface EventsShape {
  readonly kind: 'events'
  readonly parts: readonly LogPart[]
  readonly users: Beside | undefined
  /** The file with the label: that of the users, or another one. */
  readonly labels: Beside | undefined
  /** Types that nearly everybody does once: whoever is asked about has done it. */
  readonly doneByAll: readonly string[]
  readonly items: Beside | undefined
  /** How far tasks may look ahead, in milliseconds; a round length. */
  readonly horizonMs: number
  readonly spanMs: number
  /** Of the first part, as its own numbers where its times are relative. */
  readonly startMs: number
}

export interface SequencesShape {
  readonly kind: 'sequences'
  readonly file: InspectedFile
  readonly delimiter: string
  readonly userCount: number
  readonly lengthMean: number
  readonly lengthMax: number
}

export type Shape = TableShape | EventsShape | SequencesShape

export interface Inspection {
  readonly shape: Shape
  readonly files: readonly InspectedFile[]
  readonly decisions: readonly Decision[]
  readonly warnings: readonly Warning[]
  readonly questions: readonly OpenQuestion[]
  /** Files that nothing is read from, and why. */
  readonly unused: readonly { readonly file: string; readonly because: string }[]
}
