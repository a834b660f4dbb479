// SQL that computes something once and uses it often: DuckDB computes what stands in the branches of a CASE
// anew each time.

/** A value of SQL that is to have a name. */
export interface Bound {
  /** May be null. */
  readonly value: string
  /** Names of an inner one must differ from those of the outer ones. */
  readonly name: string
  /** SQL of a condition on which nobody looks at the value, so that it need not be computed. */
  readonly unless?: string | undefined
}

/** SQL of `use` with the value under its name. */
export type Bind = (bound: Bound, use: (name: string) => string) => string

/** Gives a shorter name to SQL, which is computed once a row. */
export type Keep = (sql: string) => string

/** Within the expression itself. The database takes long to make such ones ready: of many cells keep the values. */
const bindInPlace: Bind = ({ value, name }, use) => {
  const quoted = `"presage ${name}"`
  return `list_transform([${value}], lambda ${quoted}: ${use(quoted)})[1]`
}

/** @param keep where there is a table beside which values may stand */
export function bindBy(keep: Keep | undefined): Bind {
  if (keep === undefined) return bindInPlace
  return ({ value, unless }, use) =>
    use(keep(unless === undefined ? value : `case when not coalesce(${unless}, false) then ${value} end`))
}
