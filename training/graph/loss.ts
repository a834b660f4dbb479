// The losses of heads by kind, and what training makes small: the heads' losses, each with a weight.
import * as tf from '@tensorflow/tfjs'
import type { Head } from '../../features/heads/head.ts'
import { headWidth } from '../../features/heads/kinds.ts'
import { amountLoss } from './amount-loss.ts'
import { classLoss } from './class-loss.ts'
import type { LossKind } from './loss-kind.ts'

type LossOf<Name extends Head['kind']> = LossKind<Extract<Head, { readonly kind: Name }>>

const lossKinds: { readonly [Name in Head['kind']]: LossOf<Name> } = {
  probability: classLoss,
  choice: classLoss,
  amount: amountLoss,
}

/** By task, [B]: the index of a class or an amount; NaN while unknown. */
export type Targets = Readonly<Record<string, Float32Array>>

/** A head and how much its loss counts. */
export interface LearnedHead {
  readonly head: Head
  readonly weight: number
}

/** A scalar: the weighted sum over the heads. */
export function lossOf(
  learned: readonly LearnedHead[],
  { outputs, targets }: { readonly outputs: Readonly<Record<string, tf.Tensor>>; readonly targets: Targets },
): tf.Scalar {
  const losses = learned.map(({ head, weight }) => {
    const [output, wanted] = [outputs[head.task], targets[head.task]]
    if (output === undefined || wanted === undefined)
      throw new Error(`No output or target for '${head.task}'`)
    return tf.mul(batchLoss(head, { output, targets: wanted }), weight)
  })
  return tf.addN(losses).asScalar()
}

/** The loss of training of one head over a batch. output [B, width] */
export function batchLoss(
  head: Head,
  { output, targets }: { readonly output: tf.Tensor; readonly targets: Float32Array },
): tf.Scalar {
  return kindOf(head).batch(output, head, targets)
}

/** The mean loss, without weights of training, over the known targets; undefined where there are none. */
export function meanLoss(
  head: Head,
  { output, targets }: { readonly output: Float32Array; readonly targets: Float32Array },
): number | undefined {
  const kind = kindOf(head)
  const width = headWidth(head)
  let sum = 0
  let known = 0
  for (const [row, target] of targets.entries()) {
    if (Number.isNaN(target)) continue
    sum += kind.row(head, output.subarray(row * width, (row + 1) * width), target)
    known += 1
  }
  return known === 0 ? undefined : sum / known
}

/** A head's own kind fits it; the compiler cannot follow that through the map. */
function kindOf(head: Head): LossKind<Head> {
  return lossKinds[head.kind]
}
