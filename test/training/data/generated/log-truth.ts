// What a log and the files beside it say.
import type { Attribute } from '../../../../features/project.ts'
import type { Role } from '../../../../training/data/files/data-path.ts'
import type { Dialect } from './dialect.ts'
import type { Cell } from './sheet.ts'

export interface Attributed {
  readonly name: string
  readonly kind: Exclude<Attribute['kind'], 'vector'>
}

export interface EventTruth {
  readonly id: string
  /** Of EVENT_TYPES. */
  readonly type: number
  readonly userId: string
  /** Read only of types that have one, as the value is. */
  readonly itemId: string
  readonly value: number
  /** When it says that it happened. */
  readonly claimedAt: number
  /** Until it was received: less than nothing where the clock was ahead; null where nobody says. */
  readonly delayMs: number | null
  readonly context: readonly Cell[]
  readonly user: readonly Cell[]
}

export interface VersionTruth {
  readonly id: string
  readonly knownAt: number | null
  readonly cells: readonly Cell[]
}

export interface QuestionTruth {
  readonly userId: string
  readonly at: number
  /** Of each label task; null where it is not known. */
  readonly labels: readonly (number | null)[]
}

export interface LogTruth {
  readonly user: readonly Attributed[]
  readonly item: readonly Attributed[]
  readonly context: readonly Attributed[]
  readonly events: readonly EventTruth[]
  /** Rows that stand in the file once more, at its end. */
  readonly repeats: readonly number[]
  readonly users: readonly VersionTruth[] | undefined
  readonly items: readonly VersionTruth[] | undefined
  readonly questions: readonly QuestionTruth[] | undefined
  readonly hasIds: boolean
  readonly hasReceived: boolean
  readonly isMapped: boolean
  readonly harm: number | undefined
  readonly skipBadRows: boolean
  readonly dialects: Readonly<Record<Exclude<Role, 'rows'>, Dialect>>
}

export const EVENT_TYPES = [
  { name: 'view', item: true, value: false },
  { name: 'buy', item: true, value: true },
  { name: 'search it', item: false, value: false },
  { name: 'Pay', item: false, value: true },
] as const

export const LABELS = [
  { name: 'churned', values: ['yes', 'no'] },
  { name: 'rating', values: ['1', '0'] },
] as const
