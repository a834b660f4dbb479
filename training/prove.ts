// The proof that what is exported answers as what was trained: the same examples through training's own
// prediction and through ONNX Runtime. Nothing is deployed without it.
import { inputSpecs } from '../features/encode.ts'
import { GOLDEN_ROWS_MAX } from '../features/golden.ts'
import type { Head } from '../features/heads/head.ts'
import { readerOf } from '../features/heads/kinds.ts'
import type { Features } from '../features/manifest.ts'
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import { selectExamples } from './examples/example-set.ts'
import type { ExampleSet } from './examples/example-set.ts'
import { numbersOf } from './heads/known-examples.ts'
import type { Fitted, Outputs } from './models/family.ts'
import { checkOperators } from './onnx/check.ts'
import { runExamples } from './onnx/run-examples.ts'
import { createRunner } from './onnx/run.ts'

/** The largest difference of answers between runtimes, in the unit of their head. */
export const PARITY_MAX = 1e-5
/** On how many examples it is proven, at the most. */
export const PARITY_ROWS = 1_000

/** Training and ONNX Runtime give other answers. */
export interface NoParity {
  readonly code: 'parity'
  readonly difference: number
}

/** An exported model whose answers are proven. */
export interface ProvenModel {
  readonly model: Uint8Array<ArrayBuffer>
  readonly parity: { readonly difference: number; readonly examples: number }
  /** Inputs of real examples, and the raw outputs of training. */
  readonly golden: { readonly examples: ExampleSet; readonly outputs: Outputs }
}

export interface ProofRequest {
  readonly fitted: Fitted
  readonly features: Features
  /** Calibrated. */
  readonly heads: readonly Head[]
  /** Of which some, evenly spread, are compared. */
  readonly examples: ExampleSet
}

/** Exports a fitted model and compares. Throws where it is not plain ONNX. */
export async function exportProven(request: ProofRequest): Promise<Result<ProvenModel, NoParity>> {
  const { fitted, features, heads, examples } = request
  const model = fitted.export()
  checkOperators(model)
  const compared = selectExamples(examples, spread(examples.count, PARITY_ROWS))
  const trained = await fitted.logits(compared)
  const runner = await createRunner(model, inputSpecs(features))
  const answered = await runExamples(runner, { examples: compared }).finally(() => runner.release())
  const difference = parityOf(heads, { rows: compared.count, left: trained, right: answered })
  if (!(difference <= PARITY_MAX)) return fail({ code: 'parity', difference })
  const goldenRows = spread(compared.count, GOLDEN_ROWS_MAX)
  return succeed({
    model,
    parity: { difference, examples: compared.count },
    golden: {
      examples: selectExamples(compared, goldenRows),
      outputs: selectOutputs(heads, { outputs: trained, rows: goldenRows }),
    },
  })
}

/**
 * The largest difference between two sets of outputs, as probabilities or as shares of an amount;
 * infinite where an output is absent, short or not finite, on either side.
 */
export function parityOf(
  heads: readonly Head[],
  { rows, left, right }: { readonly rows: number; readonly left: Outputs; readonly right: Outputs },
): number {
  const largest = heads.map((head) => {
    const reader = readerOf(head)
    const [a, b] = [left, right].map((outputs) => outputs[head.task] ?? new Float32Array(0))
    const isWhole = (output: Float32Array | undefined): output is Float32Array =>
      output?.length === rows * reader.width && output.every(Number.isFinite)
    if (!isWhole(a) || !isWhole(b)) return Infinity
    const [ours, theirs] = [numbersOf(head, a), numbersOf(head, b)]
    return ours.reduce(
      (most, number, place) =>
        Math.max(most, Math.abs(number - (theirs[place] ?? Infinity)) / reader.unit(number)),
      0,
    )
  })
  return Math.max(...largest)
}

/** At most `wanted` row numbers, evenly spread. */
function spread(count: number, wanted: number): number[] {
  const length = Math.min(count, wanted)
  return Array.from({ length }, (_, place) => Math.floor((place * count) / length))
}

function selectOutputs(
  heads: readonly Head[],
  { outputs, rows }: { readonly outputs: Outputs; readonly rows: readonly number[] },
): Outputs {
  return Object.fromEntries(
    heads.map(({ task, ...head }) => {
      const { width } = readerOf({ task, ...head })
      const values = outputs[task] ?? new Float32Array(0)
      return [
        task,
        Float32Array.from(rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)])),
      ]
    }),
  )
}
