// What is learned of attributes: which values a category has, and how numbers are spread.
import type { Attributes } from '../../features/attributes.ts'
import type { AttributeNumber, AttributeOrigin } from '../../features/manifest.ts'
import type { Attribute } from '../../features/project.ts'
import type { Random } from '../../features/random.ts'
import { spellCategory } from '../../features/spelling.ts'
import { countValue } from './count-values.ts'
import { FEATURE_SIZES } from './feature-sizes.ts'
import { createReservoir } from './reservoir.ts'
import { momentsOf, quantileBoundaries } from './statistics.ts'

export interface CountedCategory {
  readonly name: string
  readonly counts: ReadonlyMap<string, number>
}

export interface AttributeStatistics {
  /** Whatever was known of one user: a value counts once. */
  countValues(ofUser: readonly Attributes[]): void
  /** One more observation of the numbers. */
  seeNumbers(attributes: Attributes): void
  /** How many users know each value of each category. */
  readonly categories: readonly CountedCategory[]
  numbers(origin: AttributeOrigin): AttributeNumber[]
}

/** Counts the values of categories and samples numbers, of these attributes. */
export function createAttributeStatistics(
  declared: Readonly<Record<string, Attribute>>,
  random: Random,
): AttributeStatistics {
  const namesOf = (kind: Attribute['kind']): string[] =>
    Object.keys(declared).filter((name) => declared[name]?.kind === kind)
  const categories = namesOf('category').map((name) => ({ name, counts: new Map<string, number>() }))
  const numbers = namesOf('number').map((name) => ({
    name,
    sample: createReservoir<number>(FEATURE_SIZES.valuesMax, random.fork(name)),
  }))
  return {
    countValues(ofUser) {
      for (const { name, counts } of categories) {
        const values = new Set<string>()
        for (const { [name]: value } of ofUser) if (isPresent(value)) values.add(spellCategory(value))
        for (const value of values) countValue(counts, value)
      }
    },
    seeNumbers(attributes) {
      for (const { name, sample } of numbers) {
        const value = attributes[name]
        if (typeof value === 'number') sample.offer(() => value)
      }
    },
    categories,
    numbers: (origin) =>
      numbers.map(({ name, sample }) => ({
        name,
        origin,
        ...momentsOf(sample.kept),
        boundaries: quantileBoundaries(sample.kept, FEATURE_SIZES.numberIntervals),
      })),
  }
}

function isPresent(value: Attributes[string] | undefined): value is string | number {
  return value !== null && value !== undefined && String(value).trim() !== ''
}
