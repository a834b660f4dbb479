// A uniform sample of a stream of unknown length (Vitter, "Random Sampling with a Reservoir", 1985,
// algorithm R): whatever the order of the stream, each of its values has the same chance to be kept.
import type { Random } from '../../features/random.ts'

export interface Reservoir<Value> {
  /** Offers the next value, which is made only where it is kept. */
  offer(make: () => Value): void
  readonly kept: readonly Value[]
}

export function createReservoir<Value>(sizeMax: number, random: Random): Reservoir<Value> {
  const kept: Value[] = []
  let offered = 0
  return {
    kept,
    offer(make) {
      const place = offered < sizeMax ? offered : random.integer(offered + 1)
      offered += 1
      if (place < sizeMax) kept[place] = make()
    },
  }
}
