// Why data files cannot be read, and the lines that say so.

/** A row that does not say what the project needs. */
export interface BadRow {
  /** From 1, as an editor counts; in Parquet the number of the row. */
  readonly line: number
  readonly unit: 'line' | 'row'
  /** Where there are several. */
  readonly file?: string
  /** What was wrong with: the event's part, an attribute, a label, or the line itself. */
  readonly field: string
  /** Whose rows contradict each other, where that is the fault. */
  readonly id?: string
  readonly expected: string
  /** The text that was found instead; absent where nothing was. */
  readonly found?: string
}

/** Bad rows that have one fault in common: the first that each has. */
export interface SkippedRows {
  readonly field: string
  readonly expected: string
  readonly rows: number
}

export type DataFault =
  | {
      readonly code: 'missing_file'
      readonly path: string
      /** Of the file that would do in a folder. */
      readonly name?: string
    }
  | { readonly code: 'no_match'; readonly path: string }
  | { readonly code: 'empty_folder'; readonly path: string }
  | { readonly code: 'folder_in_parts'; readonly path: string; readonly name: string }
  | { readonly code: 'mixed_kinds'; readonly path: string; readonly files: readonly [string, string] }
  /** The source names several files, and the data are one. */
  | { readonly code: 'several_files'; readonly path: string; readonly files: readonly string[] }
  | { readonly code: 'unsupported_format'; readonly path: string }
  | { readonly code: 'empty_file'; readonly path: string }
  | {
      readonly code: 'no_such_column'
      readonly path: string
      readonly column: string
      readonly columns: readonly string[]
      /** Where the mapping asks for it, and how. */
      readonly key: string
      readonly expression: string
      /** The name that is the most like it. */
      readonly nearest?: string
    }
  | {
      readonly code: 'ambiguous_column'
      readonly path: string
      readonly key: string
      readonly column: string
      readonly columns: readonly { readonly name: string; readonly place: number }[]
    }
  | {
      readonly code: 'bad_expression'
      readonly path: string
      readonly key: string
      readonly expression: string
      readonly problem: string
    }
  | {
      readonly code: 'bad_rows'
      readonly path: string
      readonly count: number
      /** How many rows remain without them. */
      readonly goodCount: number
      /** What is wrong with how many of them, the most frequent first. */
      readonly reasons: readonly SkippedRows[]
      /** The first ten. */
      readonly rows: readonly BadRow[]
    }
  | { readonly code: 'unreadable'; readonly path: string; readonly message: string }

/** One line for people; for bad rows one more for each of the first ten. */
export function describeDataFault(fault: DataFault): string {
  switch (fault.code) {
    case 'missing_file':
      return `${fault.path}: no such file${fault.name === undefined ? '' : `, nor a folder with a file named ${fault.name}.*`}`
    case 'no_match':
      return `${fault.path}: no file fits this pattern`
    case 'empty_folder':
      return `${fault.path}: there are no files in this folder`
    case 'folder_in_parts':
      return `${fault.path}: expected files alone in a folder of parts, found the folder '${fault.name}'; name the files with a pattern, as in ${fault.path}/*/*.csv`
    case 'mixed_kinds':
      return `${fault.path}: the parts of one table must be of one format, but there are '${fault.files[0]}' and '${fault.files[1]}'; name those that belong together with a pattern, as in ${fault.path}/*.csv`
    case 'several_files':
      return `${fault.path}: the project reads several files (${fault.files.join(', ')}); name the folder in which they lie`
    case 'unsupported_format':
      return `${fault.path}: unknown format; expected .csv, .tsv, .ndjson, .jsonl or .parquet, the text ones also with .gz`
    case 'empty_file':
      return `${fault.path}: there are no rows in this file`
    case 'no_such_column':
      return describeMissingColumn(fault)
    case 'ambiguous_column':
      return `${fault.path}: ${fault.key} asks for '${fault.column}', and there are ${fault.columns.map(({ name, place }) => `'${name}' (column ${place})`).join(' and ')}; rename one in the file, or name all columns in the source's reading: { columns, skipLines: 1 }`
    case 'bad_expression':
      return `${fault.path}: ${fault.key} is ${fault.expression}: ${fault.problem}`
    case 'bad_rows':
      return [
        `${fault.path}: ${countOf(fault)}`,
        ...fault.rows.map((row) => `  ${describeBadRow(row)}`),
        ...(fault.count > fault.rows.length ? restOf(fault) : []),
      ].join('\n')
    case 'unreadable':
      return `${fault.path}: cannot be read: ${fault.message}`
  }
}

/** Skipping is offered only where something remains. */
function countOf({ count, goodCount }: { readonly count: number; readonly goodCount: number }): string {
  if (goodCount === 0) return count === 1 ? 'its only row is bad' : `all ${count} rows are bad`
  return `${count} bad ${count === 1 ? 'row' : 'rows'} (--skip-bad-rows reads the others)`
}

function restOf({ count, rows, reasons }: Extract<DataFault, { code: 'bad_rows' }>): string[] {
  const all = reasons.map((reason) => `  ${reason.rows} × ${reason.field}: expected ${reason.expected}`)
  return [`  and ${count - rows.length} more; in all`, ...all]
}

function describeBadRow(row: BadRow): string {
  const found = row.found === undefined ? 'nothing' : `'${row.found}'`
  const field = row.id === undefined ? row.field : `${row.field} of '${row.id}'`
  const file = row.file === undefined ? '' : `${row.file}, `
  return `${file}${row.unit} ${row.line}: ${field}: expected ${row.expected}, found ${found}`
}

function describeMissingColumn(fault: Extract<DataFault, { code: 'no_such_column' }>): string {
  const { path, column, columns, key, expression, nearest } = fault
  const isStandard = key.split('.').at(-1) === column
  const asked = isStandard ? '' : `, which ${key}${expression === column ? '' : ` (${expression})`} asks for`
  const meant = nearest === undefined ? '' : `; is it '${nearest}'?`
  return `${path}: no column '${column}'${asked}; there ${columnList(columns)}${meant}${wordHint(fault)}`
}

/** A type that is the same for all rows is a text in SQL. */
function wordHint({ key, column }: { readonly key: string; readonly column: string }): string {
  if (!key.endsWith('.type') || column === 'type') return ''
  return ` (for the word itself write "'${column}'")`
}

const LISTED_MAX = 40

function columnList(columns: readonly string[]): string {
  if (columns.length === 1) {
    return `is only '${columns[0] ?? ''}' (is the delimiter another? The source's reading names it: { delimiter: '|' })`
  }
  const listed = columns.slice(0, LISTED_MAX).map((name) => `'${name}'`)
  const rest = columns.length - listed.length
  return `are ${listed.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
