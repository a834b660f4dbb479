// The loss of heads of amounts, counted in units of the head's scale. Amounts above zero: the Poisson
// deviance (halved), which only asks that the mean be right. Any amounts: the squared error.
import * as tf from '@tensorflow/tfjs'
import type { AmountHead } from '../../features/heads/head.ts'
import { countKnown } from './loss-kind.ts'
import type { LossKind } from './loss-kind.ts'

// B = batch

interface LinkLoss {
  /** Σ weight · loss. All [B]; targets and weights are 0 where a target is unknown. */
  batch(output: tf.Tensor, known: { readonly targets: tf.Tensor; readonly weights: tf.Tensor }): tf.Tensor
  row(output: number, target: number): number
}

/** Keeps logarithms of means finite. */
const MEAN_MIN = 1e-6

const links: Readonly<Record<AmountHead['link'], LinkLoss>> = {
  softplus: {
    batch: poissonDeviance,
    row(output, target) {
      const mean = Math.max(output, 0) + Math.log1p(Math.exp(-Math.abs(output))) + MEAN_MIN
      return mean - target + (target > 0 ? target * Math.log(target / mean) : 0)
    },
  },
  identity: {
    batch: (output, { targets, weights }) => tf.sum(tf.mul(tf.square(tf.sub(output, targets)), weights)),
    row: (output, target) => (output - target) ** 2,
  },
}

export const amountLoss: LossKind<AmountHead> = {
  batch(output, { link, scale }, targets) {
    const share = 1 / Math.max(1, countKnown(targets))
    const known = {
      targets: tf.tensor1d(targets.map((target) => (Number.isNaN(target) ? 0 : target / scale))),
      weights: tf.tensor1d(targets.map((target) => (Number.isNaN(target) ? 0 : share))),
    }
    return links[link].batch(tf.reshape(output, [-1]), known).asScalar()
  },
  row: ({ link, scale }, output, target) => links[link].row(output[0] ?? Number.NaN, target / scale),
}

/** mean − target + target · log(target / mean), where mean = softplus(output); with its own gradient. */
function poissonDeviance(
  output: tf.Tensor,
  { targets, weights }: { readonly targets: tf.Tensor; readonly weights: tf.Tensor },
): tf.Tensor {
  const withGradient = tf.customGrad((input, save) => {
    const x = input as tf.Tensor
    const mean = tf.add(softplus(x), MEAN_MIN)
    ;(save as tf.GradSaveFunc)([x, mean, targets, weights])
    // At a target of 0 the logarithm is of 1 in a million, times 0.
    const ratio = tf.div(tf.maximum(targets, MEAN_MIN), mean)
    const deviance = tf.add(tf.sub(mean, targets), tf.mul(targets, tf.log(ratio)))
    return {
      value: tf.sum(tf.mul(deviance, weights)),
      gradFunc: (dy, saved) => {
        const [at, mu, y, w] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
        const slope = tf.mul(tf.sub(1, tf.div(y, mu)), tf.sigmoid(at))
        return tf.mul(dy, tf.mul(slope, w))
      },
    }
  })
  return withGradient(output)
}

/** max(x, 0) + log(1 + e^−|x|), out of operations that every backend has. */
function softplus(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.relu(x), tf.log(tf.add(tf.exp(tf.neg(tf.abs(x))), 1)))
}
