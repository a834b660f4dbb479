// How the columns of a data file map to a project. An expression is DuckDB SQL over the file's
// columns, most often just a column's name; text columns of CSV files arrive as VARCHAR.

/** What a time is written in: seconds or milliseconds since 1970, or ISO 8601 texts and timestamps. */
export type TimeUnit = 's' | 'ms' | 'iso'

/** One kind of event that a row of the file yields. A row may yield several. */
export interface EventColumns {
  /** Unique in the file. How it is spelt tells nothing: events of one moment keep the order of the file. */
  readonly id: string
  readonly type: string
  readonly userId: string
  /** Read only for event types declared with `item: true`. */
  readonly itemId?: string
  /** Read only for event types declared with `value: true`. */
  readonly value?: string
  /** In `timeUnit`; 'iso' also takes a number, of milliseconds. */
  readonly occurredAt: string
  /** When the event was heard of, likewise; when it happened where absent or empty. */
  readonly receivedAt?: string
  readonly timeUnit: TimeUnit
  /** Only rows for which this holds yield the event. */
  readonly where?: string
  /** Context attributes, by name: an expression each; kept in the event's properties. */
  readonly context?: Readonly<Record<string, string>>
}

/** The moments of a file of questions: whom and when it asks about, and what came true. */
export interface QuestionColumns {
  readonly userId: string
  /** In `timeUnit`. */
  readonly at: string
  readonly timeUnit: TimeUnit
  /** Expressions by label task; a task not named here is the column of its own name. */
  readonly labels?: Readonly<Record<string, string>>
  /** Only rows for which this holds are read. */
  readonly where?: string
}

/** A log of events in one file, which others may stand beside. */
export interface EventLogSource {
  readonly kind: 'events'
  readonly events: readonly EventColumns[]
  /**
   * User attributes that the log's own rows carry, by name: an expression each, over the events' file. Known
   * from the receipt of a row on; an empty cell says nothing new.
   */
  readonly user?: Readonly<Record<string, string>>
  /** Over the columns of questions.*; without it the columns userId, at and those of the label tasks. */
  readonly questions?: QuestionColumns
}

/** A table with one labelled row for each user. */
export interface TableSource {
  readonly kind: 'table'
  /** Names a row; the row's number, from 1, where absent. */
  readonly id?: string
  /** The moment that a row is about, in `timeUnit`; rows have no time where absent. */
  readonly at?: string
  /** 'iso' where absent. */
  readonly timeUnit?: TimeUnit
  /** Expressions by user attribute; an attribute not named here is the column of its own name. */
  readonly user?: Readonly<Record<string, string>>
  /** Expressions by label task. */
  readonly labels: Readonly<Record<string, string>>
  /** Only rows for which this holds are read. */
  readonly where?: string
}

export type Source = EventLogSource | TableSource
