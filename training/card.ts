// The card: what a bundle was made from and how good it is, for people and for later comparison. It
// holds nothing that differs between two runs on the same data, such as the time of day.
import type { DataReport } from './data/report/report.ts'
import type { Ending } from './fit/ending.ts'
import type { TaskShortage } from './heads/create-heads.ts'
import type { PartImportance } from './importance.ts'
import type { Skill } from './heads/skill.ts'
import type { Difference, Interval } from './metrics/bootstrap.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Quality } from './quality/quality.ts'
import type { Settings, StoppingPoint } from './models/family.ts'

export interface TaskResult {
  /** Test examples whose target is known. */
  readonly examples: number
  /** How many users they are of. */
  readonly users: number
  /** 'prior' where the prior answers this task, for want of skill or of examples: then these are its metrics. */
  readonly basis: 'model' | 'prior'
  /** Of the answers that the bundle gives. */
  readonly model: Metrics
  /** The same for the answer without a model. */
  readonly prior: Metrics
  /** Of the model's metrics, at 95 %, users being drawn. */
  readonly intervals: Readonly<Record<string, Interval>>
  /** How much it differs from others on the same examples, by their name and by metric: the prior, and rivals. */
  readonly against: Readonly<Record<string, Readonly<Record<string, Difference>>>>
  /** How many times users were drawn. */
  readonly draws: number
}

/** The examples of a part, and the stretch of time they lie in: ISO 8601, absent in tables. */
export interface PartCard {
  readonly examples: number
  readonly from?: string
  readonly until?: string
}

/** Training and testing on parts split by time: where the numbers come from. */
export interface RehearsalCard {
  readonly split: string
  readonly parts: Readonly<Record<'train' | 'validation' | 'test', PartCard>>
  /** Times so far from all others that nothing was asked there. */
  readonly outlying: { readonly count: number; readonly examples: readonly string[] }
  readonly stoppedAt: StoppingPoint
  readonly steps: number
  /** What ended each of its fits; absent in cards of before. */
  readonly endings?: readonly Ending[]
  /** By task: what the model gained over the prior on validation, and what it had to gain. */
  readonly skill: Readonly<Record<string, Skill>>
  /** Outcomes too rare to be learned. */
  readonly shortages: readonly TaskShortage[]
  readonly tasks: Readonly<Record<string, TaskResult>>
  /** By task: what the model goes by, the greatest first; of a training, not of a measurement. */
  readonly importance?: Readonly<Record<string, readonly PartImportance[]>>
  /** By task, where answers are worth less, and curves; absent in cards of before. */
  readonly quality?: Readonly<Record<string, Quality>>
}

/** The model that the bundle holds. */
export interface DeployedCard {
  /** It knows nothing of this moment or later, Unix milliseconds; null in tables. */
  readonly untilMs: number | null
  /** How many examples it learned from. */
  readonly examples: number
  /** Whether it was fitted again on everything known; else it is the rehearsed model. */
  readonly finalFit: boolean
  readonly parameters: number
  readonly steps: number
  /** Largest difference of answers between training and ONNX Runtime, and on how many examples. */
  readonly parity: { readonly difference: number; readonly examples: number }
}

export interface Card {
  readonly project: string
  readonly family: string
  readonly seed: number
  readonly backend: string
  readonly settings: Settings
  readonly data: {
    readonly events: number
    readonly users: number
    readonly labelledRows: number
    readonly skippedRows: number
    /** Of which files, and what they say of each attribute. */
    readonly report: DataReport
    /** What reading them brought up, a line each. */
    readonly notes: readonly string[]
    /** ISO 8601, where anything has a time. */
    readonly from?: string
    readonly until?: string
  }
  /** Attributes that files gave without a time though they may change: they may tell the future. */
  readonly undated: readonly string[]
  readonly rehearsal: RehearsalCard
  readonly deployed: DeployedCard
  readonly versions: Readonly<Record<string, string>>
}
