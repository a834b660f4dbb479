// What every family of models has in common.
import type { Features, Head } from '../../features/manifest.ts'
import type { Ops } from '../graph/ops.ts'

/** What a model is built for: the inputs it gets and the heads it answers with. */
export interface ModelShape {
  readonly features: Features
  readonly heads: readonly Head[]
}

/** Input tensors by name; inputs without a single number are absent. */
export type Inputs<T> = Readonly<Record<string, T>>
/** Logits [B, headWidth] by task. */
export type Logits<T> = Readonly<Record<string, T>>

export interface Family {
  readonly name: string
  /** The model: a pure function from inputs to logits, in the operations of either world. */
  build<T>(ops: Ops<T>, inputs: Inputs<T>, shape: ModelShape): Logits<T>
  /** Adam's learning rate; 0 for a family that learns nothing by gradient. */
  readonly learningRate: number
}

/** An input that the shape promises. Throws when it is absent. */
export function requireInput<T>(inputs: Inputs<T>, name: string): T {
  const input = inputs[name]
  if (input === undefined)
    throw new Error(`Input '${name}' is absent: there are ${Object.keys(inputs).join(', ')}`)
  return input
}
