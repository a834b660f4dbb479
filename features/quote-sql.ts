// Texts within SQL that is carried out without parameters: by the command line, and as shared statements.

/** A text in single quotes, for SQLite and DuckDB alike. */
export function quoteSql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
