// The card: what a bundle was made from and how good it is, for people and for later comparison. It
// holds nothing that differs between two runs on the same data, such as the time of day.

/** Metrics by name; null where the test part does not define one, as AUC of a single class. */
export type Metrics = Readonly<Record<string, unknown>>

export interface TaskResult {
  /** Test examples whose target is known. */
  readonly examples: number
  readonly model: Metrics
  /** The same for the answer without a model. */
  readonly prior: Metrics
}

export interface Card {
  readonly project: string
  readonly family: string
  readonly seed: number
  readonly backend: string
  readonly data: {
    readonly rows: number
    readonly users: number
    readonly skippedRows: number
    /** ISO 8601, for logs. */
    readonly from?: string
    readonly until?: string
  }
  readonly split: string
  readonly examples: Readonly<Record<'train' | 'validation' | 'test', number>>
  readonly epochs: number
  readonly parameters: number
  readonly tasks: Readonly<Record<string, TaskResult>>
  /** Largest difference of probabilities between TensorFlow.js and ONNX Runtime on golden inputs. */
  readonly parity: number
  readonly versions: Readonly<Record<string, string>>
}
