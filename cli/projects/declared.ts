// What each kind of data makes of a declaration.
import type { Entry } from './typescript-text.ts'

/** Its part of one. */
export interface Declared {
  /** One sentence. */
  readonly about: string
  /** Of defineProject, without the name. */
  readonly members: readonly Entry[]
}
