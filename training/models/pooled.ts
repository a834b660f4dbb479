// pooled: embeddings averaged over time, beside the static features, through one dense layer.
import type { Family } from './family.ts'
import { requireInput } from './family.ts'
import { embedEvents } from './event-embedding.ts'
import { linearHeads } from './heads.ts'
import { presentMean, staticVector } from './static-features.ts'

// B = batch, T = sequence length, D = width of an event, S = width of all that is known, H = hidden

/** Width of an event's embedding. */
const D = 32
/** Units of the dense layer. */
const H = 128
/** Share of the mean event and of the dense layer's units that is dropped in training. */
const DROPOUT = 0.3

export const pooled: Family = {
  name: 'pooled',
  learningRate: 0.001,
  build(ops, inputs, { features, heads }) {
    const known = staticVector(ops, inputs, { features, widths: { category: 8, text: 32 } })
    const parts = known === undefined ? [] : [known]
    if (features.sequenceLength > 0) {
      const events = embedEvents(ops, inputs, { features, width: D }) // [B, T, D]
      const ids = requireInput(inputs, 'types') // [B, T]
      const mean = presentMean(ops, events, { ids, shape: [features.sequenceLength] }) // [B, D]
      parts.push({ vector: ops.dropout(mean, DROPOUT), width: D })
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
    return linearHeads(ops, ops.dropout(hidden, DROPOUT), { width: H, heads })
  },
}
