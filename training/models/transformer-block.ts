// A block of a transformer, and the layers that it is made of.
import type { Ops } from '../graph/ops.ts'

// B = batch, T = sequence length, Q = places asked for (T, or 1 in the last block), D = width,
// A = attention heads, P = D / A, F = feed-forward width

export interface BlockSizes {
  readonly streamWidth: number
  readonly attentionHeads: number
  readonly feedForwardWidth: number
  readonly dropout: number
}

interface BlockOptions<T> {
  readonly name: string
  /** What is added to the logits of attention. [B, A, Q, T] */
  readonly bias: T
  readonly length: number
  /** Whether every place asks, or the latest alone. */
  readonly asks: 'all' | 'latest'
  readonly sizes: BlockSizes
}

/** x + attention(norm(x)), then x + feedForward(norm(x)). [B, T, D] gives [B, Q, D]. */
export function transformerBlock<T>(ops: Ops<T>, x: T, options: BlockOptions<T>): T {
  const { name, bias, length, asks, sizes } = options
  const { streamWidth: D, attentionHeads: A, feedForwardWidth: F, dropout } = sizes
  const P = D / A
  const Q = asks === 'latest' ? 1 : length
  const placesAsked = (all: T): T =>
    asks === 'latest' ? ops.slice(all, { axis: 1, from: length - 1, to: length }) : all
  const normal = layerNorm(ops, x, { name: `${name}/attention`, width: D })

  const split = (part: T, places: number, order: readonly number[]): T =>
    ops.transpose(ops.reshape(part, [-1, places, A, P]), order)
  const project = (part: T, role: string): T => dense(ops, part, { name: `${name}/${role}`, from: D, to: D })
  const query = split(project(placesAsked(normal), 'query'), Q, [0, 2, 1, 3]) // [B, A, Q, P]
  const key = split(project(normal, 'key'), length, [0, 2, 3, 1]) // [B, A, P, T]
  const value = split(project(normal, 'value'), length, [0, 2, 1, 3]) // [B, A, T, P]
  const scaled = ops.mul(ops.matMul(query, key), ops.constant([1 / Math.sqrt(P)], [1])) // [B, A, Q, T]
  const weights = ops.softmax(ops.add(scaled, bias)) // [B, A, Q, T]
  const mixed = ops.transpose(ops.matMul(weights, value), [0, 2, 1, 3]) // [B, Q, A, P]
  const branch = project(ops.reshape(mixed, [-1, Q, D]), 'output')
  const attended = ops.add(placesAsked(x), ops.dropout(branch, dropout)) // [B, Q, D]

  const inner = layerNorm(ops, attended, { name: `${name}/feedForward`, width: D })
  const widened = ops.relu(dense(ops, inner, { name: `${name}/widen`, from: D, to: F })) // [B, Q, F]
  const narrowed = dense(ops, widened, { name: `${name}/narrow`, from: F, to: D })
  return ops.add(attended, ops.dropout(narrowed, dropout))
}

export function layerNorm<T>(
  ops: Ops<T>,
  x: T,
  { name, width }: { readonly name: string; readonly width: number },
): T {
  return ops.layerNorm(x, {
    gain: ops.parameter(`${name}/gain`, { shape: [width], initial: { kind: 'ones' } }),
    bias: ops.parameter(`${name}/shift`, { shape: [width], initial: { kind: 'zeros' } }),
  })
}

/** [..., from] gives [..., to] */
export function dense<T>(
  ops: Ops<T>,
  x: T,
  { name, from, to }: { readonly name: string; readonly from: number; readonly to: number },
): T {
  const weight = ops.parameter(`${name}/weight`, {
    shape: [from, to],
    initial: { kind: 'normal', deviation: 1 / Math.sqrt(from) },
  })
  const bias = ops.parameter(`${name}/bias`, { shape: [to], initial: { kind: 'zeros' } })
  return ops.add(ops.linear(x, weight), bias)
}
