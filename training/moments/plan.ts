// The plan of which moments are asked: made once, by a pass over the data, and the same for every pass
// that follows. Whether a moment is chosen depends on nothing that comes after it: else the answers would
// be biased by the choice.
import { partNames } from './parts.ts'
import type { Part, PartName } from './parts.ts'

/** How the moments of a part are drawn. */
export interface Sampling {
  /** With which probability the moment after an event is taken. */
  readonly eventRate: number
  /** How many such moments of one user are taken at most, in expectation. */
  readonly eventsOfUserMax: number
  /** How many moments of a known user the clock makes in a millisecond, in expectation. */
  readonly clockPerMs: number
  /** With which probability a row with a time is taken. */
  readonly rowRate: number
}

export interface PlannedPart extends Part {
  readonly sampling: Sampling
}

/** Times so far from all others that nothing is asked there. */
export interface Outlying {
  readonly count: number
  /** Up to five. */
  readonly examples: readonly { readonly userId: string; readonly atMs: number }[]
}

export interface MomentPlan {
  readonly seed: number
  /** How it was split, for people. */
  readonly split: string
  /** Stretches of time; none for rows without a time. */
  readonly parts: Readonly<Partial<Record<PartName, PlannedPart>>>
  /** The part of each row by its place, where rows are not split by time; undefined for those left out. */
  readonly partOfRow?: readonly (PartName | undefined)[]
  /** Where all known users are asked in the test part, Unix milliseconds; else they are as in the others. */
  readonly nights?: readonly number[]
  /**
   * Users by their places in the data of whom nothing is learned: they are asked in the test part, and nobody
   * else is. Absent where all are in all parts.
   */
  readonly heldOut?: ReadonlySet<number>
  /** The last moment at which an event is known of; no target reaches beyond it. */
  readonly knownUntilMs: number
  /** How much time the events span, outlying ones not counted; 0 where there are none. */
  readonly spanMs: number
  readonly outlying: Outlying
  /** How many moments are expected to be taken of each part. */
  readonly expected: Readonly<Record<PartName, number>>
}

/** How many examples to make of each part, about. */
export type ExamplesWanted = Readonly<Record<PartName, number>>

/** Where neither the caller says nor time is short. All labelled rows are then used. */
export const EXAMPLES_DEFAULT: ExamplesWanted = { train: 100_000, validation: 20_000, test: 30_000 }

/** So many moments are made for each minute that fitting may take, and never fewer than the least. */
const MOMENTS_A_MINUTE = 66_667
const MOMENTS_MIN = 10_000

/** How many moments to make where the caller does not say: no more than fitting comes to learn from in its time. */
export function examplesWithin(minutes = Infinity): ExamplesWanted {
  const learned = Math.max(MOMENTS_MIN, Math.round(MOMENTS_A_MINUTE * minutes))
  return learned >= EXAMPLES_DEFAULT.train ? EXAMPLES_DEFAULT : examplesFor(learned)
}

/** The part in which a moment lies. */
export function partAt({ parts }: MomentPlan, atMs: number): PartName | undefined {
  return partNames.find((name) => {
    const part = parts[name]
    return part !== undefined && atMs >= part.fromMs && atMs < part.untilMs
  })
}

/** So many for training, and of the other parts in proportion. */
export function examplesFor(train: number): ExamplesWanted {
  const share = train / EXAMPLES_DEFAULT.train
  return {
    train,
    validation: Math.ceil(share * EXAMPLES_DEFAULT.validation),
    test: Math.ceil(share * EXAMPLES_DEFAULT.test),
  }
}
