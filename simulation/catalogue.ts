// The items of a simulation, and which of them a user of some taste chooses: popularity, which falls
// with the number in the item's id, times the appeal of its attributes, among those on offer.
import type { Attributes, Versions } from '../features/attributes.ts'
import type { Random } from '../features/random.ts'
import type { Simulator } from './domain.ts'

export interface SimulatedItem {
  readonly id: string
  readonly versions: Versions
  /** It is chosen from this moment on, Unix milliseconds, … */
  readonly fromMs: number
  /** … and before this one. Nothing hinders an event about an item that was chosen before. */
  readonly untilMs: number
}

export interface Choice {
  readonly taste: string
  readonly atMs: number
}

export interface Catalogue {
  /** Draws an item for a user of this taste. Throws when nothing is on offer. */
  choose(choice: Choice, random: Random): { readonly id: string; readonly attributes: Attributes }
  /** Attributes of an item, which never change; none of one that there is not. */
  attributesOf(id: string): Attributes
}

const ID_PREFIX = 'item-'

export function itemId(index: number): string {
  return ID_PREFIX + String(index + 1).padStart(4, '0')
}

/** Prepares the choice; the weights of a taste at some stand of the offer are computed when first met. */
export function createCatalogue(simulator: Simulator, items: readonly SimulatedItem[]): Catalogue {
  const shelf = items.map(({ id, versions, fromMs, untilMs }) => ({
    item: { id, attributes: versions.at(-1)?.attributes ?? {} },
    popularity: 1 / (Number(id.slice(ID_PREFIX.length)) + 4) ** 0.8,
    fromMs,
    untilMs,
  }))
  const attributesById = new Map(shelf.map(({ item }) => [item.id, item.attributes]))
  /** The moments when the offer changes, rising. */
  const turnsMs = Float64Array.from(
    [...new Set(shelf.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]))].toSorted((a, b) => a - b),
  )
  const cumulativeOf = new Map<string, Float64Array>()

  function cumulative({ taste, atMs }: Choice): Float64Array {
    const key = `${countUpTo(turnsMs, atMs)} ${taste}`
    const known = cumulativeOf.get(key)
    if (known !== undefined) return known
    let sum = 0
    const rising = Float64Array.from(shelf, ({ item, popularity, fromMs, untilMs }) => {
      const isOffered = fromMs <= atMs && atMs < untilMs
      sum += isOffered ? simulator.appeal(taste, item.attributes) * popularity : 0
      return sum
    })
    cumulativeOf.set(key, rising)
    return rising
  }

  return {
    choose(choice, random) {
      const rising = cumulative(choice)
      const chosen = shelf[countUpTo(rising, random.next() * (rising.at(-1) ?? 0))]
      if (chosen === undefined) throw new Error('Expected one item or more on offer, got none')
      return chosen.item
    },
    attributesOf: (id) => attributesById.get(id) ?? {},
  }
}

/** How many of the rising values are at most this one, by bisection. */
function countUpTo(rising: Float64Array, value: number): number {
  let [low, high] = [0, rising.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rising[middle] ?? Infinity) <= value) low = middle + 1
    else high = middle
  }
  return low
}
