// What training makes small: for classes the weighted cross-entropy, for totals the Poisson deviance,
// which only asks that the mean be right. Unknown targets count for nothing.
import * as tf from '@tensorflow/tfjs'
import type { Head } from '../../features/manifest.ts'
import { headWidth } from '../../features/manifest.ts'

// B = batch, K = classes of a head

/** By task, [B]: the index of a class or an amount; NaN while unknown. */
export type Targets = Readonly<Record<string, Float32Array>>

export interface LossRequest {
  readonly heads: readonly Head[]
  /** By task: weight of each class. */
  readonly classWeights: Readonly<Record<string, readonly number[]>>
  readonly logits: Readonly<Record<string, tf.Tensor>>
  readonly targets: Targets
}

/** A scalar: the mean loss over the known examples of each head, summed over the heads. */
export function lossOf({ heads, classWeights, logits, targets }: LossRequest): tf.Scalar {
  const losses = heads.map((head) => {
    const output = logits[head.task]
    const values = targets[head.task]
    if (output === undefined || values === undefined)
      throw new Error(`No output or target for '${head.task}'`)
    return head.kind === 'total'
      ? poissonLoss(output, { values, scale: head.scale })
      : crossEntropy(output, { values, width: headWidth(head), weights: classWeights[head.task] ?? [] })
  })
  return tf.addN(losses).asScalar()
}

/** logits [B, K]; the targets become weights [B, K] that are zero but at the class that came true. */
function crossEntropy(
  logits: tf.Tensor,
  request: { readonly values: Float32Array; readonly width: number; readonly weights: readonly number[] },
): tf.Tensor {
  const { values, width, weights } = request
  const rows = values.length
  const wanted = new Float32Array(rows * width)
  const known = values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0)
  for (let row = 0; row < rows; row += 1) {
    const value = values[row] ?? Number.NaN
    if (!Number.isNaN(value)) wanted[row * width + value] = (weights[value] ?? 1) / known
  }
  return weightedLogLoss(logits, tf.tensor2d(wanted, [rows, width]))
}

/** −Σ wanted · log softmax(logits), one operation with its own gradient. */
function weightedLogLoss(logits: tf.Tensor, wanted: tf.Tensor): tf.Tensor {
  const withGradient = tf.customGrad((input, save) => {
    const shifted = tf.sub(input as tf.Tensor, tf.max(input as tf.Tensor, -1, true))
    const exponentials = tf.exp(shifted)
    const total = tf.sum(exponentials, -1, true)
    const probabilities = tf.div(exponentials, total)
    ;(save as tf.GradSaveFunc)([probabilities, wanted])
    const value = tf.neg(tf.sum(tf.mul(wanted, tf.sub(shifted, tf.log(total)))))
    return {
      value,
      gradFunc: (dy, saved) => {
        const [p, w] = saved as [tf.Tensor, tf.Tensor]
        return tf.mul(dy, tf.sub(tf.mul(p, tf.sum(w, -1, true)), w))
      },
    }
  })
  return withGradient(logits)
}

/** outputs [B, 1]; mean = softplus(output), in units of the scale: mean − target · log(mean). */
function poissonLoss(
  output: tf.Tensor,
  { values, scale }: { readonly values: Float32Array; readonly scale: number },
): tf.Tensor {
  const known = values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0)
  const mask = Float32Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1 / Math.max(1, known)))
  const scaled = Float32Array.from(values, (value) => (Number.isNaN(value) ? 0 : value / scale))
  const target = tf.tensor1d(scaled)
  const weight = tf.tensor1d(mask)
  const withGradient = tf.customGrad((input, save) => {
    const x = input as tf.Tensor
    const mean = tf.add(softplus(x), 1e-6)
    ;(save as tf.GradSaveFunc)([x, mean, target, weight])
    return {
      value: tf.sum(tf.mul(tf.sub(mean, tf.mul(target, tf.log(mean))), weight)),
      gradFunc: (dy, saved) => {
        const [at, mu, y, w] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
        const slope = tf.mul(tf.sub(1, tf.div(y, mu)), tf.sigmoid(at))
        return tf.mul(dy, tf.mul(slope, w))
      },
    }
  })
  return withGradient(tf.reshape(output, [-1]))
}

/** max(x, 0) + log(1 + e^−|x|), out of operations that every backend has. */
function softplus(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.relu(x), tf.log(tf.add(tf.exp(tf.neg(tf.abs(x))), 1)))
}
