// How training tells what it does. Who calls it decides where that is shown.

export interface Monitor {
  /** A line about what was found or begins. */
  say(line: string): void
  /** Begins a piece of work that takes a while; one at a time. */
  track(work: Work): TrackedWork
}

export interface Work {
  readonly label: string
  readonly total: number
  /** Plural: 'examples'. */
  readonly unit: string
}

export interface TrackedWork {
  /** So many more are done. */
  advance(count: number): void
  /** Ends the work; the outcome says what came of it. */
  done(outcome?: string): void
}

/** Tells nobody. */
export const silent: Monitor = {
  say: () => {},
  track: () => ({ advance: () => {}, done: () => {} }),
}
