// From what a project declares to an encoder that runs in the Worker.
import type { Encoder, EncoderDeclaration } from '../../features/encoder.ts'
import type { MadeVector } from '../../features/made-vectors.ts'
import type { Result } from '../../features/result.ts'
import { createWorkersAi } from './workers-ai.ts'
import type { WorkersAi } from './workers-ai.ts'

export interface EncoderBindings {
  readonly AI?: WorkersAi | undefined
}

type Create<Declared> = (declared: Declared, ai: WorkersAi | undefined) => Result<Encoder, string>

/** By kind; one that runs where files are read alone (training/encoders/) is null. */
const encoderKinds = {
  onnx: null,
  'workers-ai': createWorkersAi,
} satisfies {
  readonly [Kind in EncoderDeclaration['kind']]: Create<Extract<EncoderDeclaration, { kind: Kind }>> | null
}

/** A vector that the Worker makes itself. */
export interface WorkerVector extends MadeVector {
  readonly encoder: Extract<EncoderDeclaration, { kind: 'workers-ai' }>
}

/** Of the vectors of a project's texts those that the Worker makes. */
export function madeByWorker(made: readonly MadeVector[]): WorkerVector[] {
  return made.filter((vector): vector is WorkerVector => encoderKinds[vector.encoder.kind] !== null)
}

/** Fails with what is wrong, in words. */
export function createEncoder(
  declared: WorkerVector['encoder'],
  { AI }: EncoderBindings,
): Result<Encoder, string> {
  return encoderKinds[declared.kind](declared, AI)
}
