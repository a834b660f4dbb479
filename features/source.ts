// How the columns of a data file map to a project. An expression is DuckDB SQL over the file's
// columns, most often just a column's name; text columns of CSV files arrive as VARCHAR.

/** One kind of event that a row of the file yields. A row may yield several. */
export interface EventColumns {
  /** Unique in the file, and in order within one moment. */
  readonly id: string
  readonly type: string
  readonly userId: string
  /** Read only for event types declared with `item: true`. */
  readonly itemId?: string
  /** Read only for event types declared with `value: true`. */
  readonly value?: string
  /** A number in `timeUnit`, or an ISO 8601 text or timestamp when `timeUnit` is 'iso'. */
  readonly occurredAt: string
  readonly timeUnit: 's' | 'ms' | 'iso'
  /** Only rows for which this holds yield the event. */
  readonly where?: string
  /** Context attributes, by name: an expression each; kept in the event's properties. */
  readonly context?: Readonly<Record<string, string>>
}

/** A log of events in one file. */
export interface EventLogSource {
  readonly kind: 'events'
  readonly events: readonly EventColumns[]
  /** User attributes, by name: an expression each; a user's first row counts. */
  readonly user?: Readonly<Record<string, string>>
}

/** A table with one labelled row for each user. */
export interface TableSource {
  readonly kind: 'table'
  /** Names a row; the row's number, from 1, where absent. */
  readonly id?: string
  /** Expressions by user attribute; an attribute not named here is the column of its own name. */
  readonly user?: Readonly<Record<string, string>>
  /** Expressions by label task. */
  readonly labels: Readonly<Record<string, string>>
  /** Only rows for which this holds are read. */
  readonly where?: string
}

export type Source = EventLogSource | TableSource
