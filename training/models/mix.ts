// The answers of several models mixed into one: of classes the weighted mean of their probabilities, of amounts
// that of their outputs. On numbers, and as operations of the graph that serves.
import type { Head } from '../../features/heads/head.ts'
import { headWidth } from '../../features/heads/kinds.ts'
import type { Ops } from '../graph/ops.ts'

/** Keeps logarithms of means finite. */
const PROBABILITY_MIN = 1e-9

/** One model's output for a head, and how much it counts; weights sum to 1. */
export interface Weighted<Output> {
  readonly output: Output
  readonly weight: number
}

/** Row-major [n, headWidth]. Logits are such that decode, which adds the head's bias, gives the mean. */
export function mixOutputs(head: Head, parts: readonly Weighted<Float32Array>[]): Float32Array {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only.output
  const width = headWidth(head)
  const mixed = new Float64Array(parts[0]?.output.length ?? 0)
  for (const { output, weight } of parts) {
    if (head.kind === 'amount') {
      for (const [place, value] of output.entries()) mixed[place] = (mixed[place] ?? 0) + weight * value
      continue
    }
    for (let from = 0; from < output.length; from += width) {
      const logits = Array.from({ length: width }, (_, k) => (output[from + k] ?? 0) + (head.bias[k] ?? 0))
      const highest = Math.max(...logits)
      const powers = logits.map((logit) => Math.exp(logit - highest))
      const total = powers.reduce((sum, power) => sum + power, 0)
      for (const [k, power] of powers.entries()) {
        mixed[from + k] = (mixed[from + k] ?? 0) + (weight * power) / total
      }
    }
  }
  if (head.kind === 'amount') return Float32Array.from(mixed)
  return Float32Array.from(mixed, (share, place) => {
    return Math.log(share + PROBABILITY_MIN) - (head.bias[place % width] ?? 0)
  })
}

/** The same as operations, [B, headWidth]. */
export function mixValues<T>(ops: Ops<T>, head: Head, parts: readonly Weighted<T>[]): T {
  const width = headWidth(head)
  const sum = (terms: readonly T[]): T => terms.reduce((total, term) => ops.add(total, term))
  const weigh = (x: T, weight: number): T => ops.mul(x, ops.constant([weight], [1]))
  if (head.kind === 'amount') return sum(parts.map(({ output, weight }) => weigh(output, weight)))
  const bias = ops.constant(head.bias, [1, width])
  const shares = parts.map(({ output, weight }) => weigh(ops.softmax(ops.add(output, bias)), weight))
  const mean = ops.log(ops.add(sum(shares), ops.constant([PROBABILITY_MIN], [1])))
  return ops.add(
    mean,
    ops.constant(
      head.bias.map((own) => -own),
      [1, width],
    ),
  )
}
