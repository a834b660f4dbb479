// transformer: causal self-attention over the history, by what happened and by when, read out at the latest
// event, beside the static features, through one dense layer to a head a task.
// Reference: Kang and McAuley, "Self-Attentive Sequential Recommendation", 2018.
// NOTE: only the latest place is read out, so the last block computes that place alone; attention to
// later places never arises there, and the blocks before it are masked. Places have no embeddings of their own:
// how far apart two are, in time and in events, is added to their attention.
import type { Features } from '../../features/manifest.ts'
import { GAP_ID_COUNT } from '../../features/sequence.ts'
import type { Ops } from '../graph/ops.ts'
import { trainingDefaults } from '../fit/settings.ts'
import { createAttentionBias } from './attention-bias.ts'
import { embedEvents } from './event-embedding.ts'
import { createGradientFamily } from './gradient-family.ts'
import { linearHeads } from './linear-heads.ts'
import { requireInput } from './model.ts'
import type { Inputs } from './model.ts'
import { byFactors, evenly, oneOf, wholeByFactors } from './search-space.ts'
import { staticVector } from './static-features.ts'
import type { StaticVector } from './static-features.ts'
import { dense, layerNorm, transformerBlock } from './transformer-block.ts'

// B = batch, T = sequence length, Q = places asked for (T, or 1 in the last block), D = width,
// A = attention heads, S = width of all that is known, H = hidden

const settings = {
  ...trainingDefaults,
  /** Width of the residual stream. */
  streamWidth: 64,
  attentionHeads: 2,
  feedForwardWidth: 128,
  /** Blocks, the last of which computes the latest place only. */
  blocks: 2,
  /** Whether attention goes by the time between events, beside their order. */
  timeBias: true,
  /** How often all histories are seen, at most, in learning every next event before the tasks; 0 for no such start. */
  startEpochsMax: 30,
  /** Widths of the embeddings of a category and of a text. */
  categoryWidth: 8,
  textWidth: 32,
  /** Units of the dense layer after the read-out. */
  hiddenWidth: 128,
  /** Share of the embeddings, of each branch and of the dense layer's units that is dropped in training. */
  dropout: 0.3,
}

export const transformer = createGradientFamily({
  name: 'transformer',
  settings,
  space: {
    learningRate: byFactors({ from: 0.0003, to: 0.005 }),
    streamWidth: oneOf([32, 48, 64, 96]),
    blocks: oneOf([1, 2, 3]),
    hiddenWidth: wholeByFactors({ from: 32, to: 256 }),
    dropout: evenly({ from: 0, to: 0.5 }),
  },
  faster: 'native',
  reader: (sizes) => ({
    read: (ops, inputs, { features }) => readHistory(ops, inputs, { features, sizes, asks: 'all' }),
    width: sizes.streamWidth,
    epochsMax: sizes.startEpochsMax,
  }),
  build(ops, inputs, shape) {
    const { features, heads, settings: sizes } = shape
    const { streamWidth: D, hiddenWidth: H, dropout } = sizes
    const known = staticVector(ops, inputs, { features, widths: sizes })
    const parts = known === undefined ? [] : [known]
    if (features.sequenceLength > 0) parts.push(readOut(), waited())
    const S = parts.reduce((sum, part) => sum + part.width, 0)
    const all = ops.concat(
      parts.map((part) => part.vector),
      1,
    ) // [B, S]
    const hidden = ops.relu(dense(ops, all, { name: 'dense', from: S, to: H })) // [B, H]
    return linearHeads(ops, ops.dropout(hidden, dropout), { width: H, heads })

    /** The latest place of the last block; zeros where there is no event at all. */
    function readOut(): StaticVector<typeof all> {
      const read = readHistory(ops, inputs, { features, sizes, asks: 'latest' }) // [B, 1, D]
      const isAny = ops.isPresent(latest(ops, inputs, { features, name: 'types' })) // [B, 1]
      return { vector: ops.mul(ops.reshape(read, [-1, D]), isAny), width: D }
    }
    /** How long nothing has happened since the latest event. */
    function waited(): StaticVector<typeof all> {
      const width = sizes.categoryWidth
      const table = ops.parameter('waited', {
        shape: [GAP_ID_COUNT, width],
        initial: { kind: 'normal', deviation: 0.1 },
      })
      const embedded = ops.gather(table, latest(ops, inputs, { features, name: 'gaps' })) // [B, 1, width]
      return { vector: ops.reshape(embedded, [-1, width]), width }
    }
  },
})

interface Reading {
  readonly features: Features
  readonly sizes: typeof settings
  /** Whether what is known is read after every event, or after the latest alone. */
  readonly asks: 'all' | 'latest'
}

/** What the events up to each place say together, at the moment of its event. [B, Q, D] */
function readHistory<T>(ops: Ops<T>, inputs: Inputs<T>, { features, sizes, asks }: Reading): T {
  const { streamWidth: D, attentionHeads: A, blocks, dropout, timeBias: byTime } = sizes
  const { sequenceLength: length } = features
  const bias = createAttentionBias(ops, inputs, { length, heads: A, byTime })
  // With the time since the event before it: that until the next one is not known yet.
  const since = ops.placeBefore(requireInput(inputs, 'gaps')) // [B, T]
  let x = ops.dropout(embedEvents(ops, { ...inputs, gaps: since }, { features, width: D }), dropout) // [B, T, D]
  for (let block = 0; block < blocks; block += 1) {
    const name = `block${block}`
    const asked = asks === 'latest' && block === blocks - 1 ? 'latest' : 'all'
    const added = asked === 'latest' ? bias.ofLatest(name) : bias.ofAll(name)
    x = transformerBlock(ops, x, { name, bias: added, length, asks: asked, sizes })
  }
  return layerNorm(ops, x, { name: 'readout', width: D })
}

/** Of an input [B, T] the latest place, [B, 1]. */
function latest<T>(
  ops: Ops<T>,
  inputs: Inputs<T>,
  { features, name }: { readonly features: Features; readonly name: string },
): T {
  const { sequenceLength: to } = features
  return ops.slice(requireInput(inputs, name), { axis: 1, from: to - 1, to })
}
