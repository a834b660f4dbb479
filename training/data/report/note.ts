// What reading brought up that is no fault. Examples name users and events: they are said, and not kept.

export interface Note {
  /** Which file, how many, what of it. */
  readonly text: string
  /** One or a few of them. */
  readonly example?: string
}

/** As it is said aloud. */
export function describeNote({ text, example }: Note): string {
  return example === undefined ? text : `${text}, ${example}`
}
