// What a trained model answers about examples, and how it is run.
import { inputSpecs } from '../features/encode.ts'
import { readerOf } from '../features/heads/kinds.ts'
import type { Head } from '../features/heads/head.ts'
import type { Features } from '../features/manifest.ts'
import type { ExampleSet } from '../training/examples/example-set.ts'
import { numbersOf, outputsOf, repeated } from '../training/heads/known-examples.ts'
import { runExamples } from '../training/onnx/run-examples.ts'
import { createRunner } from '../training/onnx/run.ts'
import type { Outputs } from '../training/models/family.ts'

/** Answers of these rows as they are given, row-major [rows, width]: where the prior answers, the prior's. */
export function answersOf(
  head: Head,
  { outputs, rows }: { readonly outputs: Outputs; readonly rows: readonly number[] },
): Float64Array {
  if (head.basis === 'prior') return repeated(head.prior, rows.length)
  const { width } = readerOf(head)
  const output = outputs[head.task]
  if (output === undefined) throw new Error(`Expected outputs of '${head.task}', got none`)
  return numbersOf(head, outputsOf(output, { rows, width }))
}

/** Raw outputs of an exported model on a whole set of examples. */
export async function runModel(
  { model, features }: { readonly model: Uint8Array; readonly features: Features },
  examples: ExampleSet,
): Promise<Outputs> {
  const runner = await createRunner(model, inputSpecs(features))
  try {
    return await runExamples(runner, { examples })
  } finally {
    await runner.release()
  }
}
