// What Node hands to the test of replay: a log as an import stores it, and what training encoded of it.
import type { Features } from '../../features/manifest.ts'

export interface ReplayWorld {
  /** What an import of the log sends to the database, in order. */
  readonly statements: readonly string[]
  readonly features: Features
  /** Whom training asked about, when, and the inputs that it made. */
  readonly rows: readonly {
    readonly userId: string
    readonly atMs: number
    readonly inputs: Readonly<Record<string, readonly number[]>>
  }[]
}
