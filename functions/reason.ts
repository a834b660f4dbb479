// One thing wrong with a request, as it is found and as it is told.

export interface Reason {
  readonly code: string
  /** Where in the body, as names and indexes. */
  readonly path: readonly (string | number)[]
  readonly message: string
}
