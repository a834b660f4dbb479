// How the columns of data files map to a project. An expression is DuckDB SQL over the file's columns, most
// often just a column's name; columns of text files arrive as VARCHAR.

/**
 * What a time is written in where it is a bare number. `iso`: texts and timestamps, and numbers whose unit
 * their size tells (features/read-time.ts): seconds from 1e8, milliseconds from 1e11, micro- and nanoseconds
 * from 1e14 and 1e17, and days as 20260131.
 */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns' | 'iso'

/** How the text of a file is read, where the file itself does not tell. */
export interface Reading {
  /** None where empty: a line is one cell. */
  readonly delimiter?: string
  /** None where empty. `"` where absent; none in .tsv. */
  readonly quote?: string
  /** The names of the columns of a file without a header. */
  readonly columns?: readonly string[]
  /** How many lines stand before the header. */
  readonly skipLines?: number
  /** 'utf-8' where absent and the file does not begin with a mark of another. */
  readonly encoding?: 'utf-8' | 'utf-16' | 'latin-1'
  /**
   * Cells that say that a value is missing, in any letter case; a blank one always does. Where absent those of
   * databases, spreadsheets and pandas: NaN, None, NULL, \N, NA, N/A, #N/A, -, ?; of texts without the words
   * and dashes that people write.
   */
  readonly missing?: readonly string[]
  /** '.' where absent. */
  readonly decimal?: '.' | ','
  /** What stands between the thousands of a number; nothing where absent. */
  readonly thousands?: string
  /**
   * Of times that name no zone: a name of the IANA database. 'UTC' where absent. Where clocks are put back the
   * second of the two hours is meant; in the hour that they skip, time goes on from before it.
   */
  readonly timeZone?: string
  /**
   * Of times that are written otherwise than ISO 8601, as DuckDB's strptime takes it: '%d/%m/%Y %H:%M'. What
   * is in ISO 8601 is read beside it; bare numbers are not.
   */
  readonly timeFormat?: string
}

/** Where columns are read from. */
export interface FileSource {
  /**
   * A file, a folder of its parts or a pattern with *, relative to the path of the data; several where a list.
   * The file of the standard name where absent: events.*, users.*, items.*, questions.* or rows.*.
   */
  readonly file?: string | readonly string[]
  /** What is left out is as the source says for all files. */
  readonly reading?: Reading
}

/** One kind of event that a row of the file yields. A row may yield several. */
export interface EventColumns extends FileSource {
  /**
   * A list, such as string_split(line, ' '): the row yields an event for each of its members. The other
   * expressions find the member under `each` and its place in the list, from 1, under `"presage place"`.
   */
  readonly each?: string
  /**
   * Unique in the log; the place of the row where absent. How it is spelt tells nothing: events of one moment
   * keep the order of the file.
   */
  readonly id?: string
  readonly type: string
  readonly userId: string
  /** Read only for event types declared with `item: true`. */
  readonly itemId?: string
  /** Read only for event types declared with `value: true`. */
  readonly value?: string
  /** In `timeUnit`. */
  readonly occurredAt: string
  /** When the event was heard of, likewise; when it happened where absent or empty. */
  readonly receivedAt?: string
  /** 'iso' where absent. */
  readonly timeUnit?: TimeUnit
  /** Only rows for which this holds yield the event. */
  readonly where?: string
  /** Context attributes, by name: an expression each; kept in the event's properties. */
  readonly context?: Readonly<Record<string, string>>
}

/** Files of users or of items: rows with an id, attributes, and since when those are known. */
export interface VersionColumns extends FileSource {
  readonly id: string
  /** In `timeUnit`; known ever since where absent or empty. */
  readonly knownAt?: string
  readonly timeUnit?: TimeUnit
  /** Expressions by attribute; an attribute not named here is the column of its own name. */
  readonly attributes?: Readonly<Record<string, string>>
  readonly where?: string
}

/** The moments of a file of questions: whom and when it asks about, and what came true. */
export interface QuestionColumns extends FileSource {
  readonly userId: string
  /** In `timeUnit`. */
  readonly at: string
  readonly timeUnit?: TimeUnit
  /** Expressions by label task; a task not named here is the column of its own name. */
  readonly labels?: Readonly<Record<string, string>>
  /** Only rows for which this holds are read. */
  readonly where?: string
}

/** A log of events, and the files that stand beside it. */
export interface EventLogSource {
  readonly kind: 'events'
  /** For all files that say nothing of their own. */
  readonly reading?: Reading
  readonly events: readonly EventColumns[]
  /**
   * User attributes that the log's own rows carry, by name: an expression each, over the events' file. Known
   * from the receipt of a row on; an empty cell says nothing new.
   */
  readonly user?: Readonly<Record<string, string>>
  /** Without it the columns id, knownAt and those of the attributes. */
  readonly users?: VersionColumns
  readonly items?: VersionColumns
  /** Without it the columns userId, at and those of the label tasks. */
  readonly questions?: QuestionColumns
}

/** A table with one labelled row for each user. */
export interface TableSource extends FileSource {
  readonly kind: 'table'
  /** Names a row; the row's number, from 1, where absent. */
  readonly id?: string
  /** The moment that a row is about, in `timeUnit`; rows have no time where absent. */
  readonly at?: string
  readonly timeUnit?: TimeUnit
  /** Expressions by user attribute; an attribute not named here is the column of its own name. */
  readonly user?: Readonly<Record<string, string>>
  /** Expressions by label task. */
  readonly labels: Readonly<Record<string, string>>
  /** Only rows for which this holds are read. */
  readonly where?: string
}

export type Source = EventLogSource | TableSource
