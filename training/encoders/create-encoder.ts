// From what a project declares to an encoder that runs.
import type { Encoder, EncoderDeclaration } from '../../features/encoder.ts'
import type { Result } from '../../features/result.ts'
import { createOnnxEncoder } from './onnx-encoder.ts'

type Create<Declared> = (declared: Declared) => Promise<Result<Encoder, string>>

/** By kind; fails with what is wrong, in words. */
export const encoderKinds: {
  readonly [Kind in EncoderDeclaration['kind']]: Create<Extract<EncoderDeclaration, { kind: Kind }>>
} = {
  onnx: createOnnxEncoder,
}
