// What somebody's events were about: visits by the value of a category of their items, the commonest values each
// by itself. What is known of an item is what is known at the moment asked.
import type { Attributes } from './attributes.ts'
import { createCategoryEncoder, FIRST_VALUE } from './categories.ts'
import type { Event } from './event.ts'
import type { CategoryFeature } from './manifest.ts'

/** So many values of a category are counted at most, and so many numbers are made of all. */
const VALUES_MAX = 8
const NUMBERS_MAX = 64
/** Longer values would make names that nobody reads. */
const VALUE_LENGTH_MAX = 80

/** Tells which values the item of an event has: as places among all that are counted. */
export type ItemGroups = (event: Event) => readonly number[]

/** The values that are counted, as many of each category: a vocabulary has the commonest first. */
export function countedValues(
  categories: readonly CategoryFeature[],
  windowCount: number,
): readonly CategoryFeature[] {
  const room = Math.floor(NUMBERS_MAX / (windowCount * Math.max(1, categories.length)))
  const most = Math.min(VALUES_MAX, room)
  return categories.map((category) => ({
    ...category,
    values: category.values.filter((value) => value.length <= VALUE_LENGTH_MAX).slice(0, most),
  }))
}

/** Prepares the look-up of counted values; what is known of items is asked for once an item. */
export function createItemGroups(
  counted: readonly CategoryFeature[],
): (itemAttributes: (id: string) => Attributes) => ItemGroups {
  let first = 0
  const categories = counted.map((category) => {
    const own = { name: category.name, encode: createCategoryEncoder([category]), first }
    first += category.values.length
    return own
  })
  return (itemAttributes) => {
    const known = new Map<string, readonly number[]>()
    return ({ itemId }) => {
      if (itemId === undefined) return []
      const found = known.get(itemId)
      if (found !== undefined) return found
      const attributes = itemAttributes(itemId)
      const groups = categories.flatMap(({ name, encode, first: from }) => {
        const id = encode(0, attributes[name])
        return id < FIRST_VALUE ? [] : [from + id - FIRST_VALUE]
      })
      known.set(itemId, groups)
      return groups
    }
  }
}
