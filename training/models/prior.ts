// prior: what happened in training, how often, whoever is asked about. The baseline.
import { inputSpecs } from '../../features/encode.ts'
import { requireInput } from './family.ts'
import type { Family } from './family.ts'
import { linearHeads } from './heads.ts'

export const prior: Family = {
  name: 'prior',
  learningRate: 0,
  build(ops, inputs, { features, heads }) {
    const [spec] = inputSpecs(features)
    if (spec === undefined) throw new Error('A model needs one input at the least')
    const input = requireInput(inputs, spec.name)
    // Any input tells how many answers are wanted; times zero it tells no more than that.
    const counted = spec.shape.reduce(
      (sum) => ops.sum(sum, 1),
      spec.type === 'int32' ? ops.isPresent(input) : input,
    ) // [B]
    const zero = ops.reshape(ops.mul(counted, ops.constant([0], [1])), [-1, 1]) // [B, 1]
    return linearHeads(ops, zero, { width: 1, heads })
  },
}
