// What histories tell by themselves: after every event, the type of the next one, the categories of its item and
// how long it took to come. A causal model is asked after all events of its window at once.
import * as tf from '@tensorflow/tfjs'
import { categoryIdCount, vocabularyIdCount } from '../../features/categories.ts'
import type { Features } from '../../features/manifest.ts'
import { GAP_ID_COUNT } from '../../features/sequence.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { weightedLogLoss } from '../graph/class-loss.ts'
import type { Ops } from '../graph/ops.ts'

// B = batch, T = sequence length, D = width of what is read, L = logits of all that is told

/** Item categories with more values than this are not told: their logits at all places would fill the memory. */
const VALUES_MAX = 256
/** Below this, in nats, there is nothing to tell. */
const ENTROPY_MIN = 1e-3

/** One thing to tell of the next event. */
interface Told {
  readonly width: number
  /** What came, as an index below the width, at a place of a row that is not the last one. */
  readonly idAt: (inputs: ExampleSet['inputs'], place: number) => number
}

/** Something to tell, how often what came true came, and how much its loss counts. */
interface Learned extends Told {
  readonly shares: readonly number[]
  readonly weight: number
}

export interface NextEvents {
  /** Whether anything varies. */
  readonly isAny: boolean
  /**
   * The mean over all events that have a next one, each thing in units of what its shares alone lose; 1 at the start.
   * Its own parameters are no part of the model.
   */
  lossOf(ops: Ops<tf.Tensor>, read: Read): tf.Scalar
}

interface Read {
  /** What the model has read after each event, [B, T, D]. */
  readonly read: tf.Tensor
  readonly batch: ExampleSet
}

interface NextEventsOptions {
  readonly features: Features
  /** What varies, and how, is learned from these. */
  readonly windows: ExampleSet
  /** D */
  readonly width: number
}

export function createNextEvents({ features, windows, width: D }: NextEventsOptions): NextEvents {
  const T = features.sequenceLength
  const learned = learnShares(toldOf(features), windows, T)
  const L = learned.reduce((sum, { width }) => sum + width, 0)
  const logShares = learned.flatMap(({ shares }) => shares.map(Math.log))
  return {
    isAny: learned.length > 0,
    lossOf(ops, { read, batch }) {
      const places = askedPlaces(batch, T)
      const weight = ops.parameter('next/weight', {
        shape: [D, L],
        initial: { kind: 'normal', deviation: 0.1 / Math.sqrt(D) },
      })
      const bias = ops.parameter('next/bias', {
        shape: [L],
        initial: { kind: 'values', values: logShares },
      })
      const all = tf.reshape(read, [-1, D])
      const asked = tf.gather(all, tf.tensor1d(places, 'int32'))
      const logits = ops.add(ops.linear(asked, weight), bias) // [places, L]
      let from = 0
      const losses = learned.map(({ width, idAt, weight: counts }) => {
        const wanted = new Float32Array(places.length * width)
        for (const [row, place] of places.entries()) {
          wanted[row * width + idAt(batch.inputs, place)] = counts / places.length
        }
        const own = tf.slice(logits, [0, from], [-1, width])
        from += width
        return weightedLogLoss(own, tf.tensor2d(wanted, [places.length, width]))
      })
      return tf.addN(losses).asScalar()
    },
  }
}

function toldOf({ sequenceLength: T, eventTypes, itemCategories }: Features): Told[] {
  let from = 0
  const K = itemCategories.length
  const categories = itemCategories.map((feature, index) => {
    const [first, width] = [from, categoryIdCount([feature])]
    from += width
    const idAt: Told['idAt'] = ({ itemCategories: ids }, place) =>
      (ids?.[(place + 1) * K + index] ?? first) - first
    return { width, idAt }
  })
  return [
    { width: vocabularyIdCount(eventTypes.length), idAt: ({ types }, place) => types?.[place + 1] ?? 0 },
    { width: GAP_ID_COUNT, idAt: ({ gaps }, place) => gaps?.[place] ?? 0 },
    ...(T > 0 ? categories.filter(({ width }) => width <= VALUES_MAX) : []),
  ]
}

/** The places of events that are followed by another, as indices of [B · T]. */
function askedPlaces({ count, inputs }: ExampleSet, T: number): number[] {
  const { types } = inputs
  const places = Array.from({ length: count * T }, (_, place) => place)
  return places.filter((place) => place % T < T - 1 && types?.[place] !== 0)
}

/** Without what is always the same. */
function learnShares(told: readonly Told[], windows: ExampleSet, T: number): Learned[] {
  const places = askedPlaces(windows, T)
  const counted = told.map((one) => {
    // Once each beforehand: what came never here may come elsewhere.
    const counts = new Float64Array(one.width).fill(1)
    for (const place of places) {
      const id = one.idAt(windows.inputs, place)
      counts[id] = (counts[id] ?? 0) + 1
    }
    const shares = Array.from(counts, (count) => count / (places.length + one.width))
    return { ...one, shares, entropy: -shares.reduce((sum, share) => sum + share * Math.log(share), 0) }
  })
  const varying = counted.filter(({ entropy }) => entropy > ENTROPY_MIN)
  return varying.map(({ entropy, ...one }) => ({ ...one, weight: 1 / (entropy * varying.length) }))
}
