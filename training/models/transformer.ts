// transformer: causal self-attention over the history, read out at the latest event, beside the static
// features, through one dense layer to a head a task.
// Reference: Kang and McAuley, "Self-Attentive Sequential Recommendation", 2018.
// NOTE: only the latest place is read out, so the last block computes that place alone; attention to
// later places never arises there, and the blocks before it are masked.
import type { Ops } from '../graph/ops.ts'
import { trainingDefaults } from '../fit/settings.ts'
import { embedEvents } from './event-embedding.ts'
import { createGradientFamily } from './gradient-family.ts'
import { linearHeads } from './linear-heads.ts'
import { requireInput } from './model.ts'
import { staticVector } from './static-features.ts'

// B = batch, T = sequence length, Q = places asked for (T, or 1 in the last block), D = width,
// A = attention heads, P = D / A, F = feed-forward width, S = width of all that is known, H = hidden

/** Added to a logit that must not count. Finite, so that a row of padding alone stays a number. */
const MASKED = -1e9

const settings = {
  ...trainingDefaults,
  /** Width of the residual stream. */
  streamWidth: 64,
  attentionHeads: 2,
  feedForwardWidth: 128,
  /** Blocks, the last of which computes the latest place only. */
  blocks: 2,
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
  faster: 'native',
  build(ops, inputs, shape) {
    const { features, heads, settings: sizes } = shape
    const { streamWidth: D, hiddenWidth: H, dropout } = sizes
    const known = staticVector(ops, inputs, { features, widths: sizes })
    const parts = known === undefined ? [] : [known]
    const T = features.sequenceLength
    if (T > 0) parts.push({ vector: readOut(T), width: D })
    const S = parts.reduce((sum, part) => sum + part.width, 0)
    const all = ops.concat(
      parts.map((part) => part.vector),
      1,
    ) // [B, S]
    const hidden = ops.relu(dense(ops, all, { name: 'dense', from: S, to: H })) // [B, H]
    return linearHeads(ops, ops.dropout(hidden, dropout), { width: H, heads })

    /** The latest place of the last block; zeros where there is no event at all. */
    function readOut(length: number): typeof all {
      const present = ops.isPresent(requireInput(inputs, 'types')) // [B, T]
      const positions = ops.parameter('positions', {
        shape: [length, D],
        initial: { kind: 'normal', deviation: 0.1 },
      })
      const placed = ops.add(embedEvents(ops, inputs, { features, width: D }), positions)
      let x = ops.dropout(placed, dropout) // [B, T, D]
      const mask = attentionMask(ops, present, length) // [B, 1, T, T]
      for (let block = 0; block < sizes.blocks; block += 1) {
        const latestOnly = block === sizes.blocks - 1
        x = transformerBlock(ops, x, { name: `block${block}`, mask, length, latestOnly, sizes })
      }
      const latest = ops.reshape(layerNorm(ops, x, { name: 'readout', width: D }), [-1, D]) // [B, D]
      const isAny = ops.slice(present, { axis: 1, from: length - 1, to: length }) // [B, 1]
      return ops.mul(latest, isAny)
    }
  },
})

interface BlockOptions<T> {
  readonly name: string
  readonly mask: T // [B, 1, T, T]
  readonly length: number
  readonly latestOnly: boolean
  readonly sizes: typeof settings
}

/** x + attention(norm(x)), then x + feedForward(norm(x)). [B, T, D] gives [B, Q, D]. */
function transformerBlock<T>(ops: Ops<T>, x: T, options: BlockOptions<T>): T {
  const { name, mask, length, latestOnly, sizes } = options
  const { streamWidth: D, attentionHeads: A, feedForwardWidth: F, dropout } = sizes
  const P = D / A
  const latest = { from: length - 1, to: length }
  const Q = latestOnly ? 1 : length
  const normal = layerNorm(ops, x, { name: `${name}/attention`, width: D })
  const asked = latestOnly ? ops.slice(normal, { axis: 1, ...latest }) : normal // [B, Q, D]
  const stream = latestOnly ? ops.slice(x, { axis: 1, ...latest }) : x // [B, Q, D]
  const rows = latestOnly ? ops.slice(mask, { axis: 2, ...latest }) : mask // [B, 1, Q, T]

  const split = (part: T, places: number, order: readonly number[]): T =>
    ops.transpose(ops.reshape(part, [-1, places, A, P]), order)
  const project = (part: T, role: string): T => dense(ops, part, { name: `${name}/${role}`, from: D, to: D })
  const query = split(project(asked, 'query'), Q, [0, 2, 1, 3]) // [B, A, Q, P]
  const key = split(project(normal, 'key'), length, [0, 2, 3, 1]) // [B, A, P, T]
  const value = split(project(normal, 'value'), length, [0, 2, 1, 3]) // [B, A, T, P]
  const scaled = ops.mul(ops.matMul(query, key), ops.constant([1 / Math.sqrt(P)], [1])) // [B, A, Q, T]
  const weights = ops.softmax(ops.add(scaled, rows)) // [B, A, Q, T]
  const mixed = ops.transpose(ops.matMul(weights, value), [0, 2, 1, 3]) // [B, Q, A, P]
  const branch = project(ops.reshape(mixed, [-1, Q, D]), 'output')
  const attended = ops.add(stream, ops.dropout(branch, dropout)) // [B, Q, D]

  const inner = layerNorm(ops, attended, { name: `${name}/feedForward`, width: D })
  const widened = ops.relu(dense(ops, inner, { name: `${name}/widen`, from: D, to: F })) // [B, Q, F]
  const narrowed = dense(ops, widened, { name: `${name}/narrow`, from: F, to: D })
  return ops.add(attended, ops.dropout(narrowed, dropout))
}

/** 0 where a place may look, MASKED at later places and at padding. */
function attentionMask<T>(ops: Ops<T>, present: T, length: number): T {
  const later = Array.from({ length: length * length }, (_, place) =>
    place % length > Math.floor(place / length) ? MASKED : 0,
  )
  const isPadding = ops.add(ops.mul(present, ops.constant([-1], [1])), ops.constant([1], [1])) // [B, T]
  const padding = ops.mul(isPadding, ops.constant([MASKED], [1]))
  return ops.add(ops.reshape(padding, [-1, 1, 1, length]), ops.constant(later, [1, 1, length, length]))
}

function layerNorm<T>(
  ops: Ops<T>,
  x: T,
  { name, width }: { readonly name: string; readonly width: number },
): T {
  return ops.layerNorm(x, {
    gain: ops.parameter(`${name}/gain`, { shape: [width], initial: { kind: 'ones' } }),
    bias: ops.parameter(`${name}/shift`, { shape: [width], initial: { kind: 'zeros' } }),
  })
}

function dense<T>(
  ops: Ops<T>,
  x: T,
  { name, from, to }: { readonly name: string; readonly from: number; readonly to: number },
): T {
  const weight = ops.parameter(`${name}/weight`, {
    shape: [from, to],
    initial: { kind: 'normal', deviation: 1 / Math.sqrt(from) },
  })
  const bias = ops.parameter(`${name}/bias`, { shape: [to], initial: { kind: 'zeros' } })
  return ops.add(ops.linear(x, weight), bias)
}
