// The losses of heads by kind, and what training makes small. Heads share it as skill: each head's loss is
// divided by what its prior's would be, so that no task drowns another for the unit it is counted in.
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

/** A head and what its loss is divided by. */
export interface LearnedHead {
  readonly head: Head
  readonly unit: number
}

/** A scalar: the mean over the heads of the loss of each in its unit; 1 at the prior. */
export function lossOf(
  learned: readonly LearnedHead[],
  { outputs, targets }: { readonly outputs: Readonly<Record<string, tf.Tensor>>; readonly targets: Targets },
): tf.Scalar {
  const losses = learned.map(({ head, unit }) => {
    const [output, wanted] = [outputs[head.task], targets[head.task]]
    if (output === undefined || wanted === undefined)
      throw new Error(`No output or target for '${head.task}'`)
    return tf.mul(batchLoss(head, { output, targets: wanted }), 1 / (unit * learned.length))
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
  const { row: lossOfRow } = kindOf(head)
  const width = headWidth(head)
  let sum = 0
  let known = 0
  for (const [row, target] of targets.entries()) {
    if (Number.isNaN(target)) continue
    sum += lossOfRow(head, output.subarray(row * width, (row + 1) * width), target)
    known += 1
  }
  return known === 0 ? undefined : sum / known
}

/** A head's own kind fits it; the compiler cannot follow that through the map. */
function kindOf(head: Head): LossKind<Head> {
  return lossKinds[head.kind] as LossKind<Head>
}
