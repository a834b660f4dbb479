// What a file is, by its name.

/** delimited: cells between delimiters; json: an array of objects or one object a line. */
export type FileKind = 'delimited' | 'json' | 'parquet'

const KINDS: Readonly<Record<string, FileKind>> = {
  csv: 'delimited',
  tsv: 'delimited',
  tab: 'delimited',
  psv: 'delimited',
  txt: 'delimited',
  dat: 'delimited',
  data: 'delimited',
  ndjson: 'json',
  jsonl: 'json',
  json: 'json',
  parquet: 'parquet',
}

/** The ending of a file's name in lower case, without one of compression: 'csv' of events.csv.gz. */
export function endingOf(path: string): string {
  return (/\.([^./]+?)(\.gz)?$/i.exec(path)?.[1] ?? '').toLowerCase()
}

/** Undefined where the ending names no kind that can be read. */
export function kindOfName(path: string): FileKind | undefined {
  const ending = endingOf(path)
  return Object.hasOwn(KINDS, ending) ? KINDS[ending] : undefined
}
