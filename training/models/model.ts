// What a model function takes and gives: tensors of the inputs by name in, logits of every head out.
import type { Ops } from '../graph/ops.ts'
import type { ModelShape } from './family.ts'

/** By input name, [B, ...shape]. */
export type Inputs<T> = Readonly<Record<string, T>>
/** By task, [B, headWidth]: logits of classes, or the output of an amount. */
export type Logits<T> = Readonly<Record<string, T>>

/** A model as a function over any Ops: run eagerly in TensorFlow.js, written down for ONNX. */
export type Build = <T>(ops: Ops<T>, inputs: Inputs<T>, shape: ModelShape) => Logits<T>

/** How a model reads histories, which it can learn from histories alone. */
export interface HistoryReader {
  /** What has been read after each event, of it and those before it alone. [B, T, width] */
  readonly read: <T>(ops: Ops<T>, inputs: Inputs<T>, shape: ModelShape) => T
  readonly width: number
  /** How often it sees all histories at most; 0 for not at all. */
  readonly epochsMax: number
}

/** The input of this name. Throws where the features have none. */
export function requireInput<T>(inputs: Inputs<T>, name: string): T {
  const input = inputs[name]
  if (input === undefined) throw new Error(`The model needs input '${name}'`)
  return input
}
