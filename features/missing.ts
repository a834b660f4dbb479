// What says that a value is missing: the marks of databases, spreadsheets, R, pandas and of people. So it is in
// files and over HTTP alike, or a model would learn of one value and be asked about another.
import type { Source } from './source.ts'

/** Marks in lower case, the blank one among them. */
export interface MissingMarks {
  /** Of numbers and categories. */
  readonly value: readonly string[]
  /** Of free texts. */
  readonly text: readonly string[]
}

const USUAL = ['NaN', '-NaN', 'NA', 'N/A', '<NA>', '#NA', '#N/A', 'None', 'null', '(null)', '\\N', '-', '?']
/** Of these, what nobody writes as a text. */
const USUAL_OF_TEXTS = ['NaN', '-NaN', '<NA>', '#NA', '#N/A', 'null', '(null)', '\\N']

/** @param named those that a source names, for all kinds of values; the usual ones where absent */
export function missingMarks(named: readonly string[] | undefined): MissingMarks {
  const foldAll = (marks: readonly string[]): string[] => ['', ...marks].map(fold)
  return { value: foldAll(named ?? USUAL), text: foldAll(named ?? USUAL_OF_TEXTS) }
}

/** The marks of what files of a role say; of events the source's own, where the files of mappings differ. */
export function marksOf(source: Source | undefined, role: 'events' | 'users' | 'items'): MissingMarks {
  if (source?.kind !== 'events') return missingMarks(source?.reading?.missing)
  const files = role === 'events' ? source.events : [source[role]]
  const [first, ...others] = files.map((file) => file?.reading?.missing)
  const isOne = others.every((marks) => marks?.join('\n') === first?.join('\n'))
  return missingMarks((isOne ? first : undefined) ?? source.reading?.missing)
}

/** Whether a text is one of these marks, in any letter case and whatever blanks are around it. */
export function isMissing(text: string, marks: readonly string[]): boolean {
  return marks.includes(fold(text))
}

function fold(mark: string): string {
  return mark.trim().toLowerCase()
}
