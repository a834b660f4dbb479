// pooled: embeddings averaged over time, beside the static features, through one dense layer.
import { trainingDefaults } from '../fit/settings.ts'
import { embedEvents } from './event-embedding.ts'
import { createGradientFamily } from './gradient-family.ts'
import { linearHeads } from './linear-heads.ts'
import { requireInput } from './model.ts'
import { byFactors, evenly, wholeByFactors } from './search-space.ts'
import { presentMean, staticVector } from './static-features.ts'

// B = batch, T = sequence length, D = width of an event, S = width of all that is known, H = hidden

const settings = {
  ...trainingDefaults,
  /** Width of an event's embedding. */
  eventWidth: 32,
  /** Widths of the embeddings of a category and of a text. */
  categoryWidth: 8,
  textWidth: 32,
  /** Units of the dense layer. */
  hiddenWidth: 128,
  /** Share of the mean event and of the dense layer's units that is dropped in training. */
  dropout: 0.3,
}

export const pooled = createGradientFamily({
  name: 'pooled',
  settings,
  space: {
    learningRate: byFactors({ from: 0.0003, to: 0.01 }),
    eventWidth: wholeByFactors({ from: 16, to: 64 }),
    hiddenWidth: wholeByFactors({ from: 32, to: 256 }),
    categoryWidth: wholeByFactors({ from: 4, to: 16 }),
    dropout: evenly({ from: 0, to: 0.5 }),
  },
  faster: 'wasm',
  build(ops, inputs, { features, heads, settings: sizes }) {
    const { eventWidth: D, hiddenWidth: H, dropout } = sizes
    const known = staticVector(ops, inputs, { features, widths: sizes })
    const parts = known === undefined ? [] : [known]
    if (features.sequenceLength > 0) {
      const events = embedEvents(ops, inputs, { features, width: D }) // [B, T, D]
      const ids = requireInput(inputs, 'types') // [B, T]
      const mean = presentMean(ops, events, { ids, shape: [features.sequenceLength] }) // [B, D]
      parts.push({ vector: ops.dropout(mean, dropout), width: D })
    }
    const S = parts.reduce((sum, part) => sum + part.width, 0)
    const all = ops.concat(
      parts.map((part) => part.vector),
      1,
    ) // [B, S]
    const weight = ops.parameter('dense/weight', {
      shape: [S, H],
      initial: { kind: 'normal', deviation: Math.sqrt(2 / S) },
    })
    const bias = ops.parameter('dense/bias', { shape: [H], initial: { kind: 'zeros' } })
    const hidden = ops.relu(ops.add(ops.linear(all, weight), bias)) // [B, H]
    return linearHeads(ops, ops.dropout(hidden, dropout), { width: H, heads })
  },
})
