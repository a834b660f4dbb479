// Ops: the operations that model files are written in. TfOps runs them in TensorFlow.js and can
// differentiate; OnnxOps writes the same calls as ONNX nodes. T is a tensor of either. The
// leading dimension is the batch: its size is unknown, and shapes name it -1.

/** How a parameter starts. `normal` has mean 0; `signs` are −1 or 1, evenly; `values` are given in full. */
export type Initial =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'signs' }
  | { readonly kind: 'values'; readonly values: readonly number[] }

export interface ParameterSpec {
  readonly shape: readonly number[]
  readonly initial: Initial
}

export interface Ops<T> {
  /** A trained array; asking twice for a name gives the same one. */
  parameter(name: string, spec: ParameterSpec): T
  /** A fixed float array. */
  constant(values: readonly number[], shape: readonly number[]): T
  /** Fixed whole numbers, as ids. */
  ids(values: readonly number[], shape: readonly number[]): T
  /** Rows of a table: [V, D] at ids [...] gives [..., D]. */
  gather(table: T, ids: T): T
  /** [..., D] times [D, E] gives [..., E]. */
  linear(x: T, weight: T): T
  /** Batched product of two arrays of the same rank: [..., N, D] × [..., D, M]. */
  matMul(a: T, b: T): T
  /** Elementwise with broadcasting. */
  add(a: T, b: T): T
  mul(a: T, b: T): T
  div(a: T, b: T): T
  relu(x: T): T
  /** Natural, of numbers above zero. */
  log(x: T): T
  /** Over the last axis. */
  softmax(x: T): T
  /** Over the last axis, with epsilon 1e-5, then gain and bias. */
  layerNorm(x: T, affine: { readonly gain: T; readonly bias: T }): T
  /** Sums over one axis, which disappears. */
  sum(x: T, axis: number): T
  reshape(x: T, shape: readonly number[]): T
  transpose(x: T, permutation: readonly number[]): T
  /** Of one axis, the places from `from` up to but not including `to`. */
  slice(x: T, range: { readonly axis: number; readonly from: number; readonly to: number }): T
  concat(parts: readonly T[], axis: number): T
  /** Ids one place later: each place of [B, T] has those of the place before it, the first has 0. */
  placeBefore(ids: T): T
  /** How many whole times numbers of 1 and more are 1 doubled, as ids: 0 below 2, 1 below 4, … Has no gradient. */
  doublings(x: T): T
  /** 1 where an id is not 0, else 0, as floats. */
  isPresent(ids: T): T
  /** In training, drops this share of the numbers and scales up the rest; else nothing. */
  dropout(x: T, rate: number): T
}
