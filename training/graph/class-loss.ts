// The loss of heads of classes: cross-entropy, in training weighted by class.
import * as tf from '@tensorflow/tfjs'
import type { ChoiceHead, ProbabilityHead } from '../../features/heads/head.ts'
import { countKnown } from './loss-kind.ts'
import type { LossKind } from './loss-kind.ts'

// B = batch, K = classes of a head

export const classLoss: LossKind<ChoiceHead | ProbabilityHead> = {
  /** The targets become weights [B, K] that are zero but at the class that came true. */
  batch(output, head, targets) {
    const width = head.classes.length
    const weights = classWeights(head)
    const known = countKnown(targets)
    const wanted = new Float32Array(targets.length * width)
    for (const [row, target] of targets.entries()) {
      if (!Number.isNaN(target)) wanted[row * width + target] = (weights[target] ?? 1) / known
    }
    return weightedLogLoss(output, tf.tensor2d(wanted, [targets.length, width]))
  },
  row({ bias }, output, target) {
    const logits = Array.from(output, (logit, index) => logit + (bias[index] ?? 0))
    const highest = Math.max(...logits)
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0)
    return highest + Math.log(total) - (logits[target] ?? Number.NaN)
  },
}

/** What each class weighs in training, for a head that is not yet calibrated: its bias undoes the weights. */
export function classWeights({ bias }: Pick<ChoiceHead, 'bias'>): number[] {
  return bias.map((undone) => Math.exp(-undone))
}

/** −Σ wanted · log softmax(logits), one operation with its own gradient. [B, K] */
export function weightedLogLoss(logits: tf.Tensor, wanted: tf.Tensor): tf.Scalar {
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
  return withGradient(logits).asScalar()
}
