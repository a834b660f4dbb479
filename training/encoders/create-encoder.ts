// From what a project declares to an encoder that runs.
import type { Encoder, EncoderDeclaration } from '../../features/encoder.ts'
import type { Result } from '../../features/result.ts'
import { createOnnxEncoder } from './onnx-encoder.ts'

type Create<Declared> = (declared: Declared) => Promise<Result<Encoder, string>>

type HereEncoder = Extract<EncoderDeclaration, { kind: 'onnx' }>

/** By kind; fails with what is wrong, in words. One that runs in the Worker alone (functions/encoders/) is null. */
const encoderKinds = {
  onnx: createOnnxEncoder,
  'workers-ai': null,
} satisfies {
  readonly [Kind in EncoderDeclaration['kind']]: Create<Extract<EncoderDeclaration, { kind: Kind }>> | null
}

/** Whether it runs where files are read. */
export function isHere(declared: EncoderDeclaration): declared is HereEncoder {
  return encoderKinds[declared.kind] !== null
}

export function createEncoder(declared: HereEncoder): ReturnType<Create<HereEncoder>> {
  return encoderKinds[declared.kind](declared)
}
