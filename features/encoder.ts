// What makes vectors of texts: a pre-trained encoder, as a project declares it. Running one is for others
// (training/encoders/); what it made is a vector as any other.

/** Runs a pre-trained encoder; made of what a project declares. */
export interface Encoder {
  /** Another for another model: what it made of a text is kept by both. */
  readonly id: string
  /** How many numbers it makes of a text. */
  readonly dims: number
  /** The vectors of texts, in their order; each by itself, whatever others are beside it. */
  encode(texts: readonly string[]): Promise<Float32Array[]>
}

/** A sentence encoder of the team's: a folder with model.onnx and tokenizer.json. */
export interface OnnxEncoder {
  readonly kind: 'onnx'
  /** From where the command is run, or absolute. */
  readonly folder: string
  readonly dims: number
}
/** A model of Workers AI: the Worker asks it about texts that came over HTTP, some minutes after. */
export interface WorkersAiEncoder {
  readonly kind: 'workers-ai'
  readonly model: '@cf/baai/bge-m3'
  readonly dims: number
}
/** What a project may declare; a text without any is read by its words alone. */
export type EncoderDeclaration = OnnxEncoder | WorkersAiEncoder

/** What the Worker must have bound for an encoder, by kind; null where it runs elsewhere. */
export const ENCODER_BINDINGS: Readonly<Record<EncoderDeclaration['kind'], string | null>> = {
  onnx: null,
  'workers-ai': 'AI',
}

/** @param dims how many numbers the model makes of a text */
export function onnx(folder: string, { dims }: { readonly dims: number }): OnnxEncoder {
  return { kind: 'onnx', folder, dims }
}

/** The multilingual model bge-m3; the Worker needs the binding AI. */
export function workersAi(): WorkersAiEncoder {
  return { kind: 'workers-ai', model: '@cf/baai/bge-m3', dims: 1_024 }
}
