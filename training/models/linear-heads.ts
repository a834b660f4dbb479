// The last layer: from one vector an example to the logits of all heads, which start at the prior.
import type { Head } from '../../features/heads/head.ts'
import { headWidth } from '../../features/heads/kinds.ts'
import type { Ops } from '../graph/ops.ts'
import type { Logits } from './model.ts'
import { priorOutputs } from './prior-outputs.ts'

// B = batch, D = width of the vector, L = logits of all heads together

/** How many logits all heads have together. */
export function logitCount(heads: readonly Head[]): number {
  return heads.reduce((count, head) => count + headWidth(head), 0)
}

/** One linear layer for all heads. [B, D] gives [B, headWidth] by task. */
export function linearHeads<T>(
  ops: Ops<T>,
  vector: T,
  { width, heads }: { readonly width: number; readonly heads: readonly Head[] },
): Logits<T> {
  const count = logitCount(heads)
  const weight = ops.parameter('heads/weight', {
    shape: [width, count],
    initial: { kind: 'normal', deviation: 0.1 / Math.sqrt(width) },
  })
  const bias = ops.parameter('heads/bias', {
    shape: [count],
    initial: { kind: 'values', values: heads.flatMap(priorOutputs) },
  })
  return splitHeads(ops, ops.add(ops.linear(vector, weight), bias), heads)
}

/** Cuts the logits of all heads [B, L] into each head's own. */
export function splitHeads<T>(ops: Ops<T>, logits: T, heads: readonly Head[]): Logits<T> {
  let from = 0
  return Object.fromEntries(
    heads.map((head) => {
      const to = from + headWidth(head)
      const own = ops.slice(logits, { axis: 1, from, to })
      from = to
      return [head.task, own]
    }),
  )
}
