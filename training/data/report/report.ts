// What was read of a user's files, in numbers: of the files, of users and items, and of each attribute. It
// holds no value and no id, so that the card may keep it.
import type { Attribute } from '../../../features/project.ts'
import { describeWarning } from './data-warning.ts'
import type { DataWarning } from './data-warning.ts'
import type { FileReport } from './file-report.ts'
import type { LabelReport } from './label-report.ts'

export interface DataReport {
  /** Of each role that was read. */
  readonly files: readonly FileReport[]
  readonly users: number
  /** Items that events or files name. */
  readonly items: number
  /** ISO 8601, of the first and the last event or question; absent where nothing has a time. */
  readonly from?: string
  readonly until?: string
  readonly attributes: readonly AttributeReport[]
  readonly labels: readonly LabelReport[]
  /** What looks wrong with attributes and labels. */
  readonly warnings: readonly DataWarning[]
}

export interface AttributeReport {
  /** 'user.plan', 'item.price', 'context.device'. */
  readonly name: string
  readonly kind: Attribute['kind']
  /** Versions of users or items, labelled rows, or events. */
  readonly rows: number
  /** How many of them have a value. */
  readonly present: number
  /** How many values differ. */
  readonly distinct: number
  /** Of a category: how many of those present read as unknown, and how many of the values. */
  readonly unknown?: UnknownValues
}

export interface UnknownValues {
  readonly rows: number
  /** Known of too few users to be learned. */
  readonly rareValues: number
  /** Beyond the size that the vocabulary may have. */
  readonly excessValues: number
}

/** Of data that come from no file. */
export const NO_FILES: DataReport = {
  files: [],
  users: 0,
  items: 0,
  attributes: [],
  labels: [],
  warnings: [],
}

interface ReportRequest {
  readonly files: readonly FileReport[]
  readonly counts: {
    readonly userCount: number
    /** Unix milliseconds; undefined where nothing has a time. */
    readonly span: { readonly startMs: number; readonly endMs: number } | undefined
  }
  readonly items: number
  readonly attributes: readonly AttributeReport[]
  readonly labels: readonly LabelReport[]
}

export function reportOf({ files, counts, items, attributes, labels }: ReportRequest): DataReport {
  const { userCount: users, span } = counts
  const iso = (ms: number): string => new Date(ms).toISOString()
  return {
    files,
    users,
    items,
    ...(span !== undefined && { from: iso(span.startMs), until: iso(span.endMs) }),
    attributes,
    labels,
    warnings: [...attributeWarnings(attributes), ...labelWarnings(labels)],
  }
}

/** How many rows were skipped. */
export function skippedRows({ files }: DataReport): number {
  return files.reduce((sum, file) => sum + skippedOf(file), 0)
}

function skippedOf({ skipped }: FileReport): number {
  return skipped.reduce((sum, { rows }) => sum + rows, 0)
}

/** Above this share of unknown rows an attribute is spoken of. */
const UNKNOWN_SHARE_MAX = 0.2
/** Below this share of present rows. */
const PRESENT_SHARE_MIN = 0.02

function attributeWarnings(attributes: readonly AttributeReport[]): DataWarning[] {
  return attributes.flatMap(({ name, rows, present, distinct, unknown }): DataWarning[] => {
    if (rows === 0) return []
    if (present === 0) return [{ code: 'empty_attribute', text: `${name}: no row has a value` }]
    if (present < PRESENT_SHARE_MIN * rows)
      return [
        { code: 'sparse_attribute', text: `${name}: ${percent(present, rows)} of the rows have a value` },
      ]
    if (distinct === 1 && present === rows)
      return [{ code: 'constant_attribute', text: `${name}: all rows have the same value` }]
    if (unknown === undefined || unknown.rows <= UNKNOWN_SHARE_MAX * present) return []
    const why = [
      unknown.rareValues === 0 ? '' : `${unknown.rareValues} are known of too few users`,
      unknown.excessValues === 0 ? '' : `${unknown.excessValues} are more than a vocabulary holds`,
    ]
    const reasons = why.filter((text) => text !== '').join(', ')
    const text = `${name}: ${percent(unknown.rows, present)} of its values read as unknown: of ${distinct} that differ ${reasons}`
    return [{ code: 'unknown_values', text }]
  })
}

/** Fewer rows of a class teach next to nothing of it. */
const CLASS_ROWS_MIN = 20

