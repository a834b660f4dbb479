// What training does with a head, whatever its kind. How its outputs are read is features/heads; the loss
// on tensors is training/graph.
import type { Head } from '../../features/heads/head.ts'
import type { Task } from '../../features/project.ts'
import type { Measure } from '../metrics/measure.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { KindCurves } from '../metrics/kind-curves.ts'

/** The examples of one task whose target is known. */
export interface KnownExamples {
  /** [n]: the index of a class, or an amount. */
  readonly targets: Float32Array
  /** Who was asked about, [n]. */
  readonly userIds: readonly string[]
  /** When, Unix milliseconds, [n]. */
  readonly atMs: Float64Array
  /** Whether it is the first moment of its user, [n]. */
  readonly isFirst: readonly boolean[]
}

/** Answers, and what is known of the examples they are to. */
export interface Judged {
  /** Probabilities or amounts, row-major [n, width]. */
  readonly numbers: Float64Array
  readonly known: KnownExamples
  /** From which probability of "yes" on it is said, by what the metrics at it are called. */
  readonly thresholds?: Thresholds | undefined
}

/** Probabilities by name: 'Best', '0.3'. */
export type Thresholds = Readonly<Record<string, number>>

export interface CreateRequest {
  readonly task: string
  readonly declaration: Task
  /** Names of the classes it chooses from; none for an amount. */
  readonly classes: readonly string[]
  /** The known targets of the examples. */
  readonly targets: Float32Array
  /** What came true after the first moments of users, examples or not. */
  readonly newcomerTargets: Float32Array
  /** The head of an earlier fit, whose choices this one must share; absent in the first. */
  readonly like?: Head
}

/** An outcome seen too seldom to learn from. */
export interface Shortage {
  /** The class that is short of examples; 'above zero' for an amount. */
  readonly outcome: string
  readonly count: number
  readonly known: number
  readonly needed: number
}

export interface Created<Kind extends Head> {
  /** Uncalibrated; its bias undoes the class weights of the loss. */
  readonly head: Kind
  readonly shortage: Shortage | undefined
}

export interface FittedCalibration<Kind extends Head> {
  readonly created: Kind
  readonly calibrated: Kind
  /**
   * How much of what moves base rates still holds for the head that takes it over, from 0 to 1: what that one
   * learned from itself need not be made up for.
   */
  readonly shiftShare: number
}

/** What a kind of head needs to be trained and judged. A new kind is a new file. */
export interface TrainingKind<Kind extends Head> {
  /** The head as fitting starts: classes, priors, weights or units, from the train part. */
  create(request: CreateRequest): Created<Kind>
  /** The same head, fitted to examples later than those it learned from. */
  calibrate(head: Kind, later: { readonly outputs: Float32Array; readonly known: KnownExamples }): Kind
  /** A newly created head with the calibration that was fitted on another fit of the same task. */
  withCalibrationOf(head: Kind, from: FittedCalibration<Kind>): Kind
  /** The same head, moved to where base rates stand by the latest of the examples that it learned from. */
  withLatestLevel(
    head: Kind,
    learned: { readonly outputs: Float32Array; readonly known: KnownExamples },
  ): Kind
  /** How bad such numbers were for what came, as the loss of training counts it. */
  lossOf(head: Kind, numbers: ArrayLike<number>, target: number): number
  /** What measures answers, of one example at the least; with `ranked` false what needs no order of them. */
  measure(head: Kind, judged: Judged, options?: { readonly ranked?: boolean }): Measure
  /** What is told of answers beside these metrics. */
  details(head: Kind, judged: Judged): Metrics
  /** The one number of each answer that a person asks about, and what came of it, [n]. */
  told(head: Kind, judged: Judged): { readonly told: Float64Array; readonly came: Float64Array }
  /** What can be drawn of answers, for any weights of the examples. */
  curves(head: Kind, judged: Judged, weights: Float64Array): KindCurves
  /** From which probability on "yes" is best said; undefined where there is nothing to choose. */
  thresholdFor(head: Kind, judged: Judged): number | undefined
}

/** How many examples of each outcome a task needs. A next event needs two types with as many. */
export const EXAMPLES_NEEDED = 25
/** First moments of users count as if there were so many more, alike to all moments. */
export const NEWCOMER_SMOOTHING = 10
