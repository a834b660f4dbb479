// tabular: a small ensemble of networks with shared weights over all that is known beside the sequence, in one
// pass (Gorishniy, Kotelnikov and Babenko, "TabM", 2024). Each member sees the inputs by scales of its own and
// has its own last layer; what is between they share.
import { trainingDefaults } from '../fit/settings.ts'
import { createGradientFamily } from './gradient-family.ts'
import { logitCount, splitHeads } from './linear-heads.ts'
import { priorOutputs } from './prior-outputs.ts'
import { byFactors, evenly, wholeByFactors } from './search-space.ts'
import { staticVector } from './static-features.ts'

// B = batch, M = members, S = width of all that is known, H = hidden, L = logits of all heads

const settings = {
  ...trainingDefaults,
  members: 16,
  /** Widths of the embeddings of a category and of a text. */
  categoryWidth: 8,
  textWidth: 32,
  /** Units of each of the two layers. */
  hiddenWidth: 128,
  /** Share of the units that is dropped in training. */
  dropout: 0.1,
}

export const tabular = createGradientFamily({
  name: 'tabular',
  settings,
  space: {
    learningRate: byFactors({ from: 0.0003, to: 0.01 }),
    hiddenWidth: wholeByFactors({ from: 32, to: 256 }),
    categoryWidth: wholeByFactors({ from: 4, to: 16 }),
    dropout: evenly({ from: 0, to: 0.5 }),
  },
  faster: 'wasm',
  members: ({ members }) => members,
  build(ops, inputs, { features, heads, settings: sizes }) {
    const { members: M, hiddenWidth: H, dropout } = sizes
    const known = staticVector(ops, inputs, { features, widths: sizes })
    if (known === undefined) throw new Error('The family needs a number, a category or a text')
    const { width: S } = known
    const scale = ops.parameter('members/scale', { shape: [1, M, S], initial: { kind: 'signs' } })
    let hidden = ops.mul(ops.reshape(known.vector, [-1, 1, S]), scale) // [B, M, S]
    for (const [layer, width] of [S, H].entries()) {
      const weight = ops.parameter(`layer${layer}/weight`, {
        shape: [width, H],
        initial: { kind: 'normal', deviation: Math.sqrt(2 / width) },
      })
      const bias = ops.parameter(`layer${layer}/bias`, { shape: [H], initial: { kind: 'zeros' } })
      hidden = ops.dropout(ops.relu(ops.add(ops.linear(hidden, weight), bias)), dropout) // [B, M, H]
    }
    const L = logitCount(heads)
    const weight = ops.parameter('heads/weight', {
      shape: [M, H, L],
      initial: { kind: 'normal', deviation: 0.1 / Math.sqrt(H) },
    })
    const start = heads.flatMap(priorOutputs)
    const bias = ops.parameter('heads/bias', {
      shape: [M, L],
      initial: { kind: 'values', values: Array.from({ length: M }, () => start).flat() },
    })
    const byMember = ops.matMul(ops.transpose(hidden, [1, 0, 2]), weight) // [M, B, L]
    const logits = ops.add(ops.transpose(byMember, [1, 0, 2]), bias) // [B, M, L]
    return splitHeads(ops, ops.reshape(logits, [-1, L]), heads)
  },
})
