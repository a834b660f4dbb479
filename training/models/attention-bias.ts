// What attention adds to its logits by when events happened and in which order: a learned number for each
// head and each doubling of the time between two events, and one for how many places lie between them.
// Where a place may not look, at what comes later and at padding, so much is taken off that it does not count.
// Reference: Zhai et al., "Actions Speak Louder than Words" (HSTU), 2024; buckets by Raffel et al. (T5), 2020.
// NOTE: times are made of the gaps, each of which is known to within a doubling, so that encode gives nothing more;
// of lines that share a moment each counts the gap that follows, as each has it.
import { GAP_ID_COUNT } from '../../features/sequence.ts'
import type { Ops } from '../graph/ops.ts'
import { requireInput } from './model.ts'
import type { Inputs } from './model.ts'

// B = batch, T = sequence length, Q = places asked for (T, or 1 for the latest), A = attention heads

/** Added to a logit that must not count. Finite, so that a row of padding alone stays a number. */
const MASKED = -1e9
/** Seconds that each gap id stands for: none below the first bound, else the middle of a doubling. */
const GAP_SECONDS = Array.from({ length: GAP_ID_COUNT }, (_, id) => (id < 2 ? 0 : 1.5 * 2 ** (id - 2)))
/** Longer ago than anything: where there is no event. */
const NEVER_SECONDS = 1.5 * 2 ** 40
/** Times are looked up by the doublings of 3 + 8 · seconds: sums of gaps never lie at a bound of these. */
const [NEAREST, SCALE] = [3, 8]
/** Doublings that times of events reach; beyond are those of padding. */
const TIME_ID_COUNT = 43

export interface AttentionBias<T> {
  /** Of a block in which every place asks, right after its event. [B, A, T, T] */
  ofAll(block: string): T
  /** Of a block in which the latest place alone asks, at the moment that is asked about. [B, A, 1, T] */
  ofLatest(block: string): T
}

interface BiasOptions {
  readonly length: number
  readonly heads: number
  /** Whether times count; else places alone. */
  readonly byTime: boolean
}

export function createAttentionBias<T>(
  ops: Ops<T>,
  inputs: Inputs<T>,
  { length, heads, byTime }: BiasOptions,
): AttentionBias<T> {
  const pairs = (valueOf: (asks: number, seen: number) => number): number[] =>
    Array.from({ length: length ** 2 }, (_, pair) => valueOf(Math.floor(pair / length), pair % length))
  const square = [1, length, length]
  const seconds = gapSeconds() // [B, 1, T]
  // From a place on: the sum of the gaps that follow.
  const following = ops.constant(
    pairs((gap, seen) => (gap >= seen ? 1 : 0)),
    [length, length],
  )
  const later = pairs((asks, seen) => (seen > asks ? MASKED : 0))

  /** Of every event the time until the next one, until the moment asked about of the latest. */
  function gapSeconds(): T {
    const gaps = ops.gather(ops.constant(GAP_SECONDS, [GAP_ID_COUNT, 1]), requireInput(inputs, 'gaps'))
    const present = ops.isPresent(requireInput(inputs, 'types')) // [B, T]
    const absent = ops.add(ops.mul(present, ops.constant([-1], [1])), ops.constant([1], [1]))
    const never = ops.mul(absent, ops.constant([NEVER_SECONDS], [1]))
    return ops.add(ops.reshape(gaps, [-1, 1, length]), ops.reshape(never, [-1, 1, length]))
  }
  /** Seconds [B, Q, T] as numbers of the heads, [B, A, Q, T]. */
  function ofTimes(elapsed: T, block: string): T {
    const ids = ops.doublings(
      ops.add(ops.mul(elapsed, ops.constant([SCALE], [1])), ops.constant([NEAREST], [1])),
    )
    const shape = [TIME_ID_COUNT, heads]
    const times = byTime
      ? ops.parameter(`${block}/times`, { shape, initial: { kind: 'zeros' } })
      : ops.constant(zeros(TIME_ID_COUNT * heads), shape)
    const neverCount = Math.ceil(Math.log2(length + 1)) + 1
    const never = ops.constant(
      zeros(neverCount * heads).map(() => MASKED),
      [neverCount, heads],
    )
    return ops.transpose(ops.gather(ops.concat([times, never], 0), ids), [0, 3, 1, 2])
  }
  /** By how many places lie between. [1, A, T, T] */
  function ofPlaces(block: string): T {
    const table = ops.parameter(`${block}/places`, { shape: [length, heads], initial: { kind: 'zeros' } })
    const between = ops.ids(
      pairs((asks, seen) => Math.max(0, asks - seen)),
      [length, length],
    )
    const places = ops.transpose(ops.gather(table, between), [2, 0, 1]) // [A, T, T]
    return ops.reshape(ops.add(places, ops.constant(later, square)), [1, heads, length, length])
  }

  return {
    ofAll(block) {
      const before = ops.constant(
        pairs((asks, gap) => (gap < asks ? 1 : 0)),
        square,
      )
      const elapsed = ops.linear(ops.mul(seconds, before), following) // [B, T, T]
      return ops.add(ofTimes(elapsed, block), ofPlaces(block))
    },
    ofLatest(block) {
      const elapsed = ops.linear(seconds, following) // [B, 1, T]
      const places = ops.slice(ofPlaces(block), { axis: 2, from: length - 1, to: length }) // [1, A, 1, T]
      return ops.add(ofTimes(elapsed, block), places)
    },
  }
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0)
}
