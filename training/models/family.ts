// What every family of models has in common: it is fitted on examples, and what comes of it gives
// logits and writes itself as ONNX. How it learns is its own affair.
import type { Head } from '../../features/heads/head.ts'
import type { Features } from '../../features/manifest.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import type { Ending } from '../fit/ending.ts'
import type { Monitor } from '../monitor.ts'
import type { BackendName } from '../tf/backend.ts'
import type { SearchSpace } from './search-space.ts'

/** What a model is built for: the inputs it gets and the heads it answers with. */
export interface ModelShape {
  readonly features: Features
  readonly heads: readonly Head[]
}

/** By task, row-major [n, headWidth]. */
export type Outputs = Readonly<Record<string, Float32Array>>

/** Every setting of a family by name, in one place; the card keeps them. */
export type Settings = Readonly<Record<string, number | string | boolean>>

/** How long each task was trained until it was at its best: what a rehearsal hands to a final fit. */
export interface StoppingPoint {
  /** By task, in examples seen over examples there were (epochs, not whole ones); of trees in rounds. */
  readonly epochs: Readonly<Record<string, number>>
  /** Likewise of a start from histories alone, where validation liked one. */
  readonly startEpochs?: number
  /** Of a mix of families, by their names. */
  readonly parts?: Readonly<Record<string, MixedPart>>
  /** By task, how freely texts tell it: how much losses count beside the squares of the weights of n-grams. */
  readonly texts?: Readonly<Record<string, number>>
}

/** A family in a mix: when it was at its best, and by task how much it counts. */
export interface MixedPart {
  readonly stoppedAt: StoppingPoint
  readonly weights: Readonly<Record<string, number>>
}

export interface FitRequest {
  readonly shape: ModelShape
  readonly train: ExampleSet
  /** Where to stop is chosen on these; absent in a final fit, which stops where the rehearsal did. */
  readonly validation?: ExampleSet
  readonly stopAt?: StoppingPoint
  /** Windows of what everybody did in the time of `train`, labelled or not: the inputs of the sequence alone. */
  readonly histories?: ExampleSet
  readonly seed: number
  readonly settings?: Settings
  readonly backend?: BackendName
  readonly monitor?: Monitor
}

/** A fitted model. */
export interface Fitted {
  readonly stoppedAt: StoppingPoint
  /** Logits, or outputs of amounts, by task, row-major [n, headWidth]. */
  logits(examples: ExampleSet): Promise<Outputs>
  /** The model as ONNX bytes; the same parameters give the same bytes. */
  export(): Uint8Array<ArrayBuffer>
  /** For the card. */
  describe(): Description
  dispose(): void
}

export interface Description {
  readonly parameters: number
  readonly steps: number
  /** What ended each fit that validation judged; none where a rehearsal had said when, or nothing was learned. */
  readonly endings: readonly Ending[]
  readonly backend: string
  readonly settings: Settings
}

/** Why a family could not be fitted. */
export type FitFault =
  /** The loss became NaN or infinite. */
  | { readonly code: 'diverged'; readonly family: string; readonly step: number; readonly cause: string }
  /** It cannot be written as ONNX, so that nothing could serve it. */
  | { readonly code: 'not_exported'; readonly family: string; readonly cause: string }
  /** A task asks what the family cannot promise. */
  | { readonly code: 'not_monotone'; readonly family: string; readonly task: string }

export interface Family {
  readonly name: string
  readonly settings: Settings
  /** Whether answers go with numbers as tasks ask it (`monotone`). */
  readonly keepsMonotone?: true
  /** Which of its settings `presage tune` may vary on such data; absent where there is nothing to gain. */
  readonly space?: (features: Features) => SearchSpace
  /** Rejects with FitError for a FitFault. */
  fit(request: FitRequest): Promise<Fitted>
}

export function describeFitFault(fault: FitFault): string {
  switch (fault.code) {
    case 'diverged':
      return `Training ${fault.family} failed at step ${fault.step}: ${fault.cause}`
    case 'not_exported':
      return `${fault.family} was fitted but cannot be written as ONNX: ${fault.cause}`
    case 'not_monotone':
      return `${fault.family} cannot promise what task '${fault.task}' asks (monotone): take trees or auto`
  }
}

/** Whether a family keeps what a task asks of its answers. */
export function keeps(family: Family, { declaration }: Head): boolean {
  return family.keepsMonotone === true || Object.keys(declaration.monotone ?? {}).length === 0
}

/** A fit that failed in a way its caller must tell of. */
export class FitError extends Error {
  override readonly name = 'FitError'
  readonly fault: FitFault

  constructor(fault: FitFault) {
    super(describeFitFault(fault))
    this.fault = fault
  }
}
