// How a trained model is run on examples.
import { inputSpecs } from '../features/encode.ts'
import type { Features } from '../features/manifest.ts'
import type { ExampleSet } from '../training/examples/example-set.ts'
import { runExamples } from '../training/onnx/run-examples.ts'
import { createRunner } from '../training/onnx/run.ts'
import type { Outputs } from '../training/models/family.ts'

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
