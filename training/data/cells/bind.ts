// SQL that computes something once and uses it often: DuckDB computes what stands in the branches of a CASE
// anew each time.

/**
 * SQL of `use` with a value, which may be null, under a name. Names of an inner one must differ from those of
 * the outer ones.
 */
export function bind(value: string, name: string, use: (name: string) => string): string {
  const quoted = `"presage ${name}"`
  return `list_transform([${value}], lambda ${quoted}: ${use(quoted)})[1]`
}
