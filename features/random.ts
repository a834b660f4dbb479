// Seeded randomness, always passed in. The generator is xoshiro128** seeded through SplitMix32
// (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021).
import { hashText, mixBits } from './hash.ts'

export interface Random {
  /** Uniform in [0, 1), 32 bits of it. */
  next(): number
  /** Uniform among 0, 1, …, bound − 1. */
  integer(bound: number): number
  /** Standard normal. */
  normal(): number
  /** Exponential with this rate, so with mean 1 / rate. */
  exponential(rate: number): number
  /** An index, drawn in proportion to the weights, which need not sum to 1. */
  pick(weights: ArrayLike<number>): number
  /** An independent generator that depends on the seed and this label alone, not on what was drawn. */
  fork(label: string): Random
}

/** A generator that depends on the seed alone, whose lowest 32 bits count. */
export function createRandom(seed: number): Random {
  let [a, b, c, d] = seedState(seed >>> 0)

  function nextBits(): number {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return result
  }
  function next(): number {
    return nextBits() / 0x1_0000_0000
  }

  return {
    next,
    integer: (bound) => Math.floor(next() * bound),
    // Box–Muller; 1 − u keeps the logarithm's argument above zero.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    exponential: (rate) => -Math.log(1 - next()) / rate,
    pick: (weights) => pickIndex(weights, next()),
    fork: (label) => createRandom(hashText(`${seed >>> 0}/${label}`)),
  }
}

/** A copy of the values in random order (Fisher–Yates). */
export function shuffle<Value>(values: readonly Value[], random: Random): Value[] {
  const shuffled = [...values]
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random.integer(last + 1)
    const kept = shuffled[last] as Value
    shuffled[last] = shuffled[other] as Value
    shuffled[other] = kept
  }
  return shuffled
}

function pickIndex(weights: ArrayLike<number>, uniform: number): number {
  let total = 0
  for (let index = 0; index < weights.length; index += 1) total += weights[index] ?? 0
  let left = uniform * total
  for (let index = 0; index < weights.length - 1; index += 1) {
    left -= weights[index] ?? 0
    if (left < 0) return index
  }
  return weights.length - 1
}

function seedState(seed: number): [number, number, number, number] {
  let state = seed
  const mix = (): number => {
    state = (state + 0x9e3779b9) | 0
    return mixBits(state) | 0
  }
  return [mix(), mix(), mix(), mix()]
}

function rotateLeft(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by))
}
