// From what a project declares to an encoder that runs.
import type { Encoder, EncoderDeclaration } from '../../features/encoder.ts'
import type { Result } from '../../features/result.ts'
import { createOnnxEncoder } from './onnx-encoder.ts'

type Create<Declared> = (declared: Declared) => Promise<Result<Encoder, string>>

/** By kind; fails with what is wrong, in words. One that runs in the Worker alone (functions/encoders/) is null. */
export const encoderKinds = {
  onnx: createOnnxEncoder,
  'workers-ai': null,
} satisfies {
  readonly [Kind in EncoderDeclaration['kind']]: Create<Extract<EncoderDeclaration, { kind: Kind }>> | null
}

/** Undefined for one that runs in the Worker alone. */
export function createHere(declared: EncoderDeclaration): ReturnType<Create<EncoderDeclaration>> | undefined {
  return declared.kind === 'onnx' ? encoderKinds[declared.kind](declared) : undefined
}
