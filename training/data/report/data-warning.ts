// What reading brought up that is no fault, and that somebody should look at.

/** What each warning means, by its code; docs/your-data.md has the same. */
export const WARNINGS = {
  empty_attribute: 'No row has a value: the column is empty, or another is meant.',
  sparse_attribute: 'Hardly any row has a value; a model learns little from it.',
  constant_attribute: 'All rows have the same value: it tells nothing.',
  unknown_values: 'Many values are too rare, or too many, to be learned one by one; they count as one.',
  repeated_events: 'The same events again; they count once.',
  copied_events: 'Events without ids stand in several files alike; each counts.',
  repeated_ids: 'Rows of a table share an id: each is learned from, and the service knows the latest.',
  rounded_ids: 'Ids were written as rounded numbers by a spreadsheet; one may stand for several.',
  one_class: 'All rows of a label say the same: there is nothing to learn.',
  rare_class: 'Hardly any rows say so: of a class this rare next to nothing is learned.',
  nobody: "Rows whose user is a word for nobody, as 'undefined', were skipped.",
  clocks_ahead: 'Events claim a time after their receipt; they happened when they were received.',
  ids_spelt_otherwise: 'Ids of the log are in the file in another spelling, so nothing is known of them.',
  few_ids_known: 'The file knows less than half of the ids of the log.',
  attributes_passed_over: 'The log carries attributes too; what the file of users says counts.',
  questions_not_read: 'There are questions, and no label task that asks them.',
  questions_missing: 'The project has label tasks, and no file says what came true.',
  questions_without_events: 'Questions ask about users without an event.',
  questions_too_early: 'Questions ask about moments before the first event of their user.',
  texts_encoded: 'An encoder reads texts beside their words; one that comes over HTTP it does not.',
} as const

export type WarningCode = keyof typeof WARNINGS

export interface DataWarning {
  readonly code: WarningCode
  /** Which file or attribute, how many, what of it. */
  readonly text: string
  /** One or a few of them. Examples name users and events: they are said, and not kept. */
  readonly example?: string
}

/** As it is said aloud. */
export function describeWarning({ text, example }: DataWarning): string {
  return example === undefined ? text : `${text}, ${example}`
}

/** As it is kept. */
export function withoutExample({ code, text }: DataWarning): DataWarning {
  return { code, text }
}
