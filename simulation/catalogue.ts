// The items of a simulation, and which of them a user of some taste chooses: popularity, which falls
// with the number in the item's id, times the appeal of its attributes.
import type { Attributes } from '../features/event.ts'
import type { Random } from '../features/random.ts'
import type { Simulator } from './domain.ts'

export interface SimulatedItem {
  readonly id: string
  readonly attributes: Attributes
}

export interface Catalogue {
  /** Draws an item for a user of this taste. */
  choose(taste: string, random: Random): SimulatedItem
  attributesOf(id: string): Attributes
}

const ID_PREFIX = 'item-'

/** Draws the items; `random` decides their attributes. */
export function drawItems(simulator: Simulator, random: Random): SimulatedItem[] {
  return Array.from({ length: simulator.itemCount }, (_, index) => ({
    id: ID_PREFIX + String(index + 1).padStart(4, '0'),
    attributes: simulator.drawItem(random.fork(`item/${index}`)),
  }))
}

/** Prepares the choice; weights of a taste are computed when it is first met. */
export function createCatalogue(
  simulator: Simulator,
  attributesById: ReadonlyMap<string, Attributes>,
): Catalogue {
  const items = [...attributesById]
    .map(([id, attributes]) => ({ id, attributes, rank: Number(id.slice(ID_PREFIX.length)) }))
    .toSorted((left, right) => left.rank - right.rank)
  const cumulativeByTaste = new Map<string, Float64Array>()

  function cumulativeOf(taste: string): Float64Array {
    const known = cumulativeByTaste.get(taste)
    if (known !== undefined) return known
    let sum = 0
    const cumulative = Float64Array.from(items, ({ attributes, rank }) => {
      sum += simulator.appeal(taste, attributes) / (rank + 4) ** 0.8
      return sum
    })
    cumulativeByTaste.set(taste, cumulative)
    return cumulative
  }

  return {
    choose(taste, random) {
      const cumulative = cumulativeOf(taste)
      const item = items[firstAbove(cumulative, random.next() * (cumulative.at(-1) ?? 0))]
      if (item === undefined) throw new Error('Expected a catalogue of one item or more, got none')
      return item
    },
    attributesOf: (id) => attributesById.get(id) ?? {},
  }
}

/** The first place of rising values that lies above the value, by bisection; the last place at most. */
function firstAbove(rising: Float64Array, value: number): number {
  let low = 0
  let high = rising.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rising[middle] ?? 0) > value) high = middle
    else low = middle + 1
  }
  return low
}
