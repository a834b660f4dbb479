// Why a data file cannot be read, and the one line that says so.

/** A row that does not say what the project needs. */
export interface BadRow {
  /** From 1, as an editor counts; in Parquet the number of the row. */
  readonly line: number
  /** What was wrong with: the event's part, an attribute, a label, or the line itself. */
  readonly field: string
  /** Whose rows contradict each other, where that is the fault. */
  readonly id?: string
  readonly expected: string
  /** The text that was found instead; absent where nothing was. */
  readonly found?: string
}

export type DataFault =
  | {
      readonly code: 'missing_file'
      readonly path: string
      /** Of the file that would do in a folder. */
      readonly name?: string
    }
  | { readonly code: 'unsupported_format'; readonly path: string }
  | { readonly code: 'empty_file'; readonly path: string }
  | {
      readonly code: 'no_such_column'
      readonly path: string
      readonly column: string
      readonly columns: readonly string[]
    }
  | {
      readonly code: 'bad_rows'
      readonly path: string
      readonly unit: 'line' | 'row'
      readonly count: number
      /** The first ten. */
      readonly rows: readonly BadRow[]
    }
  | { readonly code: 'unreadable'; readonly path: string; readonly message: string }

/** One line for people; for bad rows one more for each of the first ten. */
export function describeDataFault(fault: DataFault): string {
  switch (fault.code) {
    case 'missing_file':
      return `${fault.path}: no such file${fault.name === undefined ? '' : `, nor a folder with a file named ${fault.name}.*`}`
    case 'unsupported_format':
      return `${fault.path}: unknown format; expected .csv, .tsv, .ndjson, .jsonl or .parquet, the text ones also with .gz`
    case 'empty_file':
      return `${fault.path}: there are no rows in this file`
    case 'no_such_column':
      return `${fault.path}: no column '${fault.column}'; there ${columnList(fault.columns)}`
    case 'bad_rows':
      return [
        `${fault.path}: ${fault.count} bad ${fault.count === 1 ? 'row' : 'rows'} (--skip-bad-rows reads the others)`,
        ...fault.rows.map((row) => `  ${describeBadRow(row, fault.unit)}`),
        ...(fault.count > fault.rows.length ? [`  and ${fault.count - fault.rows.length} more`] : []),
      ].join('\n')
    case 'unreadable':
      return `${fault.path}: cannot be read: ${fault.message}`
  }
}

function describeBadRow(row: BadRow, unit: string): string {
  const found = row.found === undefined ? 'nothing' : `'${row.found}'`
  const field = row.id === undefined ? row.field : `${row.field} of '${row.id}'`
  return `${unit} ${row.line}: ${field}: expected ${row.expected}, found ${found}`
}

function columnList(columns: readonly string[]): string {
  if (columns.length === 1) {
    return `is only '${columns[0] ?? ''}' (is the delimiter a comma, a semicolon or a tab?)`
  }
  return `are ${columns.map((name) => `'${name}'`).join(', ')}`
}
