// The first bundle, asked on without the service: what would be answered had nothing been trained since. Both
// give the same (test/features/, test/training/models/), so that no second service needs to run.
import { decode } from '../../features/decode.ts'
import { createEncoder, inputSpecs } from '../../features/encode.ts'
import type { EncodeRequest } from '../../features/encode.ts'
import type { Answers } from '../../features/heads/head.ts'
import { createRunner } from '../../training/onnx/run.ts'
import { readBundle } from '../../cli/storage/read-bundle.ts'

export type AskFrozen = (request: EncodeRequest) => Promise<Answers>

export async function openFrozen(folder: string): Promise<AskFrozen> {
  const { manifest, model } = (await readBundle(folder)).bundle
  const encode = createEncoder(manifest.features)
  const runner = await createRunner(model, inputSpecs(manifest.features))
  return async (request) => decode(manifest, await runner.run(encode(request), 1))
}
