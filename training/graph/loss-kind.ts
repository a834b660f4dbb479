// What a kind of head has to say about its loss.
import type * as tf from '@tensorflow/tfjs'
import type { Head } from '../../features/heads/head.ts'

/** Targets, [B]: the index of a class or an amount; NaN while unknown. Unknown ones count for nothing. */
export interface LossKind<H extends Head> {
  /** What training makes small: the mean over the known targets, 0 where there are none. output [B, width] */
  batch(output: tf.Tensor, head: H, targets: Float32Array): tf.Scalar
  /** What is judged: the loss of one answer without weights of training, 0 for a perfect one. */
  row(head: H, output: ArrayLike<number>, target: number): number
}

export function countKnown(targets: Float32Array): number {
  return targets.reduce((count, target) => (Number.isNaN(target) ? count : count + 1), 0)
}
