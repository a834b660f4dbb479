// Several models that share most of their weights answer as one: by the mean of what each says.
import type { Head } from '../../features/heads/head.ts'
import { headWidth } from '../../features/heads/kinds.ts'
import type { Ops } from '../graph/ops.ts'
import type { Logits } from './model.ts'

// B = batch, M = members, K = width of a head

/** Keeps logarithms of means finite. */
const PROBABILITY_MIN = 1e-9

interface Mixed {
  readonly heads: readonly Head[]
  readonly members: number
}

/** Of classes the mean probability, as logits; of amounts the mean output. [B · M, K] gives [B, K]. */
export function meanOfMembers<T>(ops: Ops<T>, outputs: Logits<T>, { heads, members }: Mixed): Logits<T> {
  const share = ops.constant([1 / members], [1])
  return Object.fromEntries(
    heads.map((head) => {
      const output = outputs[head.task]
      if (output === undefined) throw new Error(`No output for '${head.task}'`)
      const each = ops.reshape(output, [-1, members, headWidth(head)]) // [B, M, K]
      const meanOf = (x: T): T => ops.mul(ops.sum(x, 1), share) // [B, K]
      if (head.kind === 'amount') return [head.task, meanOf(each)]
      const probability = ops.add(meanOf(ops.softmax(each)), ops.constant([PROBABILITY_MIN], [1]))
      return [head.task, ops.log(probability)]
    }),
  )
}

/** By task, [B], each target once a member: [B · M]. */
export function repeatTargets(
  targets: Readonly<Record<string, Float32Array>>,
  members: number,
): Readonly<Record<string, Float32Array>> {
  if (members === 1) return targets
  return Object.fromEntries(
    Object.entries(targets).map(([task, values]) => {
      const repeated = new Float32Array(values.length * members)
      for (const [row, value] of values.entries()) repeated.fill(value, row * members, (row + 1) * members)
      return [task, repeated]
    }),
  )
}