function labelWarnings(labels: readonly LabelReport[]): DataWarning[] {
  return labels.flatMap(({ task, classes }): DataWarning[] => {
    const known = classes.filter(({ rows }) => rows > 0)
    const [only] = known
    if (only === undefined) return []
    if (known.length === 1)
      return [
        {
          code: 'one_class',
          text: `${task}: all rows say '${only.name}', so there is nothing to tell apart`,
        },
      ]
    const rare = classes.filter(({ rows }) => rows < CLASS_ROWS_MIN)
    if (rare.length === 0) return []
    const named = rare.map(({ name, rows }) => `'${name}' (${rows})`).join(', ')
    return [{ code: 'rare_class', text: `${task}: hardly any rows say ${named}` }]
  })
}

/** The report as lines of text. */
export function describeReport(report: DataReport): string[] {
  const { files, users, items, from, until, attributes, labels, warnings } = report
  const span = from === undefined || until === undefined ? [] : [`${from} to ${until}`]
  return [
    ...files.flatMap(describeFile),
    `${count(users)} users, ${count(items)} items`,
    ...span,
    ...describeAttributes(attributes),
    ...labels.flatMap(describeLabels),
    ...warnings.map(describeWarning),
  ]
}

function describeFile(file: FileReport): string[] {
  const { role, name, files, rows, stored, repeated, unlabelled, unused, skipped } = file
  const bad = skippedOf(file)
  const parts = [
    `${count(rows)} rows`,
    ...(files > 1 ? [`in ${files} files`] : []),
    `${count(stored)} ${STORED[role]}`,
    ...(repeated > 0 ? [`${count(repeated)} repeated`] : []),
    ...(unlabelled > 0 ? [`${count(unlabelled)} unlabelled`] : []),
    ...(unused > 0 ? [`${count(unused)} not asked for`] : []),
    ...(bad > 0 ? [`${count(bad)} skipped`] : []),
  ]
  const reasons = skipped.map(
    (reason) => `  ${count(reason.rows)} × ${reason.field}: expected ${reason.expected}`,
  )
  return [`${name}: ${parts.join(', ')}`, ...reasons]
}

const STORED = {
  events: 'events',
  users: 'versions of users',
  items: 'versions of items',
  questions: 'questions',
  rows: 'labelled rows',
} as const

function describeAttributes(attributes: readonly AttributeReport[]): string[] {
  if (attributes.length === 0) return []
  const table = [
    ['attribute', 'present', 'distinct', 'unknown'],
    ...attributes.map(({ name, rows, present, distinct, unknown }) => [
      shortName(name),
      percent(present, rows),
      count(distinct),
      unknown === undefined ? '' : percent(unknown.rows, present),
    ]),
  ]
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  )
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

/** So many classes are told of by name. */
const CLASSES_SHOWN = 6

function describeLabels({ task, classes }: LabelReport): string[] {
  const known = classes.reduce((sum, { rows }) => sum + rows, 0)
  if (known === 0) return []
  const shown = classes.toSorted((a, b) => b.rows - a.rows).slice(0, CLASSES_SHOWN)
  const more = classes.length > shown.length ? [`${classes.length - shown.length} more`] : []
  const parts = [...shown.map(({ name, rows }) => `${shortName(name)} ${percent(rows, known)}`), ...more]
  return [`${shortName(task)}, ${count(known)} rows:`, ...wrapped(parts).map((line) => `  ${line}`)]
}

const LINE_LENGTH_MAX = 78

/** Parts one after another, on as many lines as they take. */
function wrapped(parts: readonly string[]): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const joined = lines.length === 0 ? part : `${lines.at(-1)}, ${part}`
    if (lines.length > 0 && joined.length < LINE_LENGTH_MAX) lines[lines.length - 1] = joined
    else {
      if (lines.length > 0) lines[lines.length - 1] += ','
      lines.push(part)
    }
  }
  return lines
}

/** Beside it the table has room for numbers in 80 columns. */
const NAME_LENGTH_MAX = 40

function shortName(name: string): string {
  const characters = Array.from(name)
  return characters.length <= NAME_LENGTH_MAX ? name : `${characters.slice(0, NAME_LENGTH_MAX - 1).join('')}…`
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`
}

function count(number: number): string {
  return number.toLocaleString('en')
}
